#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_dcs.h"
#include "fake_http.h"
#include "pgha/base64.h"

/*
 * The histories of src/dcs/settle.h. The store's revision is 7 when its tree is read; then the value "new" is written
 * to /k, or /k is deleted, without an answer.
 */
#define SEEN 7

/* A key with a value and revision; `value` NULL: there is none; "": it cannot be read at that time. */
struct moment {
    const char *value;
    int revision;
};

#define OLD                                                                                                            \
    {                                                                                                                  \
        "old", 5                                                                                                       \
    }
#define NONE                                                                                                           \
    {                                                                                                                  \
        NULL, 0                                                                                                        \
    }
#define COMPACTED                                                                                                      \
    {                                                                                                                  \
        "", 0                                                                                                          \
    }

struct history {
    const char *what;
    bool deletes;
    int64_t revision;
    struct moment now, before, middle; /* before: at 7, middle: at 8 */
    enum err_kind outcome;
};

static const struct history histories[] = {
    {"not yet", false, 5, OLD, OLD, OLD, ERR_UNKNOWN},
    {"ours", false, 5, {"new", 8}, OLD, NONE, ERR_NONE},
    {"ours, edited since", false, 5, {"edited", 9}, OLD, {"new", 8}, ERR_NONE},
    {"ours, deleted since", false, 5, NONE, OLD, {"new", 8}, ERR_NONE},
    {"ours, deleted and created anew", false, 5, {"edited", 10}, OLD, {"new", 8}, ERR_NONE},
    {"another value", false, 5, {"other", 8}, OLD, NONE, ERR_CONFLICT},
    {"another value, then the same as ours", false, 5, {"new", 9}, OLD, {"other", 8}, ERR_CONFLICT},
    {"deleted", false, 5, NONE, OLD, NONE, ERR_CONFLICT},
    {"deleted, then the same as ours", false, 5, {"new", 9}, OLD, NONE, ERR_CONFLICT},
    {"changed before it was sent", false, 5, {"new", 6}, {"new", 6}, NONE, ERR_CONFLICT},
    {"changed before it was sent, and then", false, 5, {"new", 8}, {"other", 6}, NONE, ERR_CONFLICT},
    {"changed, compacted", false, 5, {"new", 9}, COMPACTED, NONE, ERR_UNKNOWN},
    {"changed, partly compacted", false, 5, {"edited", 9}, OLD, COMPACTED, ERR_UNKNOWN},
    {"nothing can be read", false, 5, COMPACTED, NONE, NONE, ERR_UNKNOWN},
    {"still absent", false, DCS_ABSENT, NONE, NONE, NONE, ERR_UNKNOWN},
    {"created by us", false, DCS_ABSENT, {"new", 8}, NONE, NONE, ERR_NONE},
    {"created by us, edited", false, DCS_ABSENT, {"edited", 9}, NONE, {"new", 8}, ERR_NONE},
    {"created by others, may go", false, DCS_ABSENT, {"other", 8}, NONE, NONE, ERR_UNKNOWN},
    {"was there before", false, DCS_ABSENT, {"new", 6}, {"new", 6}, NONE, ERR_UNKNOWN},
    {"set", false, DCS_ANY, {"new", 8}, OLD, NONE, ERR_NONE},
    {"set, and had been the same", false, DCS_ANY, {"new", 8}, {"new", 5}, NONE, ERR_NONE},
    {"had been the same", false, DCS_ANY, {"new", 6}, {"new", 6}, NONE, ERR_UNKNOWN},
    {"set, then edited", false, DCS_ANY, {"edited", 9}, NONE, {"new", 8}, ERR_NONE},
    {"set by others", false, DCS_ANY, {"other", 8}, OLD, NONE, ERR_UNKNOWN},
    {"not set yet", false, DCS_ANY, OLD, OLD, NONE, ERR_UNKNOWN},
    {"deleted", true, 5, NONE, OLD, NONE, ERR_NONE},
    {"deleted and created anew", true, 5, {"other", 9}, OLD, NONE, ERR_NONE},
    {"not deleted yet", true, 5, OLD, OLD, NONE, ERR_UNKNOWN},
    {"edited by others", true, 5, {"other", 8}, OLD, NONE, ERR_CONFLICT},
    {"edited, and deleted by others", true, 5, NONE, OLD, {"other", 8}, ERR_CONFLICT},
    {"deleted whatever it was", true, DCS_ANY, NONE, OLD, NONE, ERR_NONE},
    {"not deleted whatever it was", true, DCS_ANY, {"other", 8}, OLD, NONE, ERR_UNKNOWN},
};

