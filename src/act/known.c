#include "pgha/known.h"

#include "pgha/arena.h"
#include "pgha/select.h"
#include "pgha/str.h"

bool known_members(struct ctx *ctx, const struct cluster *cluster, const char *const *names, size_t count,
                   struct err *err)
{
    struct member_list all = select_members(cluster, ctx->arena, ROLE_ANY);
    struct text_set set = select_names(ctx->arena, &all);
    struct str known;

    str_init(&known, ctx->arena);
    str_add(&known, all.count ? "" : "none");
    for (size_t i = 0; i < all.count; i++)
        str_printf(&known, "%s%s", i ? ", " : "", all.items[i]->name);
    for (size_t i = 0; i < count; i++)
        if (!text_set_has(&set, names[i]))
            return err_set(err, ctx->arena, ERR_FAILED, "%s is not a member of cluster %s; its members are: %s",
                           names[i], cluster->name, known.text);
    return true;
}
