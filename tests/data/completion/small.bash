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
        if [[ $word == @(--state-dir|-C|--directory|-e|--env) ]] && ((i + 1 < COMP_CWORD)); then
            line=${COMP_WORDS[i + 1]}
            [[ $line == = ]] && line=${COMP_WORDS[i + 2]}
            where+=("$word" "$line")
        fi
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
        files | directories)
            compopt -o filenames 2> /dev/null
            while IFS= read -r line; do
                COMPREPLY+=("$line")
            done < <([[ $kind == files ]] && compgen -f -- "$cur" || compgen -d -- "$cur")
            ;;
        uids | names | types | topics | environments)
            while IFS= read -r line; do
                line=${line%%$'\t'*}
                [[ $line == "$cur"* ]] && COMPREPLY+=("$line")
            done < <("$1" completion $kind "${where[@]}" 2> /dev/null)
            ;;
        *)
            COMPREPLY=($(compgen -W "$fitting" -- "$cur"))
            ;;
    esac
}
complete -F _doit_score doit-score
