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
    MATCH_NAME,    /* the name of a member and a quote follow; the candidate's, if the request has one */
    MATCH_ANOTHER, /* the name of a member, "instead of" and the candidate's name follow */
};

/* Which requests are answered so. */
enum moment { NOW, LATER, ANY_TIME };

/*
 * Patroni's texts of success: do_POST_restart and the like in patroni/api.py, and restart() in ha.py; the same from 1.6
 * to 4.1. A switchover may be answered as a failover and the other way round. Releases before 2.0 answer "nothing
 * changed" to a reload without a change.
 */
static const struct success {
    const char *method;
    const char *endpoint;
    int status;
    enum moment moment;
    enum match match;
    const char *text;
} successes[] = {
    {"POST", "restart", 200, NOW, MATCH_WHOLE, "restarted successfully"},
    {"POST", "restart", 202, LATER, MATCH_WHOLE, "restart scheduled"},
    {"POST", "restart", 202, LATER, MATCH_WHOLE, "restarted successfully"}, /* cases restart-scheduled* */
    {"DELETE", "restart", 200, ANY_TIME, MATCH_WHOLE, "scheduled restart deleted"},
    {"POST", "reload", 202, ANY_TIME, MATCH_WHOLE, "reload scheduled"},
    {"POST", "reload", 200, ANY_TIME, MATCH_WHOLE, "nothing changed"},
    {"POST", "reinitialize", 200, ANY_TIME, MATCH_WHOLE, "reinitialize started"},
    {"DELETE", "switchover", 200, ANY_TIME, MATCH_WHOLE, "scheduled switchover deleted"},
    {"POST", NULL, 200, NOW, MATCH_NAME, "Successfully switched over to \""},
    {"POST", NULL, 200, NOW, MATCH_NAME, "Successfully failed over to \""},
    {"POST", NULL, 200, NOW, MATCH_ANOTHER, "Switched over to \""},
    {"POST", NULL, 200, NOW, MATCH_ANOTHER, "Failed over to \""},
    {"POST", NULL, 202, LATER, MATCH_WHOLE, "switchover scheduled"},
    {"POST", NULL, 202, LATER, MATCH_WHOLE, "failover scheduled"},
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

static const char *text_of(const struct rest_request *request, const char *key)
{
    const struct value *value = request->body ? value_get(request->body, key) : NULL;

    return value_is(value, VALUE_STRING) ? value->text : NULL;
}

static bool is_of_moment(const struct rest_request *request, enum moment moment)
{
    bool later = text_of(request, "schedule") || text_of(request, "scheduled_at");

    return moment == ANY_TIME || (moment == LATER) == later;
}

static bool is_of_endpoint(const struct rest_request *request, const char *endpoint)
{
    if (endpoint)
        return str_equal(request->endpoint, endpoint);
    return str_equal(request->endpoint, "switchover") || str_equal(request->endpoint, "failover");
}

static bool matches_whole_or_end(enum match match, const char *known, const char *text)
{
    return match == MATCH_END ? *text != '<' && str_ends_with(text, known) : strcasecmp(text, known) == 0;
}

static bool matches(struct arena *arena, const struct success *success, const struct rest_request *request,
                    const char *text)
{
    const char *candidate = text_of(request, "candidate"), *rest;

    if (success->match == MATCH_WHOLE || success->match == MATCH_END)
        return matches_whole_or_end(success->match, success->text, text);
    rest = text + strlen(success->text);
    if (!str_starts_with(text, success->text) || *rest == '"' || !str_ends_with(rest, "\""))
        return false;
    if (success->match == MATCH_ANOTHER)
        return candidate && str_ends_with(rest, arena_printf(arena, "\" instead of \"%s\"", candidate));
    return !candidate || str_equal(rest, arena_printf(arena, "%s\"", candidate));
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
    if (str_equal(request->method, "PATCH"))
        return reply->status == 200 && is_patched(arena, request, reply);
    /* A text with a NUL byte in it goes on behind what can be compared. */
    if (strlen(reply->body) != reply->body_length)
        return false;
    for (size_t i = 0; i < sizeof successes / sizeof *successes; i++)
        if (str_equal(request->method, successes[i].method) && reply->status == successes[i].status &&
            is_of_endpoint(request, successes[i].endpoint) && is_of_moment(request, successes[i].moment) &&
            matches(arena, &successes[i], request, text))
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
        if (matches_whole_or_end(refusals[i].match, refusals[i].text, text))
            return true;
    return false;
}

bool reply_is_patronis(struct arena *arena, const struct rest_request *request, const struct http_reply *reply)
{
    const char *text = str_trim(arena, reply->body);

    return is_success(arena, request, reply, text) || is_refusal(reply, text);
}
