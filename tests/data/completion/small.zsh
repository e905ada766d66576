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
        case "$verb $word" in
            " write") verb="write" ;;
        esac
    done
    case "$verb $prev" in
        "write -o" | "write --output") kind=files ;;
        "write --word") kind=words fitting="" ;;
        *)
            case $verb in
                "") kind=words fitting="write" flags="-h --help --quiet --verbose" ;;
                "write") kind=uids flags="-h --help -o --output --many --word" ;;
            esac
            [[ $cur == -* ]] && kind=words fitting="$flags"
            ;;
    esac
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