struct world {
    struct arena *arena;
    struct fake_http *fake;
    struct dcs *dcs;
};

static struct fake_answer says(struct arena *arena, int status, const char *body)
{
    return (struct fake_answer){
        .text = arena_printf(arena, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body)};
}

/* The store with an empty tree at revision 7, which has been read. */
static void begin(struct world *world, const char *section, const struct fake_answer *answers, size_t count)
{
    struct dcs_tree tree;

    world->fake = fake_http_start(answers, count);
    world->dcs =
        fake_dcs_open(world->arena, section, arena_printf(world->arena, "url: '%s'", fake_http_url(world->fake)));
    assert_true(dcs_read_tree(world->dcs, world->arena, "/x", deadline_in(20), &tree, NULL));
    assert_int_equal(tree.revision, SEEN);
}

static void end(struct world *world)
{
    fake_http_stop(world->fake);
    arena_free(world->arena);
}

/* With the write that `history` is about; what can be found out is, however busy the machine. */
static void check(struct world *world, const struct history *history)
{
    struct err err = ERR_INIT;
    deadline_t deadline = deadline_in(history->outcome == ERR_UNKNOWN ? 1 : 20);
    bool done = history->deletes ? dcs_delete_if(world->dcs, world->arena, "/k", history->revision, deadline, &err)
                                 : dcs_put_if(world->dcs, world->arena, "/k", "new", history->revision, deadline, &err);

    if (done != (history->outcome == ERR_NONE) || (!done && err.kind != history->outcome))
        fail_msg("%s: %d %s", history->what, err.kind, err.message ? err.message : "");
    if (history->outcome == ERR_UNKNOWN)
        assert_non_null(strstr(err.message, "it is not known whether the write to "));
}

static struct fake_answer v3_key(struct arena *arena, struct moment moment)
{
    if (!moment.value)
        return says(arena, 200, "{\"header\":{\"revision\":\"10\"}}");
    if (!*moment.value)
        return says(arena, 400, "{\"error\":\"etcdserver: mvcc: required revision has been compacted\",\"code\":11}");
    return says(arena, 200,
                arena_printf(arena,
                             "{\"header\":{\"revision\":\"10\"},\"kvs\":[{\"key\":\"L2s=\",\"mod_revision\":\"%d\","
                             "\"value\":\"%s\"}],\"count\":\"1\"}",
                             moment.revision, base64_encode(arena, moment.value, strlen(moment.value))));
}

static void v3_histories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        struct world world = {.arena = arena_new(NULL)};
        const struct history *history = &histories[i];
        const struct fake_answer answers[] = {says(world.arena, 200, "{\"header\":{\"revision\":\"7\"}}"),
                                              {.text = NULL},
                                              v3_key(world.arena, history->now),
                                              v3_key(world.arena, history->now),
                                              v3_key(world.arena, history->before),
                                              v3_key(world.arena, history->middle)};

        begin(&world, "etcd3", answers, sizeof answers / sizeof *answers);
        check(&world, history);
        end(&world);
    }
}

static const char *v2_node(struct arena *arena, struct moment moment)
{
    return arena_printf(arena, "{\"key\":\"/k\",\"value\":\"%s\",\"modifiedIndex\":%d}", moment.value, moment.revision);
}

