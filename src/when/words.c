#include <string.h>
#include <strings.h>

#include "parts.h"

/* Index of a word in a table of groups ("sep sept september"), or -1; case does not count. */
static int find_word(const char *const *groups, const char *word)
{
    size_t length = strlen(word);

    for (int i = 0; length && groups[i]; i++)
        for (const char *at = groups[i]; *at; at += strspn(at, " ")) {
            size_t this_length = strcspn(at, " ");
            if (this_length == length && strncasecmp(at, word, length) == 0)
                return i;
            at += this_length;
        }
    return -1;
}

int when_find_weekday(const char *word)
{
    static const char *const groups[] = {"mon monday", "tue tuesday",  "wed wednesday", "thu thursday",
                                         "fri friday", "sat saturday", "sun sunday",    NULL};

    return find_word(groups, word);
}

int when_find_month(const char *word)
{
    static const char *const groups[] = {
        "jan january", "feb february",       "mar march",   "apr april",    "may",          "jun june", "jul july",
        "aug august",  "sep sept september", "oct october", "nov november", "dec december", NULL};

    return find_word(groups, word) + 1;
}

int when_find_unit(const char *word)
{
    static const char *const groups[] = {"h hour hours", "m minute minutes", "s second seconds", NULL};

    return find_word(groups, word);
}

int when_find_half(const char *word)
{
    static const char *const groups[] = {"am a", "pm p", NULL};

    return find_word(groups, word);
}

bool when_is_filler(const char *word)
{
    static const char *const groups[] = {"at on and ad m t of st nd rd th", NULL};

    return (strlen(word) == 1 && strchr(" .,;-/'", *word)) || find_word(groups, word) >= 0;
}
