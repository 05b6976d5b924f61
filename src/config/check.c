/* What is wrong with a store's section, told before it is used. Called as pgha only. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/str.h"

#include "reading.h"

struct check {
    struct arena *arena;
    const struct config *config;
    const char *section;
    struct err *err;
};

static const struct value *get(const struct check *check, const char *key)
{
    return config_get(check->config, check->section, key);
}

/* Always false. */
static bool bad(const struct check *check, const char *key, const char *value, const char *why)
{
    return err_set(check->err, check->arena, ERR_FAILED, "%s is \"%s\": %s",
                   config_where(check->arena, check->config, check->section, key), value, why);
}

bool reading_is_placeholder(const char *text)
{
    return strstr(text, "${") || strstr(text, "$(") || strstr(text, "{{") || strstr(text, "%(") || strchr(text, '<') ||
           *text == '$' || (*text == '@' && strchr(text + 1, '@'));
}

/* Characters that text processors put in the place of others, and that cannot be seen: dashes, quotes, blanks, marks.
 */
static bool has_lookalike(const char *text)
{
    return strstr(text, "\xe2\x80") || strstr(text, "\xc2\xa0") || strstr(text, "\xef\xbb\xbf");
}

/* What is wrong with host and port; NULL for nothing that can be told without asking for the name. */
static const char *address_problem(struct arena *arena, const char *text)
{
    const char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
    unsigned char address[16];
    int64_t port;

    if (reading_is_placeholder(text))
        return "a placeholder that nothing has replaced: write the server's name or address";
    if (strpbrk(text, "\"'") || (strchr(text, '[') ? !bracket : bracket != NULL))
        return "a list in quotes: take away the quotes around the brackets";
    if (strpbrk(text, " \t;"))
        return "put commas between servers, and no blanks into a name";
    if (text[strcspn(text, "\001\002\003\004\005\006\007\010\t\n\v\f\r\033\177")] || has_lookalike(text))
        return "it has a character that no host name has and that may not be visible: type it anew";
    if (strchr(text, '/'))
        return "only host and port belong here, no path";
    if (!*text || text == colon)
        return "the name of the server is missing";
    if (!colon || (bracket && colon < bracket))
        return NULL;
    const char *host = arena_strndup(arena, text, (size_t)(colon - text));
    if (!bracket && strchr(host, ':') && inet_pton(AF_INET6, host, address) != 1)
        return inet_pton(AF_INET6, text, address) == 1
                   ? arena_printf(arena, "an IPv6 address goes between brackets: \"[%s]:2379\"", text)
                   : "there is more than one colon: separate servers with commas";
    if (!str_to_int64(colon + 1, 1, 65535, &port))
        return "the port has to be a number from 1 to 65535";
    return NULL;
}

/* One server, as host or URL; without credentials, which are not shown either. */
static bool check_address(const struct check *check, const char *key, const char *element)
{
    char *text = str_trim(check->arena, element);
    const char *separator = strstr(text, "://"), *rest = separator ? separator + 3 : text;
    const char *at = strrchr(rest, '@');
    bool url = str_equal(key, "url") || str_equal(key, "proxy");
    char *address;

    if (at && !separator && !memchr(rest, ':', (size_t)(at - rest))) /* @HOST@, a placeholder */
        at = NULL;
    address = at ? arena_strdup(check->arena, at + 1) : arena_strdup(check->arena, rest);
    if (!*text && !url)
        return true;
    if (separator && strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0)
        return bad(check, key, at ? at + 1 : text,
                   url ? "a URL begins with http:// or https://"
                       : "write it without what is before \"://\", such as 10.0.0.1:2379; \"protocol\" may be https");
    if (at && !url)
        return bad(check, key, at + 1, "credentials go into the keys \"username\" and \"password\"");
    size_t end = strlen(address);
    if (url)
        address[strcspn(address, "/?#")] = '\0';
    else if (end && address[end - 1] == '/')
        address[end - 1] = '\0';
    const char *why = address_problem(check->arena, address);
    return !why || bad(check, key, at ? at + 1 : text, why);
}

static bool check_addresses(const struct check *check, const char *key, const char *text)
{
    for (; text; text = strchr(text, ',') ? strchr(text, ',') + 1 : NULL)
        if (!check_address(check, key, arena_strndup(check->arena, text, strcspn(text, ","))))
            return false;
    return true;
}

/* Always false. */
static bool bad_kind(const struct check *check, const char *key, const struct value *value, const char *cure)
{
    return err_set(check->err, check->arena, ERR_FAILED, "%s is %s: %s",
                   config_where(check->arena, check->config, check->section, key), value_kind_name(value), cure);
}