static struct fake_answer v2_key(struct arena *arena, struct moment moment)
{
    if (!moment.value)
        return says(arena, 404, "{\"errorCode\":100,\"message\":\"Key not found\",\"cause\":\"/k\",\"index\":10}");
    if (!*moment.value)
        return says(arena, 400, "{\"errorCode\":401,\"message\":\"outdated\",\"cause\":\"the history\",\"index\":10}");
    return says(arena, 200, arena_printf(arena, "{\"action\":\"get\",\"node\":%s}", v2_node(arena, moment)));
}

/* The first event after 7: from `before` to `first`. */
static struct fake_answer v2_event(struct arena *arena, struct moment before, struct moment first)
{
    const char *previous =
        before.value && *before.value ? arena_printf(arena, ",\"prevNode\":%s", v2_node(arena, before)) : "";

    if ((before.value && !*before.value) || (first.value && !*first.value))
        return v2_key(arena, (struct moment)COMPACTED);
    if (!first.value)
        return says(
            arena, 200,
            arena_printf(arena, "{\"action\":\"delete\",\"node\":{\"key\":\"/k\",\"modifiedIndex\":8}%s}", previous));
    return says(arena, 200, arena_printf(arena, "{\"action\":\"set\",\"node\":%s%s}", v2_node(arena, first), previous));
}

static void v2_histories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        struct world world = {.arena = arena_new(NULL)};
        const struct history *history = &histories[i];
        bool changed = history->now.value ? history->now.revision > SEEN : history->before.value != NULL;
        struct moment first = history->now.revision == SEEN + 1 ? history->now : history->middle;
        const struct fake_answer answers[] = {says(world.arena, 200,
                                                   "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":"
                                                   "[{\"key\":\"/x/y\",\"value\":\"\",\"modifiedIndex\":7}]}}"),
                                              {.text = NULL},
                                              v2_key(world.arena, history->now),
                                              changed ? v2_event(world.arena, history->before, first)
                                                      : (struct fake_answer){.hang = true, .text = ""}};

        begin(&world, "etcd", answers, sizeof answers / sizeof *answers);
        check(&world, history);
        if (changed && fake_http_count(world.fake) > 3)
            assert_non_null(strstr(fake_http_request(world.fake, 3), "GET /v2/keys/k?wait=true&waitIndex=8 HTTP"));
        end(&world);
    }
}

