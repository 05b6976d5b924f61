#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

/* The problem of a file with this text, without the file's name in front; NULL: none. */
static const char *problem(struct world *world, const char *text)
{
    struct err err = ERR_INIT;

    put(world, "patronictl.yaml", text);
    must_read(world);
    if (config_check_store(world->arena, &world->config, "etcd3", &err))
        return NULL;
    const char *path = strstr(err.message, world->config.path);
    return path == err.message ? err.message + strlen(world->config.path) + 2 : err.message;
}

static void lets_pass_what_works(void **state)
{
    static const char *const texts[] = {
        "host: a",
        "host: a:2379",
        "host: '[::1]:2379'",
        "host: '::1:2379'",
        "hosts: a,b:1 , https://c:2",
        "hosts: [a, 'b:1,c:2']",
        "hosts: [a, null]",
        "url: http://user:p$w{d@a:1/x",
        "srv: example.org",
        "hosts: null\n  host: a",
        "host: a\n  port: '2379'",
        "host: a\n  protocol: HTTPS",
        "host: a/",
        "host: a\n  srv: ''",
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *found = problem(world, arena_printf(world->arena, "etcd3:\n  %s\n", texts[i]));

        if (found)
            fail_msg("%s: %s", texts[i], found);
    }
}

static void tells_what_is_wrong(void **state)
{
    static const char *const rows[][2] = {
        {" {}", "etcd3 is empty: name"},
        {" 127.0.0.1", "etcd3 is text, not a mapping: its keys stand below it"},
        {"\n  cert: a\n  cacert: b", "etcd3 names no server: name the servers there"},
        {"\n  cert: a\n  cacert: b", "(it has: cert, cacert)"},
        {"\n  endpoints: a\n  cacert: b", "etcd3.endpoints does not count, write \"hosts\""},
        {"\n  host: ' '", "etcd3.host is \" \": it names no server"},
        {"\n  hosts: ['', null]", "it names no server"},
        {"\n  url: ftp://bob:secret@a", "a URL begins with http:// or https://"},
        {"\n  hosts: etcd3://a:1", "etcd3.hosts is \"etcd3://a:1\": write it without"},
        {"\n  host: ${HOSTNAME}:2379", "etcd3.host is \"${HOSTNAME}:2379\": a placeholder"},
        {"\n  hosts: ['a', '{{ etcd }}:2379']", "etcd3.hosts is \"{{ etcd }}:2379\": a placeholder"},
        {"\n  hosts: $ETCD", "etcd3.hosts is \"$ETCD\": a placeholder"},
        {"\n  host: '@HOSTIP@'", "etcd3.host is \"@HOSTIP@\": a placeholder"},
        {"\n  url: http://bob:secret@<ip>:2379", "etcd3.url is \"<ip>:2379\": a placeholder"},
        {"\n  srv: ${DOMAIN}", "etcd3.srv is \"${DOMAIN}\": a placeholder"},
        {"\n  hosts: '[a:1, b:2]'", "etcd3.hosts is \"[a:1\": a list in quotes"},
        {"\n  hosts: a:1 b:2", "etcd3.hosts is \"a:1 b:2\": put commas between"},
        {"\n  hosts: a:1;b:2", "put commas between"},
        {"\n  host: a:1,b:2", "etcd3.host is \"a:1,b:2\": several servers: the key for these is \"hosts\""},
        {"\n  host: \"a\\r\\nb\"", "a character that no host name has"},
        {"\n  host: \"a\\u200b\"", "a character that no host name has"},
        {"\n  host: a:2379/v3", "etcd3.host is \"a:2379/v3\": only host and port belong here, no path"},
        {"\n  host: fd00::1", "an IPv6 address goes between brackets: \"[fd00::1]:2379\""},
        {"\n  host: a:1:2", "there is more than one colon"},
        {"\n  host: ':2379'", "the name of the server is missing"},
        {"\n  url: 'http://:2379'", "the name of the server is missing"},
        {"\n  host: a:http", "etcd3.host is \"a:http\": the port has to be a number from 1 to 65535"},
        {"\n  host: a\n  port: 23790000", "etcd3.port is \"23790000\": it has to be a number"},
        {"\n  host: a\n  port: abc", "etcd3.port is \"abc\": it has to be a number"},
        {"\n  host: a\n  port: true", "etcd3.port is \"True\": it has to be a number"},
        {"\n  host: bob:secret@a:1", "etcd3.host is \"a:1\": credentials go into the keys"},
        {"\n  hosts: http://bob:secret@a:1", "etcd3.hosts is \"a:1\": credentials go into the keys"},
        {"\n  host: [a]", "etcd3.host is a list: the key for several servers is \"hosts\""},
        {"\n  host: 5", "etcd3.host is a number: it has to be text"},
        {"\n  hosts: {a: 1}", "etcd3.hosts is a mapping: it has to be a list, or text with commas"},
        {"\n  hosts: [host: a]", "etcd3.hosts is a list: each of its items has to be text such as"},
        {"\n  url: [http://a]", "etcd3.url is a list: it is one URL"},
        {"\n  url: a:2379", "etcd3.url is \"a:2379\": a URL begins with http:// or https://"},
        {"\n  url: http://a:1,http://b:1", "it is one URL, and several servers go into \"hosts\""},
        {"\n  host: a\n  protocol: tls", "etcd3.protocol is \"tls\": it has to be http or https"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = problem(world, arena_printf(world->arena, "etcd3:%s\n", rows[i][0]));

        if (!found || !strstr(found, rows[i][1]) || strstr(found, "secret"))
            fail_msg("%s: %s", rows[i][0], found);
    }
}

static void knows_variables(void **state)
{
    static const char *const environment[] = {"PATRONI_ETCD3_CACERT=/ca", NULL};
    static const char *const port[] = {"PATRONI_ETCD3_PORT=http", NULL};
    static const char *const placeholder[] = {"PATRONI_ETCD3_HOST=$ETCD", NULL};
    struct world *world = *state;
    struct err err = ERR_INIT;

    world->places.environment = environment;
    must_read(world);
    assert_false(config_check_store(world->arena, &world->config, "etcd3", &err));
    assert_string_equal(err.message, "section etcd3 comes from the environment, but no variable names a server (set: "
                                     "PATRONI_ETCD3_CACERT); set PATRONI_ETCD3_HOSTS, or unset these");
    world->places.environment = port;
    assert_non_null(strstr(problem(world, "etcd3: {host: a}\n"), "PATRONI_ETCD3_PORT is \"http\": it has to be"));
    world->places.environment = placeholder;
    assert_non_null(strstr(problem(world, "etcd3: {host: a}\n"), "PATRONI_ETCD3_HOST is \"$ETCD\": a placeholder"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(lets_pass_what_works), TEST(tells_what_is_wrong), TEST(knows_variables)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
