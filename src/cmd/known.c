#include "known.h"

#include "pgha/arena.h"
#include "pgha/select.h"
#include "pgha/str.h"

static bool has_member(const struct member_list *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_equal(all->items[i]->name, name))
            return true;
    return false;
}

bool known_members(struct ctx *ctx, const struct cluster *cluster, const char *const *names, size_t count,
                   struct err *err)
{
    struct member_list all = select_members(cluster, ctx->arena, ROLE_ANY);
    struct str known;

    str_init(&known, ctx->arena);
    str_add(&known, all.count ? "" : "none");
    for (size_t i = 0; i < all.count; i++)
        str_printf(&known, "%s%s", i ? ", " : "", all.items[i]->name);
    for (size_t i = 0; i < count; i++)
        if (!has_member(&all, names[i]))
            return err_set(err, ctx->arena, ERR_FAILED, "%s is not a member of cluster %s; its members are: %s",
                           names[i], cluster->name, known.text);
    return true;
}
