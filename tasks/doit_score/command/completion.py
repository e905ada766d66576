"""Scripts with which shells complete the command line, made from the tables of verbs and options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from doit_score.command.verbs import VERBS, below
from doit_score.options import SHELLS, Option, options_of
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple, TypeAlias

# What fits in place of a value, by what stands for it in the help; some options say themselves which words.
_KINDS = {
    "COMMAND": "commands",
    "DIR": "directories",
    "ENV": "environments",
    "FILE": "files",
    "FILE|TYPE": "files",
    "NAME": "names",
    "SCORE_FILE": "files",
    "TOPIC": "topics",
    "TYPE": "types",
    "UID": "uids",
    "URI": "files",
}
# What `doit-score completion` itself is asked for.
_ASKED = ("uids", "names", "types", "topics", "environments")
# What says which project that is about: with a value of its own each.
_WHERE = ("--state-dir", "-C", "--directory", "-e", "--env")

Words: TypeAlias = "Sequence[tuple[str, str]]"
"""Words that fit, each with what it is, empty where nothing is to be said of it."""


class Verb(NamedTuple):
    """A command, what it takes, and the words that can follow; ``name`` is empty for the command itself."""

    name: str
    help: str
    options: Sequence[Option]
    verbs: Sequence[str]


def script(shell: str, verbs: Iterable[Verb] | None = None) -> str:
    """The script for ``shell``, one of SHELLS of options.py, and for ``verbs``: all, if they are not given.

    Raises ScoreError for any other shell.
    """
    if shell not in SHELLS:
        raise ScoreError(
            f"completion for '{shell}' is not supported",
            hint="there are scripts for bash, zsh, fish and powershell",
        )
    every = list(every_verb() if verbs is None else verbs)
    if shell == "fish":
        return _fish(every)
    return _powershell(every) if shell == "powershell" else _filled(_BASH if shell == "bash" else _ZSH, every)


def every_verb() -> Iterator[Verb]:
    """The command itself and all its verbs, as the tables have them."""
    for name, help in [("", ""), *((name, verb.help) for name, verb in VERBS.items())]:
        yield Verb(name, help, _with_flags_once(options_of(name)), below(name))


def _with_flags_once(options: Sequence[Option]) -> list[Option]:
    """``options``, where of several with one flag the last has it, with the words of all."""
    last = {flag: option for option in options for flag in option.flags}
    found = []
    for option in options:
        flags = tuple(flag for flag in option.flags if last[flag] is option)
        others = [one for one in options if one is not option and {*one.flags} & {*flags}]
        words = (*option.words, *(word for one in others for word in one.words))
        if flags or not option.flags:
            found.append(option._replace(flags=flags, words=words))
    return found


def _flags(verb: Verb) -> list[Option]:
    return [option for option in verb.options if option.flags]


def _word(verb: Verb) -> str | Words:
    """What kind of word a verb takes, or which; nothing if it takes none, or any."""
    return next((_kind(option) for option in verb.options if not option.flags), ())


def _kind(option: Option) -> str | Words:
    if option.words:
        told = dict(part.partition(": ")[::2] for part in option.asked.split("; "))
        return [(word, told.get(word, "")) for word in option.words]
    kind = _KINDS.get(option.metavar, ())
    return [(name, VERBS[name].help) for name in below("")] if kind == "commands" else kind


def _words_of(verb: Verb, verbs: Sequence[Verb]) -> Words:
    """The words that can follow a verb to name one, with what they are."""
    helps = {one.name: one.help for one in verbs}
    return [(word, helps.get(after, "")) for _, word, after in _steps([verb])]


_BASH = """\
# bash completion for doit-score. To load it: source <(doit-score completion bash)
_doit_score() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local word= verb= kind= fitting= flags= line i where=()
    COMPREPLY=()
    # Of --flag=value bash makes three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == @where@ ]] && ((i + 1 < COMP_CWORD)); then
            line=${COMP_WORDS[i + 1]}
            [[ $line == = ]] && line=${COMP_WORDS[i + 2]}
            where+=("$word" "$line")
        fi
@steps@
    done
