/* Backends: one name for the spellings of many tools. */
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

struct backend {
    const char *name, *spellings; /* separated by | */
};

static const struct backend backends[] = {
#include "gen/schema/catalog/backends.inc"
};

static const char *one_backend(struct str raw)
{
    for (size_t i = 0; i < ARRAY_LENGTH(backends); i++) {
        struct str rest = str_of(backends[i].spellings), spelling;
        if (str_equal_ignore_case(raw, str_of(backends[i].name)))
            return backends[i].name;
        while (str_next_field(&rest, '|', &spelling))
            if (str_equal_ignore_case(raw, spelling))
                return backends[i].name;
    }
    return NULL;
}

const char *catalog_match_backend(const char *raw)
{
    struct str rest = str_of(raw), part;
    const char *found = NULL;
    const char *const blas = one_backend(STR("BLAS")), *const cpu = one_backend(STR("CPU"));

    /* "MTL,BLAS": BLAS and the processor help whatever else is named. Two accelerators are no single backend. */
    while (str_next_field(&rest, ',', &part)) {
        const char *backend = one_backend(str_trim(part));
        if (!backend)
            return NULL;
        const bool helper = backend == blas || backend == cpu;
        if (found && !helper && found != blas && found != cpu && backend != found)
            return NULL;
        if (!found || found == cpu || (found == blas && backend != cpu))
            found = backend;
    }
    return found;
}
