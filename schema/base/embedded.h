/* A file that was compiled into the program: SQL, a data table, a schema.
 * `gen/<folder>/files.inc` (made by embed.sh) defines the array embedded_files of it,
 * ended by a NULL name, sorted by name. data[size] is NUL. */
#ifndef SCHEMA_BASE_EMBEDDED_H
#define SCHEMA_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name;             /* without folders: "0001_intake.sql" */
    const unsigned char *data;
    size_t size;
};

#endif
