/* How a verb prints its table: for people, as Markdown, CSV or JSON. */
#ifndef ANALYZE_OUTPUT_H
#define ANALYZE_OUTPUT_H

#include "analyze/report/tool_tables.h"
#include "schema/base/options.h"
#include "schema/text/table.h"

enum output_format { OUTPUT_TEXT, OUTPUT_MARKDOWN, OUTPUT_CSV, OUTPUT_JSON };

#define OPTION_FORMAT                                                                                                  \
    {                                                                                                                  \
        "format", 0, OPTION_TEXT_ONCE, "FORMAT", NULL, "text, md, csv or json"                                         \
    }
#define OPTION_JSON                                                                                                    \
    {                                                                                                                  \
        "json", 0, OPTION_FLAG_ONCE, NULL, NULL, "the same as --format json"                                           \
    }
#define OPTION_CSV                                                                                                     \
    {                                                                                                                  \
        "csv", 0, OPTION_FLAG_ONCE, NULL, NULL,                                                                        \
            "the same as --format csv; where a verb prints several tables, the first column names each"                \
    }
#define OPTION_MARKDOWN                                                                                                \
    {                                                                                                                  \
        "markdown", 0, OPTION_FLAG_ONCE, NULL, NULL, "the same as --format md"                                         \
    }

/* From --format, --json, --csv and --markdown. ERR_USAGE. */
int output_format_of(const struct invocation *invocation, enum output_format *ret, struct err *err) must_check;
/* With its caption and notes, but in CSV; not for JSON, whose documents differ. */
void output_table(const struct table *table, enum output_format format, struct buf *into);
/* All of them; one document in JSON; in CSV with their captions in a first column. */
void output_tables(const struct table_list *list, enum output_format format, struct buf *into);
/* "notes": […] */
void output_notes(const struct table *table, struct json_writer *writer);

#endif
