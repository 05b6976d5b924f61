#include "pgha/pg_ask.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/postgres.h"
#include "pgha/select.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* Seconds for a connection, as patronictl gives it; called as pgha it is the timeout. */
#define CONNECT_TIMEOUT 5
#define SQLSTATE_CANCELLED "57014"

/* Of the operation timeout, for a query to be cancelled and the server to say so: at most so many seconds, and parts.
 */
#define CANCEL_SECONDS 2
#define CANCEL_PART 4

struct asking {
    struct ctx *ctx;
    struct arena *arena;
    const struct question *question;
    enum role role;
    deadline_t connected; /* until then there is a connection, to a server in the right role */
    deadline_t answered;  /* until then there is a result, or else the query is cancelled */
    deadline_t ended;     /* until then that was done */
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

/* Where patronictl connects to: what the store says is passed on. With a database it goes to where libpq leads it. */
static bool find_server(const struct asking *asking, const struct member *member, const struct value *read,
                        struct value *parameters, struct err *err)
{
    PQconninfoOption *defaults;
    bool found;

    if (!differs(asking->ctx, DIFF_QUERY_CONN_KWARGS)) {
        *parameters = *read;
        return read->length > 0 || (asking->question->dbname && *asking->question->dbname) ||
               err_set(err, asking->arena, ERR_FAILED, "member %s has no address of its PostgreSQL in the DCS",
                       member->name);
    }
    defaults = PQconndefaults();
    found = postgres_trust(asking->arena, defaults, read, parameters, err);
    PQconninfoFree(defaults);
    return found || err_wrap(err, asking->arena, "member \"%s\"", member->name);
}

/* The member's server with what the user gave; libpq has its defaults and its environment for the rest. */
static bool choose_parameters(const struct asking *asking, const struct member *member, struct value *parameters,
                              struct err *err)
{
    const struct question *question = asking->question;
    struct arena *arena = asking->arena;
    struct value read, made;

    if (!member_conn_kwargs(member, arena, &read, err) || !find_server(asking, member, &read, &made, err))
        return false;
    if (read.length > 0 && question->password)
        value_map_set(arena, &made, "password", value_string(question->password));
    if (read.length > 0 && question->username && *question->username)
        value_map_set(arena, &made, "user", value_string(question->username));
    if (question->dbname && *question->dbname)
        value_map_set(arena, &made, "dbname", value_string(question->dbname));
    else
        value_map_remove(&made, "dbname");
    value_map_set(arena, &made, "fallback_application_name",
                  value_string(differs(asking->ctx, DIFF_QUERY_APPLICATION) ? "pgha" : "Patroni ctl"));
    value_map_set(arena, &made, "connect_timeout", value_int(CONNECT_TIMEOUT));
    *parameters = made;
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
    deadline_t deadline = differs(asking->ctx, DIFF_QUERY_TIMEOUT) ? asking->connected : DEADLINE_NEVER;
    if (!postgres_query(postgres, "SELECT pg_catalog.pg_is_in_recovery()", deadline, &result, err)) {
        if (err->kind == ERR_UNKNOWN) /* nothing of the question was sent */
            err->kind = ERR_UNREACHABLE;
        return false;
    }
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

/* The time is up: the query is not left to run on for nobody. What the server says to that decides what is known. */
static bool stop(const struct asking *asking, struct postgres *postgres, struct answer *answer, struct err *err)
{
    struct arena *arena = asking->arena;
    double seconds = asking->ctx->operation_timeout;
    struct err problem = ERR_INIT;
    PGresult *result;

    if (postgres_cancel(postgres, asking->ended, &result, &problem)) {
        judge(asking, result, answer);
        if (str_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), SQLSTATE_CANCELLED))
            err_wrap(&answer->problem, arena, "no result within --operation-timeout (%g s), the query was cancelled",
                     seconds);
        return true;
    }
    if (problem.kind == ERR_ABORTED) {
        *err = problem;
        return false;
    }
    return err_set(err, arena, ERR_UNKNOWN,
                   "no result within --operation-timeout (%g s), and no answer when the query was cancelled: it may "
                   "still run, or have done its work",
                   seconds);
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
    if (!postgres_query(postgres, sql, asking->answered, &result, err))
        return err->kind == ERR_UNKNOWN && postgres_is_busy(postgres) && stop(asking, postgres, answer, err);
    judge(asking, result, answer);
    return true;
}

static bool ask_member(const struct asking *asking, const char *conninfo, struct answer *answer, struct err *err)
{
    struct postgres *postgres;
    bool asked;

    if (!postgres_connect(asking->arena, conninfo, asking->connected, &postgres, err))
        return false;
    asked = ask_connected(asking, postgres, answer, err);
    postgres_close(postgres);
    return asked;
}

/* patronictl waits for an answer as long as it takes. */
static void set_deadlines(struct asking *asking)
{
    double timeout = asking->ctx->timeout, most = asking->ctx->operation_timeout;
    double share = most / CANCEL_PART < CANCEL_SECONDS ? most / CANCEL_PART : CANCEL_SECONDS;

    if (!differs(asking->ctx, DIFF_QUERY_TIMEOUT)) {
        asking->connected = deadline_in(CONNECT_TIMEOUT);
        asking->answered = asking->ended = DEADLINE_NEVER;
        return;
    }
    asking->connected = deadline_in(timeout < most ? timeout : most);
    if (asking->question->connect_by && asking->question->connect_by < asking->connected)
        asking->connected = asking->question->connect_by;
    asking->answered = deadline_in(most - share);
    asking->ended = deadline_in(most);
}

/* libpq says what it was told to require, but not by whom. */
static void explain(const struct asking *asking, struct err *problem)
{
    if (!differs(asking->ctx, DIFF_QUERY_CLEAR_PASSWORD) || !problem->message ||
        !strstr(problem->message, "authentication method requirement"))
        return;
    err_set(problem, asking->arena, problem->kind,
            "%s: the password would be sent in clear to a server whose certificate is not verified; set "
            "PGSSLMODE=verify-full, or allow it with PGREQUIREAUTH=password",
            str_trim(asking->arena, problem->message));
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

    set_deadlines(&asking);
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
    if (!asked)
        explain(&asking, &problem);
    if (!asked && (problem.kind == ERR_REFUSED || problem.kind == ERR_UNREACHABLE || problem.kind == ERR_UNKNOWN)) {
        answer_refuse(answer, arena, problem.kind, NULL, problem.message);
        asked = true;
    }
    if (!asked)
        *err = problem;
    return asked;
}
