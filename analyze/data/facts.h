/* The canonical facts of a row (jsonb) as what runs share. For this room. */
#ifndef ANALYZE_DATA_FACTS_H
#define ANALYZE_DATA_FACTS_H

#include "analyze/data/result_set.h"

/* Each takes the text of a jsonb column. */
int facts_read_workload(struct result_set *set, const char *text, const struct set_workload **ret,
                        struct err *err) must_check;
int facts_read_setup(struct result_set *set, const char *text, const struct set_setup **ret,
                     struct err *err) must_check;
int facts_read_labels(struct result_set *set, const char *text, const struct label_list **ret,
                      struct err *err) must_check;
/* Names the chip with the help of the device's facts. */
int facts_read_machine(struct result_set *set, const char *chip_name, int64_t chip_count, const char *text,
                       const struct set_machine **ret, struct err *err) must_check;

#endif
