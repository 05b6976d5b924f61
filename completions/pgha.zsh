#compdef pgha patronictl
# zsh completion; the candidates come from `pgha complete`.

local program=pgha line
local -a lines candidates

[[ ${words[1]:t} == pgha ]] && program=${(Q)words[1]}
lines=("${(@f)$($program complete -- ${${(Q)words[1]}:t} "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
for line in $lines; do
    if [[ $line == :files ]]; then
        compset -P '*='
        _files
    elif [[ $line == *$'\t'* ]]; then
        candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    fi
done
_describe -V pgha candidates
