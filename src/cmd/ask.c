#include "ask.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/postgres.h"
#include "pgha/select.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* Seconds for a connection, as patronictl gives it; called as pgha it is the timeout. */
#define CONNECT_TIMEOUT 5

struct asking {
    struct ctx *ctx;
    struct arena *arena;
    const struct question *question;
    enum role role;
};

/* libpq's lines as one: patronictl has blanks for the line breaks, pgha also for what comes with them. */
static char *one_line(struct arena *arena, const char *message, bool compact)
{
    struct str line;

    str_init(&line, arena);
    str_add(&line, "");
    for (; *message; message++) {
        bool blank = *message == '\n' || (compact && *message == '\t');

        if (!compact || !blank || (line.length && line.text[line.length - 1] != ' '))
            str_add_char(&line, blank ? ' ' : *message);
    }
    return compact ? str_trim(arena, line.text) : line.text;
}

void answer_refuse(struct answer *answer, struct arena *arena, enum err_kind kind, const char *sqlstate,
                   const char *message)
{
    const char *line = one_line(arena, message, true);

    answer->result = NULL;
    answer->row = arena_printf(arena, "ERROR, SQLSTATE: %s", sqlstate ? sqlstate : one_line(arena, message, false));
    if (sqlstate)
        line = arena_printf(arena, "%s (SQLSTATE %s)", line, sqlstate);
    err_set(&answer->problem, arena, kind, "%s", line);
}

/* Nobody to ask: recorded cases query-no-*, query-*-mismatch, query-member-unknown. `reason` is for pgha. */
static void refuse_connection(const struct asking *asking, const char *reason, struct answer *answer)
{
    const struct question *question = asking->question;

    if (question->member)
        answer->row = arena_printf(asking->arena, "No connection to member %s is available", question->member);
    else if (question->role)
        answer->row = arena_printf(asking->arena, "No connection to role '%s' is available", question->role);
    else
        answer->row = "No connection is available";
    err_set(&answer->problem, asking->arena, ERR_FAILED, "%s", reason);
}

/* The member's own parameters with the user's over them; libpq has its defaults and its environment for the rest. */
static bool choose_parameters(const struct asking *asking, const struct member *member, struct value *parameters,
                              struct err *err)
{
    const struct question *question = asking->question;
    struct arena *arena = asking->arena;
    bool dbname = question->dbname && *question->dbname, honest = !asking->ctx->as_patronictl;
    struct value read;

    if (!member_conn_kwargs(member, arena, &read, err))
        return false;
    /* With a database patronictl connects to where libpq leads it, and leaves the user out. */
    if (read.length == 0 && (honest || !dbname))
        return err_set(err, arena, ERR_FAILED, "member %s has no address of its PostgreSQL in the DCS", member->name);
    if (read.length > 0 && question->password)
        value_map_set(arena, &read, "password", value_string(question->password));
    if (read.length > 0 && question->username && *question->username)
        value_map_set(arena, &read, "user", value_string(question->username));
    if (dbname)
        value_map_set(arena, &read, "dbname", value_string(question->dbname));
    else
        value_map_remove(&read, "dbname");
    value_map_set(arena, &read, "fallback_application_name", value_string(honest ? "pgha" : "Patroni ctl"));
    value_map_set(arena, &read, "connect_timeout", value_int(CONNECT_TIMEOUT));
    *parameters = read;
    return true;
}

/* What psycopg2 makes of what is no rows. */
static void judge(const struct asking *asking, PGresult *result, struct answer *answer)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    struct arena *arena = asking->arena;

    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        answer->result = result;
        break;
    case PGRES_COMMAND_OK:
        answer_refuse(answer, arena, ERR_FAILED, NULL, "no results to fetch");
        answer->result = result;
        break;
    case PGRES_EMPTY_QUERY:
        answer_refuse(answer, arena, ERR_FAILED, NULL, "can't execute an empty query");
        break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
        answer_refuse(answer, arena, ERR_FAILED, NULL,
                      PQresultStatus(result) == PGRES_COPY_IN
                          ? "can't execute COPY FROM: use the copy_from() method instead"
                          : "can't execute COPY TO: use the copy_to() method instead");
        err_set(&answer->problem, arena, ERR_FAILED, "COPY between the server and this program is not supported");
        break;
    default:
        answer_refuse(answer, arena, sqlstate ? ERR_REFUSED : ERR_UNKNOWN, sqlstate,
                      message ? message : PQresultErrorMessage(result));
        break;
    }
}

