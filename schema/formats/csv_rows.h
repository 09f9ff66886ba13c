/* Outputs that are a CSV with a header: read row by row, with one reading of the
 * whole input. Rows read before a fault stay; lines around the table are private. */
#ifndef SCHEMA_FORMATS_CSV_ROWS_H
#define SCHEMA_FORMATS_CSV_ROWS_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"
#include "schema/read/csv.h"

/* The line without blanks at its ends is the header that the format begins with. */
typedef bool csv_is_header(struct str line);

struct csv_rows {
    struct reading *reading; /* taken by csv_rows_read */
    const struct format_input *input;
    char separator; /* of the columns; 0 = a comma */
    csv_is_header *is_header;
    struct csv_record header; /* set before any row is taken */
    /* A row, and its bytes in the input. */
    int (*take)(void *context, const struct csv_record *row, struct str bytes, struct err *err);
    /* After the last row, also after a fault; NULL = nothing. */
    int (*close)(void *context, struct err *err);
    void *context;
};
/* Adds the reading, with the problem `nothing` when no row gave a figure. */
int csv_rows_read(struct csv_rows *rows, const char *nothing, struct reading_list *into, struct err *err) must_check;

/* Takes the rows alone, without marking what is none. */
int csv_rows_take(struct csv_rows *rows, struct err *err) must_check;

/* The line that is the header, among the first ones of the text, trimmed; data NULL when there is none. */
struct str csv_rows_header(struct str text, csv_is_header *is_header);
/* Passes over lines that have no separator (what shells and people write around a table), what follows the fence of a
 * code block, and the header, where several tables follow one another. Marks all but headers in `reading`, which may be
 * NULL. */
void csv_rows_skip(struct csv_reader *csv, struct str header, struct reading *reading);
/* One of the fields of a header, without quotes and blanks. */
bool csv_rows_has(struct str header, char separator, const char *name);
/* The next cell of a record's bytes, where it stands in the input: without the quotes or blanks around it, quotes in it
 * still doubled. */
bool csv_rows_cell(struct str *rest, char separator, struct str *ret);

#endif
