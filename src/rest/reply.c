#include "reply.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/str.h"
#include "pgha/value_index.h"

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

/*
 * Its texts with a status from 500 on: do_POST_restart(), _do_POST_failover() and poll_failover_result() in api.py,
 * restart() and reinitialize() in ha.py, of the same releases. Anything else is from a proxy, which may have passed the
 * request on.
 */
static const struct refusal {
    enum match match;
    const char *text;
} refusals[] = {
    {MATCH_WHOLE, "restart conditions are not satisfied"},
    {MATCH_WHOLE, "postgres is still starting"},
    {MATCH_WHOLE, "restart failed"},
    {MATCH_WHOLE, "can't schedule restart in the paused state"},
    {MATCH_WHOLE, "switchover failed"},
    {MATCH_WHOLE, "failover failed"},
    {MATCH_WHOLE, "failed to write failover key into dcs"},
    {MATCH_END, " status unknown"},
    {MATCH_END, " already in progress"},
    {MATCH_END, ", can not reinitialize"},
};

static bool matches(enum match match, const char *known, const char *text)
{
    const char *found;

    switch (match) {
    case MATCH_WHOLE:
        return strcasecmp(text, known) == 0;
    case MATCH_END:
        return *text != '<' && str_ends_with(text, known);
    case MATCH_NAME:
        found = strstr(text, known);
        return *text != '<' && found && strlen(found) > strlen(known) + 1 && str_ends_with(text, "\"");
    }
    return false;
}

static bool sets_something(const struct value *patch)
{
    for (uint32_t i = 0; i < patch->length; i++)
        if (patch->pairs[i].value.kind != VALUE_NULL)
            return true;
    return false;
}

/* Whether the answer has all keys of the configuration before, as far as the patch does not name them. */
static bool has_rest(struct arena *arena, const struct rest_request *request, const struct value *answer)
{
    struct value_index index = value_index_make(arena, answer), patch = value_index_make(arena, request->body);

    for (uint32_t i = 0; value_is(request->config, VALUE_MAP) && i < request->config->length; i++) {
        const struct value *key = &request->config->pairs[i].key;

        if (!value_index_find(&patch, key) && !value_index_find(&index, key))
            return false;
    }
    return true;
}

/*
 * PATCH /config answers with the whole configuration as it is then. Where it only takes keys out, "{}" would do: that
 * has to be what is left of the configuration before. If somebody else has changed it meanwhile, the store tells.
 */
static bool is_patched(struct arena *arena, const struct rest_request *request, const struct http_reply *reply)
{
    struct value answer;
    struct err ignored = ERR_INIT;

    return json_read(arena, reply->body, reply->body_length, &answer, &ignored) &&
           value_is_patched(arena, &answer, request->body) &&
           (sets_something(request->body) || has_rest(arena, request, &answer));
}

static bool is_success(struct arena *arena, const struct rest_request *request, const struct http_reply *reply,
                       const char *text)
{
    if (reply->status != 200 && reply->status != 202)
        return false;
    if (str_equal(request->method, "PATCH"))
        return is_patched(arena, request, reply);
    for (size_t i = 0; i < sizeof successes / sizeof *successes; i++)
        if (str_equal(request->method, successes[i].method) && str_equal(request->endpoint, successes[i].endpoint) &&
            matches(successes[i].match, successes[i].text, text))
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
    if (reply->status < 500 || is_page_of_python(text))
        return true;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (matches(refusals[i].match, refusals[i].text, text))
            return true;
    return false;
}

bool reply_is_patronis(struct arena *arena, const struct rest_request *request, const struct http_reply *reply)
{
    const char *text = str_trim(arena, reply->body);

    return is_success(arena, request, reply, text) || is_refusal(reply, text);
}
