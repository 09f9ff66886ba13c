/* The canonical facts of a row (jsonb) back in a result. For this room. */
#ifndef ANALYZE_DATA_FACTS_H
#define ANALYZE_DATA_FACTS_H

#include "analyze/data/result_set.h"

/* Each takes the text of a jsonb column; NULL leaves the result as it is. */
int facts_workload_of(struct result_set *set, struct result *result, const char *workload, struct err *err) must_check;
int facts_setup_of(struct result_set *set, struct result *result, const char *setup, struct err *err) must_check;
int facts_labels_of(struct result_set *set, struct result *result, const char *labels, struct err *err) must_check;
/* Names the chip with the help of the device's facts. */
int facts_chip_of(struct result_set *set, struct result *result, const char *chip_name, const char *device,
                  struct err *err) must_check;

#endif