static void removals(void **state)
{
    static const struct {
        const char *section;
        const char *read;
        int status;
        const char *left;
        enum err_kind outcome;
    } rows[] = {
        {"etcd3", "{\"header\":{\"revision\":\"7\"}}", 200, "{\"header\":{\"revision\":\"9\"}}", ERR_NONE},
        {"etcd3", "{\"header\":{\"revision\":\"7\"}}", 200, "{}", ERR_UNKNOWN},
        {"etcd3", "{\"header\":{\"revision\":\"7\"}}", 200,
         "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"L2svYQ==\",\"mod_revision\":\"3\"}]}", ERR_UNKNOWN},
        {"etcd",
         "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":[{\"key\":\"/x/y\",\"value\":\"\",\"modifiedIndex\":7}]}}",
         404, "{\"errorCode\":100,\"message\":\"Key not found\",\"index\":9}", ERR_NONE},
        {"etcd",
         "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":[{\"key\":\"/x/y\",\"value\":\"\",\"modifiedIndex\":7}]}}",
         404, "{\"errorCode\":100,\"message\":\"Key not found\",\"index\":5}", ERR_UNKNOWN},
        {"etcd",
         "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":[{\"key\":\"/x/y\",\"value\":\"\",\"modifiedIndex\":7}]}}",
         200, "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"dir\":true,\"modifiedIndex\":3}}", ERR_UNKNOWN},
        {"etcd3", "{\"header\":{\"revision\":\"7\"}}", 200, "{\"header\":{\"revision\":\"5\"}}", ERR_UNKNOWN},
        {"etcd",
         "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":[{\"key\":\"/x/y\",\"value\":\"\",\"modifiedIndex\":7}]}}",
         200,
         "{\"node\":{\"key\":\"/k\",\"dir\":true,\"nodes\":[{\"key\":\"/k/y\",\"value\":\"\",\"modifiedIndex\":9}]}}",
         ERR_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = {.arena = arena_new(NULL)};
        struct err err = ERR_INIT;
        const struct fake_answer answers[] = {
            says(world.arena, 200, rows[i].read), {.text = NULL}, says(world.arena, rows[i].status, rows[i].left)};

        begin(&world, rows[i].section, answers, 3);
        bool done = dcs_remove_tree(world.dcs, world.arena, "/k", deadline_in(5), &err);
        if (done ? rows[i].outcome != ERR_NONE : err.kind != rows[i].outcome)
            fail_msg("row %zu: %d %s", i, err.kind, err.message ? err.message : "");
        end(&world);
    }
}

/* What is no answer of etcd's to the write: the key is looked up, has not changed, and so nothing is known. */
static void foreign_answers_are_looked_up(void **state)
{
    static const struct {
        int status;
        const char *body;
    } rows[] = {
        {200, "<html><body>Please log in</body></html>"},
        {200, ""},
        {204, ""},
        {200, "null"},
        {200, "[]"},
        {200, "{}"},
        {200, "{\"succeeded\":\"true\"}"},
        {200, "{\"succeeded\":true}"},
        {200, "{\"header\":{\"revision\":\"8\"},\"succeeded\":tr"},
        {200, "{\"header\":{\"revision\":\"8\"},\"kvs\":[],\"count\":\"0\"}"},
        {200, "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"new\",\"modifiedIndex\":8}}"},
        {200, "{\"action\":\"compareAndSwap\",\"node\":{\"key\":\"/k\",\"value\":\"other\",\"modifiedIndex\":8}}"},
        {200, "{\"action\":\"set\",\"node\":{\"key\":\"/k\",\"value\":\"new\",\"modifiedIndex\":7}}"},
        {200, "{\"action\":\"set\"}"},
        {200, "{\"errorCode\":101,\"message\":\"Compare failed\"}"},
        {201, "{}"},
        {202, "accepted"},
        {302, ""},
        {404, "404 page not found\n"},
        {403, "Forbidden"},
        {412, "{}"},
        {499, "{\"error\":\"context canceled\",\"code\":1}"},
        {400, "{\"error\":\"etcdserver: mvcc: required revision has been compacted\",\"code\":11}"},
        {400, "{\"error\":\"etcdserver: not leader\",\"code\":9}"},
        {400, "{\"errorCode\":401,\"message\":\"The event in requested index is outdated and cleared\",\"index\":9}"},
        {200, "{\"action\":\"compareAndSwap\",\"node\":{\"key\":\"/j\",\"value\":\"new\",\"modifiedIndex\":8}}"},
        {200, "{\"action\":\"set\",\"node\":{\"key\":\"/j\",\"value\":\"new\",\"modifiedIndex\":8}}"},
        {200, "{\"action\":\"delete\",\"node\":{\"key\":\"/j\",\"dir\":true,\"modifiedIndex\":8}}"},
        {502, "<html>Bad Gateway</html>"},
    };
    static const struct {
        const char *section;
        const char *read;
    } stores[] = {
        {"etcd3",
         "{\"header\":{\"revision\":\"7\"},\"kvs\":[{\"key\":\"L2s=\",\"mod_revision\":\"5\",\"value\":\"b2xk\"}]}"},
        {"etcd", "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"old\",\"modifiedIndex\":5,\"nodes\":"
                 "[{\"key\":\"/k/y\",\"value\":\"\",\"modifiedIndex\":7}]}}"},
    };
    static const int64_t revisions[] = {5, DCS_ANY};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < 8; k++) {
            struct world world = {.arena = arena_new(NULL)};
            const struct fake_answer read = says(world.arena, 200, stores[k % 2].read);
            const struct fake_answer answers[] = {read, says(world.arena, rows[i].status, rows[i].body), read};
            const int64_t revision = revisions[k / 2 % 2];
            struct err err = ERR_INIT;

            begin(&world, stores[k % 2].section, answers, 3);
            bool done = k < 4 ? dcs_put_if(world.dcs, world.arena, "/k", "new", revision, deadline_in(20), &err)
                        : revision == DCS_ANY
                            ? dcs_remove_tree(world.dcs, world.arena, "/k", deadline_in(20), &err)
                            : dcs_delete_if(world.dcs, world.arena, "/k", revision, deadline_in(20), &err);
            /* With the v3 API there is nothing below /k, so the removal is proved. */
            if (k == 6 ? !done : done || err.kind != ERR_UNKNOWN)
                fail_msg("row %zu, %zu: %d %s", i, k, err.kind, err.message ? err.message : "");
            assert_int_equal(fake_http_count(world.fake), 3);
            end(&world);
        }
}

/* etcd says so both of a write that it refuses and of one that has just filled its quota. */
static void no_space(void **state)
{
    static const char full[] = "{\"error\":\"etcdserver: mvcc: database space exceeded\",\"code\":8}";
    static const struct {
        int64_t revision;
        struct moment now, before;
        enum err_kind outcome;
    } rows[] = {
        {5, OLD, OLD, ERR_FAILED},
        {DCS_ANY, OLD, OLD, ERR_FAILED},
        {5, {"new", 8}, OLD, ERR_NONE},
        {DCS_ANY, {"new", 8}, OLD, ERR_NONE},
        {DCS_ABSENT, NONE, NONE, ERR_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = {.arena = arena_new(NULL)};
        struct err err = ERR_INIT;
        const struct fake_answer answers[] = {says(world.arena, 200, "{\"header\":{\"revision\":\"7\"}}"),
                                              says(world.arena, 429, full), v3_key(world.arena, rows[i].now),
                                              v3_key(world.arena, rows[i].now), v3_key(world.arena, rows[i].before)};

        begin(&world, "etcd3", answers, sizeof answers / sizeof *answers);
        bool done = dcs_put_if(world.dcs, world.arena, "/k", "new", rows[i].revision, deadline_in(20), &err);
        if (done != (rows[i].outcome == ERR_NONE) || (!done && err.kind != rows[i].outcome))
            fail_msg("row %zu: %d %s", i, err.kind, err.message ? err.message : "");
        if (err.kind == ERR_FAILED)
            assert_string_equal(err.message, "etcd says: mvcc: database space exceeded");
        end(&world);
    }
}

/* An event of the v2 API proves something only if it is one of the key that was written. */
static void foreign_events(void **state)
{
    static const char *const events[] = {
        "{\"action\":\"set\",\"node\":{\"key\":\"/j\",\"value\":\"new\",\"modifiedIndex\":8}}",
        "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"new\",\"modifiedIndex\":8}}",
        "{\"action\":\"set\",\"node\":{\"key\":\"/k\",\"value\":\"new\",\"modifiedIndex\":7}}",
        ("{\"action\":\"delete\",\"node\":{\"key\":\"/\",\"dir\":true,\"modifiedIndex\":8},"
         "\"prevNode\":{\"key\":\"/j\",\"dir\":true}}"),
        "{\"action\":\"set\"}",
        "[]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct world world = {.arena = arena_new(NULL)};
        struct err err = ERR_INIT;
        const struct fake_answer answers[] = {
            says(world.arena, 200,
                 "{\"node\":{\"key\":\"/x\",\"dir\":true,\"nodes\":[{\"key\":\"/x/y\",\"value\":\"\","
                 "\"modifiedIndex\":7}]}}"),
            {.text = NULL},
            v2_key(world.arena, (struct moment){"edited", 9}),
            says(world.arena, 200, events[i])};

        begin(&world, "etcd", answers, sizeof answers / sizeof *answers);
        assert_false(dcs_put_if(world.dcs, world.arena, "/k", "new", 5, deadline_in(20), &err));
        if (err.kind != ERR_UNKNOWN)
            fail_msg("%s: %d %s", events[i], err.kind, err.message);
        end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v3_histories), cmocka_unit_test(v2_histories),
        cmocka_unit_test(removals),     cmocka_unit_test(foreign_answers_are_looked_up),
        cmocka_unit_test(no_space),     cmocka_unit_test(foreign_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
