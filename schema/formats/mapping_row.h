/* Rows of a mapped table, written one by one whatever they come from. */
#ifndef SCHEMA_FORMATS_MAPPING_ROW_H
#define SCHEMA_FORMATS_MAPPING_ROW_H

#include "schema/formats/mapping.h"
#include "schema/json/json_write.h"

enum cell_kind { CELL_MISSING, CELL_TEXT, CELL_NUMBER, CELL_BOOLEAN, CELL_LIST, CELL_OTHER };
struct mapping_cell {
    enum cell_kind kind;
    const char *text;
    double number;
    const double *list; /* NAN for what is no number */
    size_t list_count;
    int line, column; /* in the foreign text */
};
/* The cell of item `index`; false when the row cannot be read further. */
typedef bool mapping_lookup(void *row, size_t index, struct mapping_cell *ret);

struct mapping_writer {
    const struct mapping *mapping;
    struct mapped *mapped;
    struct json_writer json;
    bool several; /* rows of more than one metric */
};
int mapping_begin(struct mapping_writer *writer, const struct mapping *mapping, struct mapped *mapped,
                  struct err *err) must_check;
int mapping_write_row(struct mapping_writer *writer, int line, mapping_lookup *lookup, void *row,
                      struct err *err) must_check;
void mapping_end(struct mapping_writer *writer);

int mapping_convert_csv(struct mapping_writer *writer, struct str text, struct err *err) must_check;
int mapping_convert_json(struct mapping_writer *writer, struct str text, struct err *err) must_check;

/* Sets err: no column has that name; `names` are those there are. */
int mapping_no_column(const char *column, const char *names, struct err *err);
void mapping_leave_out(struct mapped *mapped, const char *name);

#endif
