"""Go's text/template: lexer, parser, and closures that are built once for each source."""
