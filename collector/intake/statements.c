#include "collector/intake/statements.h"

#include <assert.h>
#include <string.h>

#include "schema/base/embedded.h"
#include "schema/base/str.h"

#include "gen/collector/sql/files.inc"

const char *statement(const char *name)
{
    size_t length = strlen(name);
    for (const struct embedded_file *file = embedded_files; file->name != NULL; file++) {
        if (text_starts_with(file->name, name) && text_equal(file->name + length, ".sql")) {
            const void *text = file->data; /* ends in NUL */
            return text;
        }
    }
    assert(false && "an SQL file that is not there");
    return "";
}