static bool is_kind(const struct value *value, enum value_kind kind)
{
    return !value || value_is(value, VALUE_NULL) || value_is(value, kind);
}

static bool check_kinds(const struct check *check)
{
    const struct value *host = get(check, "host"), *hosts = get(check, "hosts"), *url = get(check, "url");

    if (!is_kind(url, VALUE_STRING))
        return bad_kind(check, "url", url, "it is one URL, and several servers go into \"hosts\"");
    if (value_is(url, VALUE_STRING))
        return true;
    if (!is_kind(hosts, VALUE_STRING) && !is_kind(hosts, VALUE_LIST))
        return bad_kind(check, "hosts", hosts,
                        "it has to be a list, or text with commas, of servers such as 10.0.0.1:2379");
    for (uint32_t i = 0; value_is(hosts, VALUE_LIST) && i < hosts->length; i++)
        if (!is_kind(&hosts->items[i], VALUE_STRING))
            return bad_kind(check, "hosts", hosts, "each of its items has to be text such as 10.0.0.1:2379");
    if (value_is(hosts, VALUE_NULL) || !hosts)
        return is_kind(host, VALUE_STRING) ||
               bad_kind(check, "host", host,
                        value_is(host, VALUE_LIST) ? "the key for several servers is \"hosts\""
                                                   : "it has to be text such as 10.0.0.1:2379");
    return true;
}

static bool check_url(const struct check *check, const char *key, const char *text)
{
    const char *separator = strstr(text, "://"), *rest = separator ? separator + 3 : text, *at = strrchr(rest, '@');

    rest = at ? at + 1 : rest;
    if (!separator && !str_starts_with(text, "//"))
        return bad(check, key, rest, "a URL begins with http:// or https://");
    if (strchr(rest, ','))
        return bad(check, key, rest, "it is one URL, and several servers go into \"hosts\"");
    return check_address(check, key, text);
}

/* Blanks and commas alone name nothing. */
static bool is_blank(const struct value *value)
{
    bool blank = value_is(value, VALUE_LIST) || value_is(value, VALUE_NULL);

    if (value_is(value, VALUE_STRING))
        return value->text[strspn(value->text, " \t\r\n,")] == '\0';
    for (uint32_t i = 0; blank && value_is(value, VALUE_LIST) && i < value->length; i++)
        blank = is_blank(&value->items[i]);
    return blank;
}

/* The key that counts may name nothing, as in what a template has made of an empty variable. */
static bool check_named(const struct check *check)
{
    static const char *const places[] = {"proxy", "url", "hosts", "host", "srv", "discovery_srv", "srv_domain"};
    const struct value *value;
    struct str text;

    for (size_t i = 4; i < sizeof places / sizeof *places; i++)
        if ((value = get(check, places[i])) && !is_blank(value))
            return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!(value = get(check, places[i])) || value_is(value, VALUE_NULL))
            continue;
        if (!is_blank(value))
            return true;
        str_init(&text, check->arena);
        value_str(value, &text);
        return bad(check, places[i], text.text,
                   i < 4 ? "it names no server: write one, such as 10.0.0.1:2379"
                         : "it names no domain: write one, or the servers into \"hosts\"");
    }
    return true;
}

static bool check_places(const struct check *check)
{
    static const char *const urls[] = {"proxy", "url"}, *const domains[] = {"srv", "discovery_srv", "srv_domain"};
    const struct value *host = get(check, "host"), *hosts = get(check, "hosts"), *value;

    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (value_is(value = get(check, domains[i]), VALUE_STRING) && reading_is_placeholder(value->text))
            return bad(check, domains[i], value->text, "a placeholder that nothing has replaced");
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        if (value_is(value = get(check, urls[i]), VALUE_STRING))
            return check_url(check, urls[i], value->text);
    if (value_is(hosts, VALUE_STRING))
        return check_addresses(check, "hosts", hosts->text);
    for (uint32_t i = 0; value_is(hosts, VALUE_LIST) && i < hosts->length; i++)
        if (value_is(&hosts->items[i], VALUE_STRING) && !check_addresses(check, "hosts", hosts->items[i].text))
            return false;
    if (!hosts && value_is(host, VALUE_STRING))
        return strchr(host->text, ',')
                   ? bad(check, "host", host->text, "several servers: the key for these is \"hosts\"")
                   : check_address(check, "host", host->text);
    return true;
}

