"""Scripts with which shells complete the command line, made from the tables of verbs and options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from doit_score.command.verbs import VERBS, below
from doit_score.options import SHELLS, Option, options_of
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

# What fits in the place of a value, by what stands for it in the help: files, directories, uids or types of
# resources, or names of anything in the project.  Some options say themselves which words fit.
_KINDS = {
    "DIR": "directories",
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
_ASKED = ("uids", "names", "types", "topics")


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
            f"completion for '{shell}' is not supported", hint="there are scripts for bash, zsh and fish"
        )
    every = list(every_verb() if verbs is None else verbs)
    return _fish(every) if shell == "fish" else _filled(_BASH if shell == "bash" else _ZSH, every)


def every_verb() -> Iterator[Verb]:
    """The command itself and all its verbs, as the tables have them."""
    for name, help in [("", ""), *((name, verb.help) for name, verb in VERBS.items())]:
        yield Verb(name, help, options_of(name), below(name))


def _flags(verb: Verb) -> list[Option]:
    return [option for option in verb.options if option.flags]


def _word(verb: Verb) -> str:
    """What kind of word a verb takes; empty if it takes none, or any."""
    return next((_kind(option) for option in verb.options if not option.flags), "")


def _kind(option: Option) -> str:
    return " ".join(option.words) or _KINDS.get(option.metavar, "")


_BASH = """\
# bash completion for doit-score. To load it: source <(doit-score completion bash)
_doit_score() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local word= verb= kind= fitting= flags= state=state line i
    COMPREPLY=()
    # Of --flag=value bash makes three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == --state-dir ]]; then
            state=${COMP_WORDS[i + 1]}
            [[ $state == = ]] && state=${COMP_WORDS[i + 2]}
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
        uids | names | types | topics)
            while IFS= read -r line; do
                [[ $line == "$cur"* ]] && COMPREPLY+=("$line")
            done < <("$1" completion $kind --state-dir "$state" 2> /dev/null)
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
_doit_score() {
    local cur=$words[CURRENT] prev=$words[CURRENT-1]
    local word= verb= kind= fitting= flags= state=state i
    if [[ $cur == --*=* ]]; then
        prev=${cur%%=*} cur=${cur#*=}
        compset -P 1 '*='
    fi
    for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        [[ $word == --state-dir ]] && state=$words[i+1]
        [[ $word == --state-dir=* ]] && state=${word#*=}
@steps@
    done
@kinds@
    case $kind in
        files) _files ;;
        directories) _files -/ ;;
        uids | names | types | topics)
            compadd -- ${(f)"$($words[1] completion $kind --state-dir $state 2> /dev/null)"}
            ;;
        *) compadd -- ${=fitting} ;;
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
    steps = ['        case "$verb $word" in']
    steps += [f'            "{before} {word}") verb="{after}" ;;' for before, word, after in _steps(verbs)]
    kinds = ['    case "$verb $prev" in']
    for verb in verbs:
        for option in _flags(verb):
            if option.takes_value:
                pattern = " | ".join(f'"{verb.name} {flag}"' for flag in option.flags)
                kinds.append(f"        {pattern}) {_assignment(_kind(option))} ;;")
    kinds += ["        *)", "            case $verb in"]
    for verb in verbs:
        flags = " ".join(flag for option in verb.options for flag in option.flags)
        fits = _assignment(_word(verb) or " ".join(verb.verbs))
        kinds.append(f'                "{verb.name}") {fits} flags="{flags}" ;;')
    kinds += [
        "            esac",
        '            [[ $cur == -* ]] && kind=words fitting="$flags"',
        "            ;;",
        "    esac",
    ]
    steps.append("        esac")
    return template.replace("@steps@", "\n".join(steps)).replace("@kinds@", "\n".join(kinds))


def _assignment(kind: str) -> str:
    return f"kind={kind}" if kind in ("files", "directories", *_ASKED) else f'kind=words fitting="{kind}"'


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
    set -l state state
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --state-dir
                set state $words[(math $i + 1)]
            case '--state-dir=*'
                set state (string replace -- --state-dir= '' $words[$i])
        end
    end
    $words[1] completion $argv[1] --state-dir $state 2> /dev/null
end
complete -c doit-score -f
"""


def _fish(verbs: list[Verb]) -> str:
    steps = "\n".join(
        f"            case {_quoted(f'{before} {word}')}\n                set verb {_quoted(after)}"
        for before, word, after in _steps(verbs)
    )
    helps = {verb.name: verb.help for verb in verbs}
    lines = []
    for verb in verbs:
        at = f"complete -c doit-score -n {_quoted(f'__doit_score_at {_quoted(verb.name)}')}"
        lines += [f"{at} -a {word} -d {_quoted(helps[after])}" for _, word, after in _steps([verb])]
        if _word(verb):
            lines.append(f"{at} {_fish_value(_word(verb))}")
        for option in _flags(verb):
            parts = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.flags]
            if option.takes_value:
                parts += ["-r", _fish_value(_kind(option))]
            lines.append(f"{at} {' '.join(parts)} -d {_quoted(option.asked)}")
    return _FISH.replace("@steps@", steps) + "\n".join(lines) + "\n"


def _fish_value(kind: str) -> str:
    known = {
        "files": "-F",
        "directories": "-f -a '(__fish_complete_directories)'",
        **{asked: f"-f -a '(__doit_score_known {asked})'" for asked in _ASKED},
    }
    return known.get(kind, f"-f -a {_quoted(kind)}" if kind else "-f")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
