#compdef doit-score
# zsh completion for doit-score. To load it: source <(doit-score completion zsh)
# or: doit-score completion zsh > "${fpath[1]}/_doit-score"
_doit_score_offer() {
    # Each a word, a tab and what it is; or a word alone.
    local line plain=(${@%%$'\t'*}) shown=()
    for line in "$@"; do
        shown+=("${line/$'\t'/  -- }")
    done
    if [[ "$*" == *$'\t'* ]]; then
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
        [[ $word == (--state-dir|-C|--directory|-e|--env) ]] && ((i + 1 < CURRENT)) && where+=($word $words[i+1])
        [[ $word == (--state-dir|--directory|--env)=* ]] && where+=($word)
        case "$verb $word" in
            " write") verb="write" ;;
        esac
    done
    case "$verb $prev" in
        "write -o" | "write --output") kind=files ;;
        "write --word") kind=words fitting=$'' ;;
        *)
            case $verb in
                "") kind=words fitting=$'write\tit\'s written' flags=$'-h\tshow this help\n--help\tshow this help\n--quiet\n--verbose' ;;
                "write") kind=uids flags=$'-h\tshow this help\n--help\tshow this help\n-o\twhere\n--output\twhere\n--many\tmore\n--word\tany' ;;
            esac
            [[ $cur == -* ]] && kind=words fitting="$flags"
            ;;
    esac
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
