#include "settings.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* The text of a setting, NULL when it is missing or false to Python. */
static bool text_of(struct arena *arena, const struct config *config, const char *section, const char *key,
                    const char **text, struct err *err)
{
    const struct value *whole = value_get(&config->tree, section), *value = value_get(whole, key);

    if (whole && !value_is(whole, VALUE_MAP))
        return err_set(err, arena, ERR_FAILED, "section %s is %s, not a mapping", section, value_kind_name(whole));
    if (value_truth(value) && !value_as_string(value))
        return err_set(err, arena, ERR_FAILED, "%s.%s is %s where text is due", section, key, value_kind_name(value));
    *text = value_truth(value) ? value_as_string(value) : NULL;
    return true;
}

static void wipe(void *secret)
{
    str_wipe(secret, strlen(secret));
}

static bool set_authorization(struct arena *arena, const struct config *config, const char *section,
                              struct rest_settings *settings, struct err *err)
{
    const char *credentials;

    if (!text_of(arena, config, section, "auth", &credentials, err))
        return false;
    if (!credentials)
        return true;
    /* patronictl cannot send what Latin-1 lacks: cases auth-not-latin and *-not-latin. */
    const char *raw = differs(config, DIFF_CREDENTIALS_UTF8) ? credentials : utf8_to_latin1(arena, credentials);
    if (!raw)
        return err_set(err, arena, ERR_FAILED, "%s", pytext_latin1_error(arena, credentials));
    char *encoded = base64_encode(arena, raw, strlen(raw));
    settings->authorization = arena_own(arena, arena_printf(arena, "Basic %s", encoded), wipe);
    str_wipe(encoded, strlen(encoded));
    settings->authorization_from = section;
    return true;
}

/*
 * A key without certificate does not count. As patronictl, "insecure" drops only the name when there is a certificate
 * (cases tls-insecure-*), although the help of -k says something else.
 */
static bool set_certificate(struct arena *arena, const struct config *config, struct http_tls *tls, struct err *err)
{
    if (!text_of(arena, config, "ctl", "certfile", &tls->certfile, err))
        return false;
    tls->no_verify_name = config->insecure;
    tls->no_verify_peer = config->insecure && (!tls->certfile || differs(config, DIFF_INSECURE_CERTIFICATE));
    return !tls->certfile || (text_of(arena, config, "ctl", "keyfile", &tls->keyfile, err) &&
                              text_of(arena, config, "ctl", "keyfile_password", &tls->key_password, err));
}

bool rest_settings_read(struct arena *arena, const struct config *config, struct rest_settings *settings,
                        struct err *err)
{
    struct rest_settings read = {.cafile_from = "ctl.cacert"};

    if (!set_authorization(arena, config, "ctl", &read, err) ||
        (!read.authorization && !set_authorization(arena, config, "restapi", &read, err)) ||
        !text_of(arena, config, "ctl", "cacert", &read.tls.cafile, err))
        return false;
    if (!read.tls.cafile) {
        read.cafile_from = "restapi.cafile";
        if (!text_of(arena, config, "restapi", "cafile", &read.tls.cafile, err))
            return false;
    }
    if (!set_certificate(arena, config, &read.tls, err))
        return false;
    *settings = read;
    return true;
}

const char *rest_settings_authorization(const struct config *config, const struct rest_settings *settings, bool https)
{
    bool speaks_tls =
        settings->tls.certfile || (settings->tls.cafile && str_equal(settings->cafile_from, "ctl.cacert"));

    return !https && speaks_tls && differs(config, DIFF_CREDENTIALS_PLAIN) ? NULL : settings->authorization;
}

const char *rest_settings_unreadable(struct arena *arena, const struct rest_settings *settings)
{
    const struct {
        const char *setting;
        const char *path;
    } files[] = {
        {settings->cafile_from, settings->tls.cafile},
        {"ctl.certfile", settings->tls.certfile},
        {"ctl.keyfile", settings->tls.keyfile},
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].path && access(files[i].path, R_OK) != 0)
            return arena_printf(arena, "%s: %s: %s", files[i].setting, files[i].path, strerror(errno));
    return NULL;
}

const char *rest_settings_tls_text(struct arena *arena, const struct rest_settings *settings)
{
    struct str text;

    str_init(&text, arena);
    if (settings->tls.cafile)
        str_printf(&text, "%s: %s", settings->cafile_from, settings->tls.cafile);
    else
        str_add(&text, "no ctl.cacert");
    if (settings->tls.certfile)
        str_printf(&text, ", ctl.certfile: %s", settings->tls.certfile);
    if (settings->tls.keyfile)
        str_printf(&text, ", ctl.keyfile: %s", settings->tls.keyfile);
    return text.text;
}
