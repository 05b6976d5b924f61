#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/rest.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/url.h"

#include "reply.h"
#include "settings.h"
#include "wait.h"

/* How often urllib3, which patronictl uses, sends a request again that does no harm twice. */
#define REPETITIONS 3

deadline_t rest_deadline(const struct ctx *ctx, bool works)
{
    return deadline_in(works || !differs(ctx, DIFF_TIMEOUTS) ? ctx->operation_timeout : ctx->timeout);
}

/* Python's urllib3 takes what has no scheme for http: "//10.0.0.1:8008", and without endpoint "10.0.0.1:8008". */
static const char *with_scheme(struct arena *arena, const char *api_url, const char *endpoint)
{
    size_t letters = strcspn(api_url, ":/");

    if (api_url[0] == '/' && api_url[1] == '/')
        return arena_printf(arena, "http:%s", api_url);
    bool bare = !endpoint && (api_url[letters] != ':' || strspn(api_url, "0123456789.") == letters);
    return bare ? arena_printf(arena, "http://%s", api_url) : api_url;
}

/* The URL to ask, NULL when the member has none. The endpoint replaces whatever the api_url has behind the host. */
static const char *url_of(struct ctx *ctx, const struct rest_request *request, bool *https)
{
    struct url url;
    struct err ignored = ERR_INIT;

    if (!request->member->api_url)
        return NULL;
    const char *text = with_scheme(ctx->arena, request->member->api_url, request->endpoint);
    if (!url_parse(ctx->arena, text, &url, &ignored) || !url.host)
        return NULL;
    *https = strcmp(url.scheme, "https") == 0;
    if (!*https && strcmp(url.scheme, "http") != 0)
        return NULL;
    if (!request->endpoint)
        return text;
    return arena_printf(ctx->arena, "%s://%s/%s", url.scheme, url.authority, request->endpoint);
}

/* A reply that is known without asking. */
static struct http_reply settled(struct ctx *ctx, enum http_outcome outcome, const char *error)
{
    return (struct http_reply){.outcome = outcome, .body = arena_strdup(ctx->arena, ""), .error = error};
}

/* Fills `http`, or false and the reply that stands instead of an answer. */
static bool prepare(struct ctx *ctx, const struct rest_request *request, const struct rest_settings *settings,
                    struct http_request *http, struct http_reply *reply)
{
    bool https;
    const char *url = url_of(ctx, request, &https);
    const char *unreadable = url && https ? rest_settings_unreadable(ctx->arena, settings) : NULL;

    if (!url || unreadable) {
        /* The address itself is not shown, because there may be a password in it. */
        const char *what = arena_printf(ctx->arena, "member %s has %s api_url", request->member->name,
                                        request->member->api_url ? "an unusable" : "no");
        *reply = unreadable ? settled(ctx, HTTP_TLS_FAILED, unreadable) : settled(ctx, HTTP_UNREACHABLE, what);
        return false;
    }
    *http = (struct http_request){
        .method = request->method,
        .url = url,
        .authorization = rest_settings_authorization(ctx->config, settings, https),
        .tls = &settings->tls,
        .repeatable = strcmp(request->method, "GET") == 0,
        .deadline = request->deadline,
    };
    if (request->body) {
        struct str body;
        str_init(&body, ctx->arena);
        json_write(request->body, false, &body);
        http->body = body.text;
        http->body_length = body.length;
        http->content_type = "application/json";
    }
    return true;
}

static void prepare_exchange(struct ctx *ctx, const struct rest_request *request, const struct rest_settings *settings,
                             struct rest_exchange *exchange, struct http_reply *reply)
{
    struct rest_request probe = {.member = request->member, .method = "GET", .endpoint = "liveness"};

    *exchange = (struct rest_exchange){.request = request};
    if (prepare(ctx, request, settings, &exchange->http, reply) && request->works && differs(ctx, DIFF_HUNG_MEMBER) &&
        !prepare(ctx, &probe, settings, &exchange->probe_request, reply))
        exchange->http.url = NULL;
}

/* What became of it; a deadline or a signal has ended it if no answer has. */
static struct http_reply finish(struct ctx *ctx, const struct rest_exchange *exchange)
{
    if (!exchange->transfer)
        return signals_pending() ? settled(ctx, HTTP_ABORTED, ERR_MESSAGE_ABORTED)
                                 : settled(ctx, HTTP_TIMED_OUT, "there was no time left to ask");
    http_cancel(exchange->transfer);
    struct http_reply reply = *http_transfer_reply(exchange->transfer);
    if (exchange->silent) {
        reply.outcome = HTTP_TIMED_OUT;
        reply.error = arena_printf(ctx->arena, "member %s does not answer any more", exchange->request->member->name);
    }
    return reply;
}

