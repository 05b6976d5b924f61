#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "table.h"

/* A table of two columns and of up to three rows. */
static const char *drawn(struct arena *arena, const char *title, size_t rows, const char *const *texts)
{
    struct table_column columns[] = {{.name = "Name"}, {.name = "N", .title = "Nr", .align = ALIGN_RIGHT}};
    struct value cells[6];
    struct table table = {.title = title, .columns = columns, .column_count = 2, .cells = cells, .row_count = rows};

    for (size_t i = 0; i < 2 * rows; i++)
        cells[i] = value_string(texts[i]);
    return written(arena, &table, FORMAT_PRETTY);
}

static void frame(void **state)
{
    static const char *const texts[] = {"longer", "1", "x", "100"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(drawn(arena, " T ", 2, texts), "+ T -----+-----+\n"
                                                       "| Name   |  Nr |\n"
                                                       "+--------+-----+\n"
                                                       "| longer |   1 |\n"
                                                       "| x      | 100 |\n"
                                                       "+--------+-----+\n");
    assert_string_equal(drawn(arena, NULL, 0, texts), "+------+----+\n"
                                                      "| Name | Nr |\n"
                                                      "+------+----+\n"
                                                      "+------+----+\n");
    assert_string_equal(drawn(arena, " a title that is too long ", 0, texts), "+ a title th+\n"
                                                                              "| Name | Nr |\n"
                                                                              "+------+----+\n"
                                                                              "+------+----+\n");
    arena_free(arena);
}

static void several_lines(void **state)
{
    static const char *const texts[] = {"a\nb\n", "1", "x", "2"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(drawn(arena, "", 2, texts), "+------+----+\n"
                                                    "| Name | Nr |\n"
                                                    "+------+----+\n"
                                                    "| a    |  1 |\n"
                                                    "| b    |    |\n"
                                                    "|      |    |\n"
                                                    "+------+----+\n"
                                                    "| x    |  2 |\n"
                                                    "+------+----+\n");
    arena_free(arena);
}

/* Ideographs take two columns, colours and combining marks none, and a control character spoils the count. */
static void widths(void **state)
{
    static const char *const texts[] = {
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\033[31m1\033[0m", "e\xcc\x81\033(B", "2", "\t", "\033]0;x\a"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(drawn(arena, " \xe6\x97\xa5 ", 3, texts),
                        "+ \xe6\x97\xa5 -----+----+\n"
                        "| Name   | Nr |\n"
                        "+--------+----+\n"
                        "| \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e |  \033[31m1\033[0m |\n"
                        "| e\xcc\x81\033(B      |  2 |\n"
                        "| \t        |    \033]0;x\a |\n"
                        "+--------+----+\n");
    arena_free(arena);
}

static void columns_left_out(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "Cluster", .not_drawn = true}, {.name = "Tags", .nested = NESTED_FLOW}};
    struct value cells[] = {value_string("a\nb"), map_of(arena, "k", value_int(1))};
    struct table table = {.columns = columns, .column_count = 2, .cells = cells, .row_count = 1};

    (void)state;
    assert_string_equal(written(arena, &table, FORMAT_PRETTY), "+--------+\n"
                                                               "| Tags   |\n"
                                                               "+--------+\n"
                                                               "| {k: 1} |\n"
                                                               "+--------+\n");
    arena_free(arena);
}

static void without_header(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "x"}};
    struct value cell = value_null();
    struct table table = {.columns = columns, .column_count = 1, .cells = &cell, .row_count = 1, .no_header = true};

    (void)state;
    assert_string_equal(written(arena, &table, FORMAT_PRETTY), "+---------+\n"
                                                               "| Field 1 |\n"
                                                               "+---------+\n"
                                                               "| None    |\n"
                                                               "+---------+\n");
    table.column_count = 0;
    table.no_header = false;
    assert_string_equal(written(arena, &table, FORMAT_PRETTY), "++\n||\n++\n\n++\n");
    arena_free(arena);
}

