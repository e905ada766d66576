# fish completion for doit-score. To load it: doit-score completion fish | source
function __doit_score_at
    set -l verb
    for word in (commandline -opc)[2..-1]
        switch "$verb $word"
            case ' write'
                set verb 'write'
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
complete -c doit-score -n '__doit_score_at \'\'' -a write -d 'it\'s written'
complete -c doit-score -n '__doit_score_at \'\'' -s h -l help -d 'show this help'
complete -c doit-score -n '__doit_score_at \'\'' -l quiet -d ''
complete -c doit-score -n '__doit_score_at \'\'' -l verbose -d ''
complete -c doit-score -n '__doit_score_at \'write\'' -f -a '(__doit_score_known uids)'
complete -c doit-score -n '__doit_score_at \'write\'' -s h -l help -d 'show this help'
complete -c doit-score -n '__doit_score_at \'write\'' -s o -l output -r -F -d 'where'
complete -c doit-score -n '__doit_score_at \'write\'' -l many -d 'more'
complete -c doit-score -n '__doit_score_at \'write\'' -l word -r -f -d 'any'
