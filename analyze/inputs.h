/* What every verb begins with: results from the database or from files, filters, baselines. */
#ifndef ANALYZE_INPUTS_H
#define ANALYZE_INPUTS_H

#include "analyze/data/baseline.h"
#include "analyze/data/comparison.h"
#include "analyze/data/facets.h"
#include "analyze/data/result_set.h"
#include "schema/base/options.h"
#include "schema/text/table.h"

/* Rows of an option table, for the verbs that have them. */
#define OPTION_DATA                                                                                                    \
    {                                                                                                                  \
        "data", 0, OPTION_TEXT, "DIR", NULL, "folder of the private database"                                          \
    }
#define OPTION_DATABASE                                                                                                \
    {                                                                                                                  \
        "database", 0, OPTION_TEXT, "URI", NULL, "a PostgreSQL to read instead of the private one"                     \
    }
#define OPTION_USER                                                                                                    \
    {                                                                                                                  \
        "user", 0, OPTION_TEXT, "ACCOUNT", NULL, "account that PostgreSQL runs as when root starts it"                 \
    }
#define OPTION_MODEL                                                                                                   \
    {                                                                                                                  \
        "model", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this model"                                                  \
    }
#define OPTION_QUANTIZATION                                                                                            \
    {                                                                                                                  \
        "quantization", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this quantization"                                    \
    }
#define OPTION_METRIC                                                                                                  \
    {                                                                                                                  \
        "metric", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this metric, as in the catalogue"                           \
    }
#define OPTION_TOOL                                                                                                    \
    {                                                                                                                  \
        "tool", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this benchmark tool"                                          \
    }
#define OPTION_CHIP                                                                                                    \
    {                                                                                                                  \
        "chip", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this chip; factors stay those of the whole table"             \
    }
#define OPTION_BASELINE                                                                                                \
    {                                                                                                                  \
        "baseline", 0, OPTION_TEXT, "CHIP", NULL, "chip that factors refer to"                                         \
    }

#define OPTION_WHERE                                                                                                   \
    {                                                                                                                  \
        "where", 0, OPTION_LIST_ONCE, "KEY=VALUE", NULL,                                                               \
            "only results with this property, KEY= those that do not state it; several are all needed"                 \
    }
#define OPTION_SINCE                                                                                                   \
    {                                                                                                                  \
        "since", 0, OPTION_TEXT_ONCE, "DATE", NULL, "only results measured on that day or later"                       \
    }

#define OPTION_STATE                                                                                                   \
    {                                                                                                                  \
        "state", 0, OPTION_TEXT_ONCE, "STATE", NULL,                                                                   \
            "only submissions in this state: accepted, quarantined, rejected, withdrawn or deleted"                    \
    }

/* Shorter for the ones that are asked for most; a verb that has them lists them all. */
#define OPTIONS_SELECTION                                                                                              \
    {"family", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only chips of this family or generation, such as M4"},              \
        {"backend", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this backend, such as CUDA"},                             \
        {"task", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this task, such as tg128"},                                  \
        {"mode", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this mode"},                                                 \
        {"os", 0, OPTION_TEXT_ONCE, "NAME", NULL, "only this operating system, with its version"}, OPTION_WHERE,       \
        OPTION_SINCE

/* --where, --since and the shorter ones where the verb has them, in `arena`. ERR_USAGE. */
int inputs_selection(const struct invocation *invocation, struct arena *arena, struct selection *ret,
                     struct err *err) must_check;
/* --state; accepted when it is not given. ERR_USAGE. */
int inputs_state(const struct invocation *invocation, enum submission_state *ret, struct err *err) must_check;
/* Midnight of a day, or a moment (UTC). ERR_USAGE. */
int inputs_date(const char *text, int64_t *ret, struct err *err) must_check;
/* Reads the files from argument number `first` on, or without any the database. */
int inputs_load(const struct invocation *invocation, size_t first, struct result_set *ret, struct err *err) must_check;
/* As inputs_load, with all that was read as one hash. */
int inputs_load_content(const struct invocation *invocation, size_t first, struct content *content,
                        struct result_set *ret, struct err *err) must_check;
/* As inputs_load, for figures of cells: results of a database have no detail, except where one is alone in its cell. */
int inputs_load_values(const struct invocation *invocation, size_t first, struct result_set *ret,
                       struct err *err) must_check;
/* Reads these files, each as a side that counts for itself, or the database when there are none. */
int inputs_load_sides(const struct invocation *invocation, const char *const *paths, size_t count,
                      struct result_set *ret, struct err *err) must_check;
/* As inputs_load, and keeps only what passes the selection of the options. */
int inputs_load_selected(const struct invocation *invocation, size_t first, struct result_set *ret,
                         struct err *err) must_check;
/* The same for figures of cells; what a selection leaves alone in a cell has its detail too. */
int inputs_load_selected_values(const struct invocation *invocation, size_t first, struct result_set *ret,
                                struct err *err) must_check;
/* Groups, filters (the options above; a verb that lacks one passes it as not given) and chooses baselines.
 * ERR_NOTHING when nothing is left. */
int inputs_compare(const struct invocation *invocation, const struct result_set *results,
                   const struct comparison_filter *filter, const char *chip, struct comparison_set *ret,
                   struct err *err) must_check;
/* A sentence about what was read and counts nowhere; nothing when all of it counts. */
void inputs_left_out(const struct result_set *results, struct buf *into);
/* The same as a line below a table, where there is something to say. */
void inputs_note_left_out(const struct result_set *results, struct table *table);
/* Why there is nothing to compare: ERR_NOTHING with the part of the filter that found nothing, and what is near. */
int inputs_nothing(const struct result_set *results, const struct comparison_filter *filter, struct err *err);
/* Chooses baselines by --baseline, where the verb has it, and crosschip.conf. */
int inputs_baselines(const struct invocation *invocation, struct comparison_set *set, struct err *err) must_check;
/* Writes to standard output. */
int inputs_print(const struct buf *text, struct err *err) must_check;

#endif
