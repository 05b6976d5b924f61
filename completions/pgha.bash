# bash completion for pgha and patronictl; the candidates come from `pgha complete`.

_pgha()
{
    local -a words=() lines=()
    local rest=${COMP_LINE:0:COMP_POINT} gap word i line program cur strip

    # bash splits words at "=" and ":" as well; what no blank separates belongs together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${rest%%[![:blank:]]*}
        rest=${rest#"$gap"}
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$rest
        if ((i == 0)) || [[ $gap ]]; then
            words+=("$word")
        else
            words[-1]+=$word
        fi
        rest=${rest#"$word"}
    done

    program=${words[0]}
    [[ ${program##*/} == pgha ]] || program=pgha
    cur=${words[-1]}
    strip=${cur%"${cur##*[=:]}"}
    COMPREPLY=()
    mapfile -t lines < <("$program" complete -- "${words[0]##*/}" "${words[@]:1}" 2>/dev/null)
    for line in "${lines[@]}"; do
        if [[ $line == :files ]]; then
            compopt -o filenames
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${cur#*=}")
        elif [[ $line != : ]]; then
            line=${line%%$'\t'*}
            COMPREPLY+=("$(printf %q "${line#"$strip"}")")
        fi
    done
}

complete -F _pgha pgha patronictl