@kinds@
    case $kind in
        files | directories)
            compopt -o filenames 2> /dev/null
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <([[ $kind == files ]] && compgen -f -- "$cur" || compgen -d -- "$cur")
            ;;
        uids | names | types | topics | environments)
            while IFS= read -r line; do
                line=${line%%$'\\t'*}
                [[ $line == "$cur"* ]] && COMPREPLY+=("$line")
            done < <("$1" completion $kind "${where[@]}" 2> /dev/null)
            ;;
        *)
            COMPREPLY=($(compgen -W "$fitting" -- "$cur"))
            ;;
    esac
}
complete -F _doit_score doit-score
"""

_ZSH = """\
#compdef doit-score
# zsh completion for doit-score. To load it: source <(doit-score completion zsh)
# or: doit-score completion zsh > "${fpath[1]}/_doit-score"
_doit_score_offer() {
    # Each a word, a tab and what it is; or a word alone.
    local line plain=(${@%%$'\\t'*}) shown=()
    for line in "$@"; do
        shown+=("${line/$'\\t'/  -- }")
    done
    if [[ "$*" == *$'\\t'* ]]; then
        compadd -l -d shown -- $plain
    else
        compadd -- $plain
    fi
}
_doit_score() {
    local cur=$words[CURRENT] prev=$words[CURRENT-1]
    local word= verb= kind= fitting= flags= i where=()
    if [[ $cur == --*=* ]]; then
        prev=${cur%%=*} cur=${cur#*=}
        compset -P 1 '*='
    fi
    for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        [[ $word == @where@ ]] && ((i + 1 < CURRENT)) && where+=($word $words[i+1])
        [[ $word == (--state-dir|--directory|--env)=* ]] && where+=($word)
@steps@
    done
@kinds@
    case $kind in
        files) _files ;;
        directories) _files -/ ;;
        uids | names | types | topics | environments)
            _doit_score_offer ${(f)"$($words[1] completion $kind $where 2> /dev/null)"}
            ;;
        *) _doit_score_offer ${(f)fitting} ;;
    esac
}
if [[ $funcstack[1] == _doit-score ]]; then
    _doit_score "$@"
else
    compdef _doit_score doit-score
fi
"""


def _filled(template: str, verbs: list[Verb]) -> str:
    """``template`` with the two decisions that bash and zsh write alike: which verb, and what fits there."""
    listed = _plain if template is _BASH else _told
    steps = ['        case "$verb $word" in']
    steps += [f'            "{before} {word}") verb="{after}" ;;' for before, word, after in _steps(verbs)]
    kinds = ['    case "$verb $prev" in']
    for verb in verbs:
        for option in _flags(verb):
            if option.takes_value:
                pattern = " | ".join(f'"{verb.name} {flag}"' for flag in option.flags)
                kinds.append(f"        {pattern}) {_assignment(_kind(option), listed)} ;;")
    kinds += ["        *)", "            case $verb in"]
    for verb in verbs:
        flags = [(flag, option.asked) for option in verb.options for flag in option.flags]
        fits = _assignment(_word(verb) or _words_of(verb, verbs), listed)
        kinds.append(f'                "{verb.name}") {fits} flags={listed(flags)} ;;')
    kinds += [
        "            esac",
        '            [[ $cur == -* ]] && kind=words fitting="$flags"',
        "            ;;",
        "    esac",
    ]
    steps.append("        esac")
    where = f"@({'|'.join(_WHERE)})" if template is _BASH else f"({'|'.join(_WHERE)})"
    template = template.replace("@where@", where)
    return template.replace("@steps@", "\n".join(steps)).replace("@kinds@", "\n".join(kinds))


def _assignment(kind: str | Words, listed: Callable[[Words], str]) -> str:
    return f"kind={kind}" if isinstance(kind, str) else f"kind=words fitting={listed(kind)}"


def _plain(words: Words) -> str:
    return f'"{" ".join(word for word, _ in words)}"'


def _told(words: Words) -> str:
    r"""As zsh reads it: ``$'WORD\tWHAT\nWORD'``."""
    lines = [f"{word}\\t{_escaped(told)}" if told else word for word, told in words]
    return "$'" + "\\n".join(lines) + "'"


def _steps(verbs: Iterable[Verb]) -> Iterator[tuple[str, str, str]]:
    """How words lead from one verb to the next."""
    for verb in verbs:
        for word in verb.verbs:
            yield verb.name, word, f"{verb.name} {word}".strip()


_FISH = """\
# fish completion for doit-score. To load it: doit-score completion fish | source
function __doit_score_at
    set -l verb
    for word in (commandline -opc)[2..-1]
        switch "$verb $word"
@steps@
        end
    end
    test "$verb" = "$argv[1]"
end
function __doit_score_known
    set -l where
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --state-dir -C --directory -e --env
                test $i -lt (count $words); and set -a where $words[$i] $words[(math $i + 1)]
            case '--state-dir=*' '--directory=*' '--env=*'
                set -a where $words[$i]
        end
    end
    $words[1] completion $argv[1] $where 2> /dev/null