/* Roles other than the leader are not taken from the store alone: the server itself has to agree. */
static bool check_role(const struct asking *asking, struct postgres *postgres, bool *agreed, struct answer *answer,
                       struct err *err)
{
    PGresult *result;
    bool in_recovery;

    *agreed = true;
    if (!asking->question->role || asking->role == ROLE_ANY || asking->role == ROLE_LEADER)
        return true;
    deadline_t deadline = asking->ctx->as_patronictl ? DEADLINE_NEVER : deadline_in(asking->ctx->timeout);
    if (!postgres_query(postgres, "SELECT pg_catalog.pg_is_in_recovery()", deadline, &result, err))
        return false;
    *agreed = false;
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        judge(asking, result, answer);
        return true;
    }
    in_recovery = PQntuples(result) == 0 || str_equal(PQgetvalue(result, 0, 0), "t");
    *agreed = in_recovery == (asking->role != ROLE_PRIMARY);
    if (!*agreed)
        refuse_connection(asking,
                          arena_printf(asking->arena, "the member in the role %s is %s recovery",
                                       asking->question->role, in_recovery ? "in" : "not in"),
                          answer);
    return true;
}

static bool ask_connected(const struct asking *asking, struct postgres *postgres, struct answer *answer,
                          struct err *err)
{
    const char *sql = asking->question->sql;
    PGresult *result;
    bool agreed;

    if (!check_role(asking, postgres, &agreed, answer, err))
        return false;
    if (!agreed)
        return true;
    if (!utf8_valid(sql, strlen(sql)))
        return err_set(err, asking->arena, ERR_FAILED, "The SQL commands are not UTF-8");
    if (!postgres_query(postgres, sql, DEADLINE_NEVER, &result, err))
        return false;
    judge(asking, result, answer);
    return true;
}

static bool ask_member(const struct asking *asking, const char *conninfo, struct answer *answer, struct err *err)
{
    struct postgres *postgres;
    bool asked;
    double seconds = asking->ctx->as_patronictl ? CONNECT_TIMEOUT : asking->ctx->timeout;

    if (!postgres_connect(asking->arena, conninfo, deadline_in(seconds), &postgres, err))
        return false;
    asked = ask_connected(asking, postgres, answer, err);
    postgres_close(postgres);
    return asked;
}

bool ask_postgres(struct ctx *ctx, struct arena *arena, const struct question *question, struct answer *answer,
                  struct err *err)
{
    struct asking asking = {.ctx = ctx, .arena = arena, .question = question, .role = ROLE_LEADER};
    const struct member *member;
    struct value parameters;
    struct err problem = ERR_INIT;
    char *conninfo = NULL;
    bool asked;

    if (question->role)
        (void)role_parse(question->role, &asking.role);
    if (question->member)
        asking.role = ROLE_ANY;
    member = select_member(question->cluster, arena, asking.role, question->member);
    if (!member) {
        refuse_connection(&asking,
                          arena_printf(arena, "cluster %s has no member in the role %s", question->cluster->name,
                                       role_names[asking.role]),
                          answer);
        return true;
    }
    if (!choose_parameters(&asking, member, &parameters, err))
        return false;
    asked =
        postgres_conninfo(arena, &parameters, &conninfo, &problem) && ask_member(&asking, conninfo, answer, &problem);
    if (conninfo)
        str_wipe(conninfo, strlen(conninfo));
    if (!asked && (problem.kind == ERR_REFUSED || problem.kind == ERR_UNREACHABLE || problem.kind == ERR_UNKNOWN)) {
        answer_refuse(answer, arena, problem.kind, NULL, problem.message);
        asked = true;
    }
    if (!asked)
        *err = problem;
    return asked;
}
