/* The reports that four benchmark tools give, from collected results. Each prints the decimals of the tool that it
 * serves, so that its readers find their numbers again; which rule each figure follows stands in the file.
 *
 * A list owns its tables; give it to table_list_done. ERR_NOTHING when there is nothing of the kind. */
#ifndef ANALYZE_REPORT_TOOL_TABLES_H
#define ANALYZE_REPORT_TOOL_TABLES_H

#include "analyze/data/comparison.h"
#include "analyze/data/groups.h"
#include "analyze/data/prices.h"
#include "schema/text/table.h"

struct table_list {
    struct table *items;
    size_t count, capacity;
};
void table_list_done(struct table_list *list);
#define autotables cleanup(table_list_done)
/* A new table with this caption; NULL when memory is out. */
struct table *table_list_add(struct table_list *list, const char *caption);
int table_list_check(const struct table_list *list, struct err *err) must_check;
/* Checks all tables and hands them over: the end of each of the functions below. */
int table_list_give(struct table_list *list, struct table_list *ret, struct err *err) must_check;

/* Modes of a tool side by side: figures, fastest, relative performance, order by throughput. */
int modes_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                 struct err *err) must_check;
/* Two models alone and at once: throughput, utilisation factor, efficiency, slowdown. */
int parallel_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                    struct err *err) must_check;
/* A model as it was against its quantised form: memory, loading, generation by category. */
int quantization_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                        struct err *err) must_check;
/* Figures over time, versions or labels (`by`: a facet), with notes and change points. */
int history_tables(const struct result_set *set, const struct selection *selection, const char *by,
                   struct table_list *ret, struct err *err) must_check;
/* What models put out, by the hash of their output, and how fast each output is. */
int quality_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                   struct err *err) must_check;

/* ---- further reports */
/* Chips of one generation on one backend beside each other: speed-up for more cores and more bandwidth, and the share
 * of the rated bandwidth that was reached. `baseline`: the chip they are measured against, as a user writes it; NULL =
 * the smallest. */
int scaling_tables(const struct comparison_set *set, const char *baseline, struct table_list *ret,
                   struct err *err) must_check;
/* What chips give for their power and, where `prices` has some, for their price; and what of their speed they sustain.
 */
int efficiency_tables(const struct comparison_set *set, const struct price_list *prices, struct table_list *ret,
                      struct err *err) must_check;
/* How the values of each cell spread: quartiles, outliers, more than one mode, drift. */
int distribution_tables(const struct result_set *set, const struct selection *selection, struct table_list *ret,
                        struct err *err) must_check;
/* Rows of a comparison put together by vendor, family, generation, tier, kind or backend: medians of chips. ERR_USAGE
 * for another word. */
int grouped_tables(const struct comparison_set *set, const char *by, struct table_list *ret,
                   struct err *err) must_check;

/* ---- what they share */
/* "Llama 2 7B Q4_0, tg128 on Apple M1 Max": the facets of a group that are stated, but for `without`. */
void group_title(const struct group_list *list, const struct result_group *group, const char *const *without,
                 size_t without_count, struct buf *into);
/* ", result.json": the submission of a group, where the set has several. */
void group_source(const struct result_set *set, const struct result_group *group, struct buf *into);
/* A figure as its tool prints it: the single submission's mean, the nested median of several. */
double evidence_figure(const struct evidence *evidence);
/* What stands behind a figure: runs ("n/a" where a submission does not state them), devices, contributors. */
void evidence_columns(struct table *table);
void put_evidence(const struct figure *figure, struct table *table);
void put_fixed(struct table *table, double value, int decimals); /* NAN: missing */
/* A metric: its name of the catalogue in CSV and JSON, its title for people. */
void metric_columns(struct table *table);
void put_metric_name(struct table *table, const char *name);

#endif
