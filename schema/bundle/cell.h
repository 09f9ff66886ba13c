/* Which cell a measurement falls into: what it measured, of what, on which chip, under the names of the catalogue.
 *
 * A cell is tool × model, quantisation, backend, mode, task, category, the parameters that change the work × variant ×
 * chip with its variant and number × metric and unit. Two measurements are of one cell when all of these texts are
 * equal. Texts live in the arena that was given, in the input or in the catalogue; what is not stated is "". */
#ifndef SCHEMA_BUNDLE_CELL_H
#define SCHEMA_BUNDLE_CELL_H

#include "schema/bundle/keys.h"
#include "schema/bundle/types.h"
#include "schema/catalog/catalog.h"
#include "schema/json/json.h"

struct cell {
    const char *tool, *model, *quantization, *backend, *mode, *task, *category;
    const char *parameters; /* "depth=512, n_batch=2048", sorted by name */
    const char *variant;    /* "alone", "parallel", "combined" */
    const char *chip;       /* canonical, else as given */
    const char *chip_variant;
    int64_t chip_count;
    const char *metric, *unit;
};

/* What people decided that names mean which the catalogue does not know, sorted (catalog.h). */
struct cell_aliases {
    struct catalog_aliases chips, models;
};

/* `aliases` may be NULL, here and below. */
void cell_set_workload(struct arena *arena, const struct workload *workload, const struct cell_aliases *aliases,
                       struct cell *cell);
/* `given` is the chip's name and `count` their number as stated (at least 1); *ret_match what the catalogue says.
 * Nothing is set but chip_count when no name is given. */
void cell_set_chip(const char *given, int64_t count, const struct device *device, const struct cell_aliases *aliases,
                   struct cell *cell, struct chip_match *ret_match);
/* First 128 bits of the SHA-256 of all of it, as the other keys are. Errors: memory only. */
int cell_key(const struct cell *cell, struct bundle_key *ret, struct err *err) must_check;

/* "a=1, b=word", sorted by name; "" when empty. */
const char *parameters_text(struct arena *arena, const struct parameter_list *list);

/* Back from the JSON columns of table run (collector/README.md). *ret is zeroed where nothing is stated; of the device
 * only what names its chips and system. ERR_DATA when it is no JSON. */
int workload_of_facts(struct arena *arena, const char *facts, struct workload *ret, struct err *err) must_check;
int device_of_facts(struct arena *arena, const char *facts, struct device *ret, struct err *err) must_check;
/* Sets a member that is a number, a boolean or a word; false when it is none of them. */
bool parameters_set_json(struct arena *arena, struct parameter_list *list, const struct json *member);
/* The members of an object that may be parameters. */
struct parameter_list parameters_of_json(struct arena *arena, const struct json *object);

#endif
