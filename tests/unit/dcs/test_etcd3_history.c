#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/backend.h"
#include "fake_dcs.h"
#include "fake_http.h"

#define AT(revision) "\"header\":{\"revision\":\"" revision "\"}"
#define ABSENT(store) "{" AT(store) "}"
/* "/k" with the value "v". */
#define KEY(store, revision)                                                                                           \
    "{" AT(store) ",\"kvs\":[{\"key\":\"L2s=\",\"mod_revision\":\"" revision "\",\"value\":\"dg==\"}]}"

/* What the store says to reads of the key: now, at revision 10, and where halving leads. */
struct row {
    const char *answers[5];
    bool known;
    const char *value; /* NULL: a deletion */
    const char *asked; /* in the last question */
};

static const struct row rows[] = {
    {{KEY("20", "5"), KEY("20", "5")}, false, NULL, "\"revision\":\"10\""},
    {{KEY("20", "11"), KEY("20", "5")}, true, "v", "\"revision\":\"10\""},
    {{KEY("20", "15"), KEY("20", "5"), KEY("20", "5")}, true, "v", "\"revision\":\"14\""},
    {{KEY("20", "15"), KEY("20", "5"), ABSENT("20"), KEY("20", "5"), KEY("20", "5")},
     true,
     NULL,
     "\"revision\":\"13\""},
    {{ABSENT("12"), KEY("12", "5"), KEY("12", "11")}, true, "v", "\"revision\":\"11\""},
    {{ABSENT("12"), KEY("12", "5"), KEY("12", "5")}, true, NULL, "\"revision\":\"11\""},
};

static struct fake_answer says(struct arena *arena, const char *body)
{
    return (struct fake_answer){
        .text = arena_printf(arena, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body),
        .keep = true};
}

static void check(const struct row *row)
{
    struct arena *arena = arena_new(NULL);
    struct fake_answer answers[5];
    size_t count = 0;
    struct dcs_change change;
    struct err err = ERR_INIT;

    for (; count < 5 && row->answers[count]; count++)
        answers[count] = says(arena, row->answers[count]);
    struct fake_http *fake = fake_http_start(answers, count);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", arena_printf(arena, "host: '%s'", fake_http_place(fake)));
    assert_true(dcs->backend->first_change(dcs, arena, "/k", 10, deadline_in(10), &change, &err));
    assert_int_equal(change.known, row->known);
    if (row->known) {
        assert_int_equal(change.before, 5);
        assert_int_equal(change.deleted, !row->value);
        if (row->value)
            assert_string_equal(change.value, row->value);
    }
    assert_non_null(strstr(fake_http_request(fake, count - 1), row->asked));
    arena_free(arena);
    fake_http_stop(fake);
}

static void test_first_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_first_change)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
