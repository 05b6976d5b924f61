# fish completion for pgha and patronictl; the candidates come from `pgha complete`.

function __pgha_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -gt 0; or set current ''
    set -l name (string replace -r '.*/' '' -- $words[1])
    set -l program pgha
    test $name = pgha; and set program $words[1]
    for line in (command $program complete -- $name $words[2..-1] $current 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (string replace -r '^--[^=]*=' '' -- $current)
            case :
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c pgha -f -a '(__pgha_complete)'
complete -c patronictl -f -a '(__pgha_complete)'
