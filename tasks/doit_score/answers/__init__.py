"""What a question about the project is answered with, for the command and for tasks alike."""
