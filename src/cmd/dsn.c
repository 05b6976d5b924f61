#include "pgha/arena.h"
#include "pgha/known.h"
#include "pgha/open.h"
#include "pgha/postgres.h"
#include "pgha/print.h"
#include "pgha/select.h"
#include "pgha/str.h"
#include "pgha/usage.h"

#include "rows.h"

struct dsn_args {
    const char *cluster_name;
    const char *role;
    const char *member;
    struct opt_int group;
};

static const struct opt opts[] = {
    {.names = "--role|-r",
     .help = "Choose a member with this role",
     .patronictl_help = "Give a dsn of any member with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .offset = offsetof(struct dsn_args, role)},
    {.names = "--member|-m",
     .help = "Choose this member",
     .patronictl_help = "Generate a dsn for this member",
     .kind = OPT_STRING,
     .completes = COMPLETE_MEMBERS,
     .offset = offsetof(struct dsn_args, member)},
    OPT_ROW_GROUP(struct dsn_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct dsn_args),
    ARG_ROW_END,
};

static bool check_choice(struct ctx *ctx, const struct dsn_args *given, struct err *err)
{
    return !given->role || !given->member ||
           err_set(err, ctx->arena, usage_error(ctx), "--role and --member are mutually exclusive options");
}

static bool find_member(struct ctx *ctx, const struct dsn_args *given, const struct cluster *cluster,
                        const struct member **member, struct err *err)
{
    enum role role = ROLE_LEADER;
    const struct member *found;

    if (!check_choice(ctx, given, err))
        return false;
    if (given->role)
        (void)role_parse(given->role, &role);
    found = select_member(cluster, ctx->arena, given->member ? ROLE_ANY : role, given->member);
    if (!found && given->member && differs(ctx, DIFF_DSN_UNKNOWN_MEMBER))
        return known_members(ctx, cluster, &given->member, 1, err);
    if (!found)
        return err_set(err, ctx->arena, ERR_FAILED, "Can not find a suitable member");
    *member = found;
    return true;
}

/* What is printed becomes a word for psql: whoever can write to the store must not put parameters of his own there. */
static bool print_safe(struct ctx *ctx, const struct member *member, const struct value *kwargs, struct err *err)
{
    const char *host;
    int port;
    struct str line;

    if (!postgres_address(ctx->arena, kwargs, &host, &port, err))
        return err_wrap(err, ctx->arena, "member \"%s\"", member->name);
    str_init(&line, ctx->arena);
    str_printf(&line, "host=%s port=%d\n", host, port);
    return print_text(ctx, &line, err);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct dsn_args *given = data;
    struct dcs *dcs;
    struct cluster cluster;
    const struct member *member = NULL;
    struct value kwargs;
    const struct value *host, *port;
    struct str line;

    if (differs(ctx, DIFF_USAGE_ERRORS) && !check_choice(ctx, given, err))
        return false;
    if (!open_cluster(ctx, given->cluster_name, open_group(&given->group), &dcs, &cluster, err) ||
        !find_member(ctx, given, &cluster, &member, err) || !member_conn_kwargs(member, ctx->arena, &kwargs, err))
        return false;
    if (differs(ctx, DIFF_DSN_ODD_HOST))
        return print_safe(ctx, member, &kwargs, err);
    host = value_get(&kwargs, "host");
    port = value_get(&kwargs, "port");
    if (!host || !port)
        return err_set(err, ctx->arena, ERR_FAILED, "member %s has no address of its PostgreSQL in the DCS",
                       member->name);
    str_init(&line, ctx->arena);
    str_add(&line, "host=");
    value_str(host, &line);
    str_add(&line, " port=");
    value_str(port, &line);
    str_add_char(&line, '\n');
    return print_text(ctx, &line, err);
}

const struct cmd cmd_dsn = {
    .name = "dsn",
    .help = "Print host and port of the leader or of a member",
    .patronictl_help = "Generate a dsn for the provided member, defaults to a dsn of the leader",
    .group = GROUP_SQL,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct dsn_args),
    .run = run,
};
