/* The JSON columns of table run: one line of JSON each, documented in collector/README.md. */
#ifndef COLLECTOR_INTAKE_FACTS_H
#define COLLECTOR_INTAKE_FACTS_H

#include "schema/base/buf.h"
#include "schema/bundle/types.h"

/* The facts behind the key first, then what else is known and in no key. */
void facts_workload(const struct workload *workload, struct buf *into);
void facts_device(const struct device *device, struct buf *into);
/* {"name": value, …} sorted by name; empty text when the list is empty. */
void facts_parameters(const struct parameter_list *list, struct buf *into);
void facts_labels(const struct label_list *list, struct buf *into);

#endif