static bool check_port(const struct check *check)
{
    const struct value *port = get(check, "port");
    const char *variable, *ignored;
    struct str text;
    int64_t number;

    ignored = check->config->dcs_url
                  ? NULL
                  : config_ignored_variable(check->arena, check->config, check->section, "port", &variable);
    if (ignored)
        return err_set(check->err, check->arena, ERR_FAILED, "%s is \"%s\": it has to be a number from 1 to 65535",
                       variable, ignored);
    if (!port || value_is(port, VALUE_NULL))
        return true;
    str_init(&text, check->arena);
    value_str(port, &text);
    return (!value_is(port, VALUE_BOOL) && str_to_int64(text.text, 1, 65535, &number)) ||
           bad(check, "port", text.text, "it has to be a number from 1 to 65535");
}

static bool check_protocol(const struct check *check)
{
    const struct value *protocol = get(check, "protocol");

    return !value_is(protocol, VALUE_STRING) || !*protocol->text || strcasecmp(protocol->text, "http") == 0 ||
           strcasecmp(protocol->text, "https") == 0 ||
           bad(check, "protocol", protocol->text, "it has to be http or https");
}

/* Whether a variable, or -d, is all that the section is made of. */
static bool is_from_variables(const struct check *check)
{
    for (size_t i = 0; i < check->config->part_count; i++)
        if (check->config->parts[i].name && value_get(&check->config->parts[i].tree, check->section))
            return false;
    return !check->config->dcs_url;
}

/* Keys that people write, and the ones that Patroni knows. */
static const struct {
    const char *written, *known;
} misspelt[] = {
    {"certfile", "cert"},   {"cert_file", "cert"},  {"keyfile", "key"},     {"key_file", "key"},  {"cafile", "cacert"},
    {"ca", "cacert"},       {"ca_file", "cacert"},  {"ca_cert", "cacert"},  {"user", "username"}, {"pass", "password"},
    {"passwd", "password"}, {"endpoints", "hosts"}, {"endpoint", "host"},   {"hots", "hosts"},    {"servers", "hosts"},
    {"nodes", "hosts"},     {"proto", "protocol"},  {"scheme", "protocol"},
};

const char *config_misspelt(struct arena *arena, const struct config *config, const char *section)
{
    struct str text;

    str_init(&text, arena);
    for (size_t i = 0; i < sizeof misspelt / sizeof *misspelt; i++)
        if (config_get(config, section, misspelt[i].written) && !config_get(config, section, misspelt[i].known))
            str_printf(&text, "%s%s does not count, write \"%s\"", text.length ? "; " : "",
                       config_where(arena, config, section, misspelt[i].written), misspelt[i].known);
    return text.length ? text.text : NULL;
}

static bool no_server(const struct check *check, const struct value *section)
{
    struct arena *arena = check->arena;
    const char *instead = config_misspelt(arena, check->config, check->section);
    struct str keys;

    if (instead)
        return err_set(check->err, arena, ERR_FAILED, "section %s names no server: %s", check->section, instead);
    str_init(&keys, arena);
    for (uint32_t i = 0; i < section->length; i++) {
        const char *key = value_as_string(&section->pairs[i].key);

        if (key && is_from_variables(check))
            str_printf(&keys, "%s%s", keys.length ? ", " : "", config_where(arena, check->config, check->section, key));
        else if (key)
            str_printf(&keys, "%s%s", keys.length ? ", " : "", key);
    }
    if (is_from_variables(check) && section->length)
        return err_set(check->err, arena, ERR_FAILED,
                       "section %s comes from the environment, but no variable names a server (set: %s); set %s, or "
                       "unset these",
                       check->section, keys.text, config_where(arena, check->config, check->section, "hosts"));
    return err_set(check->err, arena, ERR_FAILED,
                   "%s %s: name the servers there, such as \"hosts: 10.0.0.1:2379,10.0.0.2:2379\", indented%s%s%s",
                   config_where(arena, check->config, check->section, NULL),
                   section->length ? "names no server" : "is empty", keys.length ? " (it has: " : "", keys.text,
                   keys.length ? ")" : "");
}

bool config_check_store(struct arena *arena, const struct config *config, const char *section, struct err *err)
{
    static const char *const places[] = {"proxy", "srv", "discovery_srv", "srv_domain", "url", "hosts", "host"};
    const struct check check = {arena, config, section, err};
    const struct value *value = value_get(&config->tree, section);
    bool named = false;

    if (!value_is(value, VALUE_MAP))
        return err_set(
            err, arena, ERR_FAILED,
            "%s is %s, not a mapping: its keys stand below it, indented, each with a colon and a blank behind "
            "it",
            config_where(arena, config, section, NULL), value_kind_name(value));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        named |= get(&check, places[i]) && !value_is(get(&check, places[i]), VALUE_NULL);
    if (!named)
        return no_server(&check, value);
    return check_protocol(&check) && check_port(&check) && check_kinds(&check) && check_named(&check) &&
           check_places(&check);
}