static const char *styled(struct arena *arena, const struct table *table, bool colour, bool clean)
{
    struct str text;

    str_init(&text, arena);
    table_write(table, &(struct table_style){.colour = colour, .clean = clean, .blank_tabs = clean}, &text);
    return text.text;
}

static void styles(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {
        {.name = "c", .not_drawn = true}, {.name = "a"}, {.name = "b", .align = ALIGN_RIGHT}};
    struct value cells[] = {value_string("z"), value_string("x\ny"), value_string("1"),
                            value_string("z"), value_string("w"),    value_string("")};
    unsigned char styles[] = {STYLE_ALARM, STYLE_LEADER, STYLE_ALARM, STYLE_ALARM, STYLE_PLAIN, STYLE_ALARM};
    struct table table = {.columns = columns, .column_count = 3, .cells = cells, .styles = styles, .row_count = 2};

    (void)state;
    /* Text alone has the colour, line by line, and the frame is where it is without. */
    assert_string_equal(styled(arena, &table, true, false), "+---+---+\n"
                                                            "| a | b |\n"
                                                            "+---+---+\n"
                                                            "| \033[32mx\033[0m | \033[1;31m1\033[0m |\n"
                                                            "| \033[32my\033[0m |   |\n"
                                                            "+---+---+\n"
                                                            "| w |   |\n"
                                                            "+---+---+\n");
    assert_null(strchr(styled(arena, &table, false, false), '\033'));
    table.styles = NULL;
    assert_null(strchr(styled(arena, &table, true, false), '\033'));
    arena_free(arena);
}

static void cleaned_before_it_is_measured(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "a\033[2J"}, {.name = "b"}};
    struct value cells[] = {value_string("\033]0;long title\ax\r"), value_string("1\t2\t3\n\t4"),
                            value_string("\033[31mred\033[0m"), value_string("")};
    struct table table = {.title = " t\033[5m ", .columns = columns, .column_count = 2, .cells = cells, .row_count = 2};

    (void)state;
    assert_string_equal(styled(arena, &table, false, true), "+ t --+-------------------+\n"
                                                            "| a   | b                 |\n"
                                                            "+-----+-------------------+\n"
                                                            "| x   | 1       2       3 |\n"
                                                            "|     |         4         |\n"
                                                            "+-----+-------------------+\n"
                                                            "| red |                   |\n"
                                                            "+-----+-------------------+\n");
    assert_non_null(strstr(styled(arena, &table, false, false), "\033[31mred"));
    arena_free(arena);
}

/* Columns leave by rank until the table fits; a title that finds no room stands above, and columns count. */
static void fitted(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value cells[] = {value_string("aaaa"), value_string("bbbb"), value_string("cccc")};
    static const struct {
        size_t columns;
        bool shown[3];
    } rows[] = {
        {0, {true, true, true}},   {22, {true, true, true}},   {21, {true, true, false}},
        {15, {true, true, false}}, {14, {true, false, false}}, {1, {true, false, false}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct table_column columns[] = {{.name = "A"}, {.name = "B", .leaves = 2}, {.name = "C", .leaves = 1}};
        struct table table = {
            .title = " \u65e5\u672cx ", .columns = columns, .column_count = 3, .cells = cells, .row_count = 1};
        const struct table_style style = {.format = FORMAT_PRETTY, .columns = rows[i].columns};
        struct str out;

        table_fit(&table, &style);
        for (size_t c = 0; c < 3; c++)
            assert_int_equal(!columns[c].not_drawn, rows[i].shown[c]);
        str_init(&out, arena);
        table_write(&table, &style, &out);
        if (rows[i].columns == 14)
            assert_string_equal(out.text, "\u65e5\u672cx\n+------+\n| A    |\n+------+\n| aaaa |\n+------+\n");
        if (rows[i].columns == 15)
            assert_true(str_starts_with(out.text, "+ \u65e5\u672cx ------+\n"));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frame),  cmocka_unit_test(several_lines),
                                       cmocka_unit_test(widths), cmocka_unit_test(columns_left_out),
                                       cmocka_unit_test(fitted), cmocka_unit_test(without_header),
                                       cmocka_unit_test(styles), cmocka_unit_test(cleaned_before_it_is_measured)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