/* An answer of something else than Patroni tells as much about a request as none: it may have been passed on. */
static void take_patronis_only(struct ctx *ctx, const struct rest_request *request, struct http_reply *reply)
{
    if (!differs(ctx, DIFF_ODD_ANSWERS) || reply->outcome != HTTP_ANSWERED || strcmp(request->method, "GET") == 0 ||
        reply_is_patronis(ctx->arena, request, reply))
        return;
    *reply = settled(ctx, HTTP_BROKEN,
                     arena_printf(ctx->arena, "member %s does not answer %s /%s as Patroni does (HTTP status %d)",
                                  request->member->name, request->method, request->endpoint, reply->status));
    reply->sent = true;
}

bool rest_send_all(struct ctx *ctx, const struct rest_request *requests, size_t count, struct http_reply *replies,
                   struct err *err)
{
    struct rest_exchange *exchanges = arena_calloc(ctx->arena, count, sizeof *exchanges);
    struct rest_settings settings;

    if (!rest_settings_read(ctx->arena, ctx->config, &settings, err))
        return false;
    for (size_t i = 0; i < count; i++)
        prepare_exchange(ctx, &requests[i], &settings, &exchanges[i], &replies[i]);
    rest_wait(ctx, exchanges, count);
    for (size_t i = 0; i < count; i++)
        if (exchanges[i].http.url) {
            replies[i] = finish(ctx, &exchanges[i]);
            take_patronis_only(ctx, &requests[i], &replies[i]);
        }
    return true;
}

static bool is_sent_again(const struct ctx *ctx, const struct rest_request *request, const struct http_reply *reply)
{
    return !differs(ctx, DIFF_SENT_ONCE) && reply->outcome == HTTP_BROKEN &&
           (strcmp(request->method, "GET") == 0 || strcmp(request->method, "DELETE") == 0);
}

bool rest_send(struct ctx *ctx, const struct rest_request *request, struct http_reply *reply, struct err *err)
{
    if (!rest_send_all(ctx, request, 1, reply, err))
        return false;
    for (int i = 0; i < REPETITIONS && is_sent_again(ctx, request, reply); i++)
        if (!rest_send_all(ctx, request, 1, reply, err))
            return false;
    return true;
}

static bool refused_credentials(struct ctx *ctx, const struct rest_request *request, const struct http_reply *reply,
                                const struct rest_settings *settings, struct err *err)
{
    const char *file = ctx->config->path ? ctx->config->path : "the configuration";
    bool https = false;

    if (reply->status == 401 && settings->authorization && url_of(ctx, request, &https) &&
        !rest_settings_authorization(ctx->config, settings, https))
        return err_set(err, ctx->arena, ERR_CREDENTIALS,
                       "member %s wants credentials (status code=401), and they are not sent to its api_url, which is "
                       "http://, while ctl.cacert or ctl.certfile in %s asks for TLS",
                       request->member->name, file);
    if (reply->status == 401 && !settings->authorization)
        return err_set(err, ctx->arena, ERR_CREDENTIALS,
                       "member %s wants credentials (status code=401), and %s has neither ctl.authentication nor "
                       "restapi.authentication",
                       request->member->name, file);
    if (reply->status == 401)
        return err_set(err, ctx->arena, ERR_CREDENTIALS,
                       "member %s does not accept the credentials (status code=401) of %s.authentication in %s",
                       request->member->name, settings->authorization_from, file);
    return err_set(err, ctx->arena, ERR_CREDENTIALS, "member %s does not allow it (status code=403)",
                   request->member->name);
}

bool rest_check(struct ctx *ctx, const struct rest_request *request, const struct http_reply *reply, struct err *err)
{
    struct rest_settings settings;

    if (reply->outcome == HTTP_ANSWERED && reply->status != 401 && reply->status != 403)
        return true;
    if (!rest_settings_read(ctx->arena, ctx->config, &settings, err))
        return false;
    if (reply->outcome == HTTP_ANSWERED)
        return refused_credentials(ctx, request, reply, &settings, err);
    if (reply->outcome == HTTP_ABORTED)
        return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (reply->outcome == HTTP_TLS_FAILED && rest_settings_unreadable(ctx->arena, &settings))
        return err_set(err, ctx->arena, ERR_TLS, "%s", reply->error);
    if (reply->outcome == HTTP_TLS_FAILED)
        return err_set(err, ctx->arena, ERR_TLS, "%s (%s)", reply->error,
                       rest_settings_tls_text(ctx->arena, &settings));
    if (reply->sent && strcmp(request->method, "GET") != 0)
        return err_set(err, ctx->arena, ERR_UNKNOWN, "%s", reply->error);
    return err_set(err, ctx->arena, ERR_UNREACHABLE, "%s", reply->error);
}
