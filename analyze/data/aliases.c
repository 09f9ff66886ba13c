#include "analyze/data/aliases.h"

#include "analyze/data/content.h"
#include "analyze/data/statements.h"
#include "schema/base/str.h"

#define ALIAS_COLUMNS 4 /* of aliases.sql */

/* Those of one kind, in the order of the rows, which is that of the names. */
static struct catalog_aliases take_kind(struct result_set *set, const struct db_result *rows, const char *kind)
{
    struct catalog_alias *items = arena_alloc(&set->arena, db_rows(rows), sizeof(*items));
    size_t count = 0;

    for (size_t row = 0; items != NULL && row < db_rows(rows); row++)
        if (text_equal(db_text(rows, row, 0), kind))
            items[count++] = (struct catalog_alias){arena_strdup(&set->arena, db_text(rows, row, 1)),
                                                    arena_strdup(&set->arena, db_text(rows, row, 2)),
                                                    arena_strdup(&set->arena, db_text(rows, row, 3))};
    return (struct catalog_aliases){items, count};
}

int aliases_load(struct db *db, struct result_set *set, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    const int status = db_query(db, analyze_statement("aliases.sql"), NULL, &rows, err);

    if (status < 0 || db_rows(rows) == 0)
        return status;
    for (size_t row = 0; row < db_rows(rows); row++)
        for (int column = 0; column < ALIAS_COLUMNS; column++)
            content_add_text(set->content, db_text(rows, row, column));
    set->aliases.chips = take_kind(set, rows, "chip");
    set->aliases.models = take_kind(set, rows, "model");
    return arena_check(&set->arena, err);
}
