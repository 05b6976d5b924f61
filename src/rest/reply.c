#include "reply.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/str.h"

/* How a text has to compare with that of a row. */
enum match {
    MATCH_WHOLE, /* in any case of letters */
    MATCH_END,
    MATCH_NAME, /* it is somewhere, and a name and a quote are the end */
};

/*
 * Patroni's texts of success: do_POST_restart and the like in patroni/api.py, and restart() in ha.py; the same from 1.6
 * to 4.1. Releases before 2.0 answer "nothing changed" to a reload without a change.
 */
static const struct success {
    const char *method;
    const char *endpoint;
    enum match match;
    const char *text;
} successes[] = {
    {"POST", "restart", MATCH_WHOLE, "restarted successfully"},
    {"POST", "restart", MATCH_WHOLE, "restart scheduled"},
    {"DELETE", "restart", MATCH_WHOLE, "scheduled restart deleted"},
    {"POST", "reload", MATCH_WHOLE, "reload scheduled"},
    {"POST", "reload", MATCH_WHOLE, "nothing changed"},
    {"POST", "reinitialize", MATCH_WHOLE, "reinitialize started"},
    {"POST", "switchover", MATCH_NAME, "ed over to \""},
    {"POST", "switchover", MATCH_END, " scheduled"},
    {"DELETE", "switchover", MATCH_WHOLE, "scheduled switchover deleted"},
    {"POST", "failover", MATCH_NAME, "ed over to \""},
    {"POST", "failover", MATCH_END, " scheduled"},
};

/* What proxies say in plain text when a request got no answer; it may have been passed on. */
static const char *const foreign_texts[] = {
    "upstream ",       "no healthy upstream", "internal server error", "bad gateway",
    "gateway timeout", "gateway time-out",    "service unavailable",
};

static bool matches(const struct success *success, const char *text)
{
    const char *found;

    switch (success->match) {
    case MATCH_WHOLE:
        return strcasecmp(text, success->text) == 0;
    case MATCH_END:
        return *text != '<' && str_ends_with(text, success->text);
    case MATCH_NAME:
        found = strstr(text, success->text);
        return *text != '<' && found && strlen(found) > strlen(success->text) + 1 && str_ends_with(text, "\"");
    }
    return false;
}

/* PATCH /config answers with the whole configuration as it is then. */
static bool is_patched(struct arena *arena, const struct rest_request *request, const struct http_reply *reply)
{
    struct value answer;
    struct err ignored = ERR_INIT;

    return json_read(arena, reply->body, reply->body_length, &answer, &ignored) &&
           value_is_patched(arena, &answer, request->body);
}

static bool is_success(struct arena *arena, const struct rest_request *request, const struct http_reply *reply,
                       const char *text)
{
    if (reply->status != 200 && reply->status != 202)
        return false;
    if (str_equal(request->method, "PATCH"))
        return is_patched(arena, request, reply);
    /* Nothing but Patroni answers 202, and a reload is done when that is sent: the text adds nothing. */
    if (str_equal(request->endpoint, "reload") && reply->status == 202 && !*text)
        return true;
    for (size_t i = 0; i < sizeof successes / sizeof *successes; i++)
        if (str_equal(request->method, successes[i].method) && str_equal(request->endpoint, successes[i].endpoint) &&
            matches(&successes[i], text))
            return true;
    return false;
}

/* Of Python's http.server, which Patroni uses: "Error response", "Error code: 503". */
static bool is_page_of_python(const char *text)
{
    return strstr(text, "<title>Error response</title>") && strstr(text, "Error code: ");
}

static bool is_refusal(const struct http_reply *reply, const char *text)
{
    if (reply->status < 400)
        return false;
    /* Whoever says this has not passed it on. */
    if (reply->status < 500 || is_page_of_python(text) || str_ends_with(text, " status unknown"))
        return true;
    if (!*text || strchr("<{[", *text) || reply->status == 502 || reply->status == 504)
        return false;
    for (size_t i = 0; i < sizeof foreign_texts / sizeof *foreign_texts; i++)
        if (strncasecmp(text, foreign_texts[i], strlen(foreign_texts[i])) == 0)
            return false;
    return true;
}

bool reply_is_patronis(struct arena *arena, const struct rest_request *request, const struct http_reply *reply)
{
    const char *text = str_trim(arena, reply->body);

    return is_success(arena, request, reply, text) || is_refusal(reply, text);
}
