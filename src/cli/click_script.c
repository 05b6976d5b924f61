#include <ctype.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/click.h"

/*
 * In these scripts @F is the function, @V the variable, @P the program. Errors of the program stay away from the line
 * that is being typed. A word such as --format=js is one word in some shells: the candidates go behind its "=".
 */
static const char bash_script[] =
    "@F() {\n"
    "    local line value word=${COMP_WORDS[COMP_CWORD]} joined=\n"
    "\n"
    "    [[ $word != --*=* ]] || joined=${word%%=*}=\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        value=${line#*,}\n"
    "        case ${line%%,*} in\n"
    "            plain) printf -v value %q \"$value\"; COMPREPLY+=(\"$joined$value\") ;;\n"
    "            file) compopt -o default ;;\n"
    "            dir) compopt -o dirnames ;;\n"
    "        esac\n"
    "    done < <(IFS=$'\\n'; env COMP_WORDS=\"${COMP_WORDS[*]}\" COMP_CWORD=$COMP_CWORD @V=bash_complete \"$1\" "
    "2>/dev/null)\n"
    "}\n"
    "\n"
    "complete -o nosort -F @F @P\n";

static const char zsh_script[] =
    "#compdef @P\n"
    "\n"
    "@F() {\n"
    "    local type value help\n"
    "    local -a lines plain described\n"
    "\n"
    "    (( $+commands[@P] )) || return 1\n"
    "    lines=(\"${(@f)$(env COMP_WORDS=\"${words[*]}\" COMP_CWORD=$((CURRENT - 1)) @V=zsh_complete @P "
    "2>/dev/null)}\")\n"
    "    [[ $PREFIX != --*=* ]] || compset -P '*='\n"
    "    for type value help in \"${lines[@]}\"; do\n"
    "        case $type in\n"
    "            plain)\n"
    "                if [[ $help == _ ]]; then\n"
    "                    plain+=(\"$value\")\n"
    "                else\n"
    "                    described+=(\"${value//:/\\\\:}:$help\")\n"
    "                fi ;;\n"
    "            file) _files ;;\n"
    "            dir) _files -/ ;;\n"
    "        esac\n"
    "    done\n"
    "    (( ! $#described )) || _describe -V @P described\n"
    "    (( ! $#plain )) || compadd -V unsorted -a plain\n"
    "}\n"
    "\n"
    "if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then\n"
    "    @F \"$@\"\n"
    "else\n"
    "    compdef @F @P\n"
    "fi\n";

static const char fish_script[] =
    "function @F\n"
    "    set -l words (commandline -cp)\n"
    "    set -l word (commandline -ct)\n"
    "    set -l joined (string match -r -- '^--[^=]+=' $word)\n"
    "    for line in (env @V=fish_complete COMP_WORDS=\"$words\" COMP_CWORD=\"$word\" @P 2>/dev/null)\n"
    "        set -l parts (string split -m 1 , -- $line)\n"
    "        switch $parts[1]\n"
    "            case plain\n"
    "                printf '%s\\n' \"$joined$parts[2]\"\n"
    "            case file\n"
    "                __fish_complete_path $parts[2]\n"
    "            case dir\n"
    "                __fish_complete_directories $parts[2]\n"
    "        end\n"
    "    end\n"
    "end\n"
    "\n"
    "complete --no-files --command @P --arguments '(@F)'\n";

static const struct {
    const char *name;
    const char *script;
} shells[] = {
    [CLICK_BASH] = {"bash", bash_script},
    [CLICK_ZSH] = {"zsh", zsh_script},
    [CLICK_FISH] = {"fish", fish_script},
};

enum click_shell click_shell(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strlen(shells[i].name) == length && memcmp(shells[i].name, name, length) == 0)
            return (enum click_shell)i;
    return CLICK_NO_SHELL;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

char *click_variable(struct arena *arena, const char *prog)
{
    char *name = arena_printf(arena, "_%s_COMPLETE", prog);

    for (char *at = name; *at; at++)
        *at = is_word(*at) ? (char)toupper((unsigned char)*at) : '_';
    return name;
}

/* click's own rule is another one than for the variable: but for dashes, what a name may not have is left out. */
static void add_function(struct str *out, const char *prog)
{
    str_add_char(out, '_');
    for (; *prog; prog++)
        if (is_word(*prog) || *prog == '-')
            str_add_char(out, *prog == '-' ? '_' : *prog);
    str_add(out, "_completion");
}

/* A name that a shell would not take as it is stands between quotes. */
static void add_program(struct str *out, const char *prog)
{
    bool plain = true;

    for (const char *at = prog; *at; at++)
        plain = plain && (is_word(*at) || strchr(".+-", *at));
    str_add(out, plain ? "" : "'");
    for (; *prog; prog++)
        if (*prog != '\'' && !iscntrl((unsigned char)*prog))
            str_add_char(out, *prog);
    str_add(out, plain ? "" : "'");
}

void click_script(struct arena *arena, enum click_shell shell, const char *prog, struct str *out)
{
    for (const char *at = shells[shell].script; *at; at++) {
        if (*at != '@' || !memchr("FVP", at[1], strlen("FVP"))) {
            str_add_char(out, *at);
            continue;
        }
        at++;
        if (*at == 'F')
            add_function(out, prog);
        else if (*at == 'P')
            add_program(out, prog);
        else
            str_add(out, click_variable(arena, prog));
    }
}
