/* Machines of the Phoronix Test Suite: its <System> elements, and what their
 * Hardware and Software lines say ("Processor: … (8 Cores / 16 Threads), Motherboard: …"). */
#ifndef SCHEMA_FORMATS_PHORONIX_H
#define SCHEMA_FORMATS_PHORONIX_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/formats/xml_documents.h"

struct phoronix_machine {
    const struct xml_element **systems; /* of equal hardware and software; one NULL when the file names none */
    size_t count, capacity;
};

/* At least one machine, in the order of the file. */
int phoronix_machines(const struct xml_element *root, struct arena *arena, struct phoronix_machine **ret,
                      size_t *ret_count, struct err *err) must_check;
bool phoronix_has_system(const struct phoronix_machine *machine, const struct xml_element *system);
/* The system of that identifier, NULL when it is not this machine's. */
const struct xml_element *phoronix_system_of(const struct phoronix_machine *machine, const char *identifier);
/* Facts of the machine; `system` may be NULL. */
void phoronix_set_device(struct reading *reading, const struct xml_element *system);
/* Compiler, file system and so on, which may differ from run to run. */
void phoronix_set_software(struct reading *reading, struct run *run, const struct xml_element *system);
/* "5.6.0" of "Phoronix Test Suite v5.6.0 (Dedilovo)"; NULL. */
const char *phoronix_version(struct reading *reading, const char *client);
/* The catalogue's metric that a scale means ("Seconds", "MB/s"), NULL when it means none; *ret_unit is the scale in
 * words that the catalogue knows. `scale` may be NULL. */
const char *phoronix_metric_of(const char *scale, const char **ret_unit);

#endif