end
complete -c doit-score -f
"""


def _fish(verbs: list[Verb]) -> str:
    steps = "\n".join(
        f"            case {_quoted(f'{before} {word}')}\n                set verb {_quoted(after)}"
        for before, word, after in _steps(verbs)
    )
    lines = []
    for verb in verbs:
        at = f"complete -c doit-score -n {_quoted(f'__doit_score_at {_quoted(verb.name)}')}"
        lines += [f"{at} -a {word} -d {_quoted(told)}" for word, told in _words_of(verb, verbs)]
        if _word(verb):
            lines.append(f"{at} {_fish_value(_word(verb))}")
        for option in _flags(verb):
            parts = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.flags]
            if option.takes_value:
                parts += ["-r", _fish_value(_kind(option))]
            lines.append(f"{at} {' '.join(parts)} -d {_quoted(option.asked)}")
    return _FISH.replace("@steps@", steps) + "\n".join(lines) + "\n"


def _fish_value(kind: str | Words) -> str:
    known = {
        "files": "-F",
        "directories": "-f -a '(__fish_complete_directories)'",
        **{asked: f"-f -a '(__doit_score_known {asked})'" for asked in _ASKED},
    }
    if isinstance(kind, str):
        return known[kind]
    # Of one argument fish makes words again, so that what each is needs quotes of its own.
    words = [f"{word}\\t{_quoted(told)}" if told else word for word, told in kind]
    return f"-f -a {_quoted(' '.join(words))}" if kind else "-f"


def _quoted(text: str) -> str:
    return f"'{_escaped(text)}'"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


_POWERSHELL = """\
# PowerShell completion for doit-score. To load it:
# doit-score completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName doit-score -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $next = @{
@steps@
    }
    $values = @{
@values@
    }
    $words = @{
@words@
    }
    $flags = @{
@flags@
    }
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $verb = ''
    $where = @()
    for ($i = 1; $i -lt $before.Count; $i++) {
        $word = $before[$i]
        if ($next.ContainsKey("$verb $word")) { $verb = $next["$verb $word"] }
        if (@(@where@) -ccontains $word -and $i + 1 -lt $before.Count) { $where += $word, $before[$i + 1] }
        if ($word -match '^--(state-dir|directory|env)=') { $where += $word }
    }
    $start = ''
    $typed = $wordToComplete
    $last = $before[-1]
    if ($typed -match '^(--[^=]+=)(.*)$') {
        $start = $Matches[1]
        $last = $start.TrimEnd('=')
        $typed = $Matches[2]
    }
    if ($values.ContainsKey("$verb $last")) { $fitting = $values["$verb $last"] }
    elseif ($typed.StartsWith('-')) { $fitting = $flags[$verb] }
    else { $fitting = $words[$verb] }
    # Of files and directories PowerShell knows by itself, where nothing is offered.
    if ($fitting -is [string]) {
        if ($fitting -ceq 'files' -or $fitting -ceq 'directories') { return }
        $fitting = @(& $before[0] completion $fitting @where 2> $null)
    }
    foreach ($line in $fitting) {
        $word, $told = $line -split "`t", 2
        if (-not $told) { $told = $word }
        if ($word.StartsWith($typed)) {
            $text = $start + $word
            # What PowerShell would take apart is quoted.
            if ($text -match '[#\\s;,(){}|&<>@$`]') { $text = "'" + $text + "'" }
            [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $told)
        }
    }
}
"""


def _powershell(verbs: list[Verb]) -> str:
    def row(key: str, value: str | Words) -> str:
        return f"        {_doubled(key)} = {_literal(value)}"

    values = [
        row(f"{verb.name} {flag}", _kind(option))
        for verb in verbs
        for option in _flags(verb)
        if option.takes_value
        for flag in option.flags
    ]
    parts = {
        "@steps@": [row(f"{before} {word}", after) for before, word, after in _steps(verbs)],
        "@values@": values,
        "@words@": [row(verb.name, _word(verb) or _words_of(verb, verbs)) for verb in verbs],
        "@flags@": [
            row(verb.name, [(flag, one.asked) for one in verb.options for flag in one.flags])
            for verb in verbs
        ],
    }
    script = _POWERSHELL.replace("@where@", ", ".join(map(_doubled, _WHERE)))
    for mark, lines in parts.items():
        script = script.replace(mark, "\n".join(lines))
    return script


def _literal(value: str | Words) -> str:
    if isinstance(value, str):
        return _doubled(value)
    return f"@({', '.join(_doubled(f'{word}{chr(9)}{told}'.rstrip()) for word, told in value)})"


def _doubled(text: str) -> str:
    """As PowerShell quotes it."""
    return "'" + text.replace("'", "''") + "'"
