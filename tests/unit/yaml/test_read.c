#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read_yaml.h"

static void documents(void **state)
{
    static const struct yaml_case cases[] = {
        {"", "null"},
        {"# nothing\n", "null"},
        {"a: 1\nb: [x, 2]\n", "{\"a\":1,\"b\":[\"x\",2]}"},
        {"\xef\xbb\xbf"
         "a: 1\n",
         "{\"a\":1}"},
        {"a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}"},
        {"--- \na: 1\n...\n", "{\"a\":1}"},
        {"{\"a\": \"\\u00e9\"}", "{\"a\":\"\\u00e9\"}"},
        {"a: 1\na: 2\n", "{\"a\":2}"},
        {"a: \"x\\0y\"\n", "{\"a\":\"x\\u0000y\"}"},
        {"a: 1\n---\nb: 2\n", "!doc, line 2, column 1: expected a single document"},
        {"a: [1\n", "!doc, line 2, column 1: "},
        {"a: b: c\n", "!doc, line 1, column 5: mapping values are not allowed"},
        {"a: \xff\n", "!doc, line 1, column 4: no valid UTF-8"},
        {"a: \x01\n", "!doc, line 1, column 4: the character U+0001 is not allowed"},
        {"\n\xc3\xa9: \xed\xa0\x80\n", "!doc, line 2, column 4: the character U+D800 is not allowed"},
        {"x: @a\n", "!line 1, column 4: found character that cannot start any token"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void anchors(void **state)
{
    static const struct yaml_case cases[] = {
        {"a: &x [1]\nb: *x\n", "{\"a\":[1],\"b\":[1]}"},
        {"- *x\n", "!line 1, column 3: undefined alias"},
        {"- &x 1\n- &x 2\n", "!line 2, column 3: a second anchor"},
        {"&x [*x]\n", "!an alias inside of what it stands for"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

/* An alias shares what it stands for, so that the writer can give it an anchor again. */
static void aliases_share(void **state)
{
    static const char text[] = "a: &x []\nb: *x\nc: &y {k: &z [1]}\nd: {<<: *y}\n";
    struct arena *arena = arena_new(NULL);
    struct value value;

    (void)state;
    assert_true(yaml_read(arena, text, strlen(text), "doc", NULL, &value, NULL));
    assert_true(value_get(&value, "a")->aliased);
    assert_ptr_equal(value_get(&value, "a")->items, value_get(&value, "b")->items);
    assert_ptr_equal(value_path(&value, "c", "k", NULL)->items, value_path(&value, "d", "k", NULL)->items);
    arena_free(arena);
}

static void caps(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str deep, laughs;

    (void)state;
    str_init(&deep, arena);
    str_add_repeat(&deep, '[', 400);
    str_add_repeat(&deep, ']', 400);
    assert_true(*read_yaml(arena, deep.text, NULL) == '[');
    str_init(&deep, arena);
    str_add_repeat(&deep, '[', 401);
    str_add_repeat(&deep, ']', 401);
    assert_non_null(strstr(read_yaml(arena, deep.text, NULL), "nested too deeply"));

    str_init(&laughs, arena);
    str_add(&laughs, "a0: &a0 [x]\n");
    for (int i = 1; i < 30; i++)
        str_printf(&laughs, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
    assert_non_null(strstr(read_yaml(arena, laughs.text, NULL), "more than 1000000 values"));

    str_init(&laughs, arena);
    str_add(&laughs, "a0: &a0 {x: 1}\n");
    for (int i = 1; i < 500; i++)
        str_printf(&laughs, "a%d: &a%d {k: *a%d}\n", i, i, i - 1);
    assert_non_null(strstr(read_yaml(arena, laughs.text, NULL), "nested too deeply"));
    arena_free(arena);
}

static void text_keys(void **state)
{
    static const char *const keys[] = {"password", NULL};
    static const struct yaml_case cases[] = {
        {"password: 0123", "{\"password\":\"0123\"}"},
        {"a: {password: 1.50}", "{\"a\":{\"password\":\"1.50\"}}"},
        {"password: yes", "{\"password\":\"yes\"}"},
        {"password:\nb:\n", "{\"password\":\"\",\"b\":null}"},
        {"password: ~", "{\"password\":null}"},
        {"password: !!int 5", "{\"password\":5}"},
        {"password: [1]", "{\"password\":[1]}"},
        {"other: &x 0123\npassword: *x", "{\"other\":83,\"password\":\"0123\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);

        assert_string_equal(read_yaml(arena, cases[i].yaml, keys), cases[i].json);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents), cmocka_unit_test(anchors),   cmocka_unit_test(aliases_share),
        cmocka_unit_test(caps),      cmocka_unit_test(text_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
