#include "collector/intake/reread.h"

#include <math.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "collector/intake/rows.h"
#include "schema/bundle/bundle.h"
#include "schema/checks/checks.h"
#include "schema/formats/formats.h"
#include "schema/proof/hash.h"

void reread_done(struct reread *reread)
{
    db_values_done(&reread->run_rows);
    db_values_done(&reread->measurement_rows);
    *reread = (struct reread){0};
}

static void keep(const char **target, const char *stated)
{
    if (*target == NULL) {
        *target = stated;
    }
}

/* What people stated beside the file. The texts live in the bundle, which outlives the use of the reading. */
static void keep_stated(struct arena *arena, struct run *run, const struct run *stated)
{
    keep(&run->chip_name, stated->chip_name);
    keep(&run->ran_at, stated->ran_at);
    keep(&run->workload.model, stated->workload.model);
    keep(&run->workload.model_as_given, stated->workload.model_as_given);
    keep(&run->workload.quantization, stated->workload.quantization);
    keep(&run->workload.backend, stated->workload.backend);
    keep(&run->workload.mode, stated->workload.mode);
    keep(&run->workload.task, stated->workload.task);
    keep(&run->workload.category, stated->workload.category);
    parameters_add(arena, &run->workload.parameters, &stated->workload.parameters);
    parameters_add(arena, &run->conditions, &stated->conditions);
}

/* True when this program reads the original better than whoever made the bundle. */
static bool is_improved(const struct bundle *bundle)
{
    const struct format *format = formats_by_name(bundle->reading->format);
    return format != NULL && format->version > bundle->reading->reader_version && bundle->original.text.data != NULL &&
           bundle->run_id == NULL;
}

/* The runs of the original take the place of those of the bundle; nothing happens where they do not correspond. */
static int read_original(struct bundle *bundle, struct reading_list *list, struct err *err)
{
    const struct format *format;
    struct err why;
    struct reading *old = bundle->reading;
    if (formats_read(NULL, bundle->original.text, old->format, &format, list, &why) != 0) {
        return why.code == ERR_MEMORY ? mem_error(err) : 0;
    }
    if (list->count != 1 || list->items[0]->run_count != old->run_count) {
        return 0;
    }
    struct reading *fresh = list->items[0];
    int code = bundle_fit(fresh, err);
    for (size_t i = 0; code == 0 && i < fresh->run_count; i++) {
        keep_stated(&fresh->arena, &fresh->runs[i], &old->runs[i]);
    }
    if (code == 0) {
        code = arena_check(&fresh->arena, err);
    }
    if (code == 0) {
        old->runs = fresh->runs;
        old->reader_version = fresh->reader_version;
    }
    return code;
}

int reread_bundle(struct str raw, const uint8_t contributor_key[16], struct reread *ret, struct err *err)
{
    autobundle struct bundle bundle = {0};
    autoreadings struct reading_list fresh = {0};
    autofindings struct findings findings = {0};
    const struct check_options options = {.now_us = 0};
    struct prepared prepared = {.run_rows = DB_VALUES(DB_COPY_ROWS), .measurement_rows = DB_VALUES(DB_COPY_ROWS)};
    const struct sha256 hash = sha256_of(raw.data, raw.len);
    memcpy(prepared.hash, hash.bytes, sizeof prepared.hash);
    memcpy(prepared.contributor_key, contributor_key, sizeof prepared.contributor_key);
    prepared.run_rows.bytes.max = INTAKE_ROWS_MAX;
    prepared.measurement_rows.bytes.max = INTAKE_ROWS_MAX;
    int code = bundle_read(raw, &bundle, err);
    if (code == 0 && is_improved(&bundle)) {
        code = read_original(&bundle, &fresh, err);
    }
    if (code == 0) {
        code = checks_run(bundle.reading, &options, &findings, err);
    }
    if (code == 0) {
        code = rows_encode(&bundle, &findings, &prepared, err);
    }
    *ret = (struct reread){.run_rows = prepared.run_rows,
                           .measurement_rows = prepared.measurement_rows,
                           .reader_version = code == 0 ? bundle.reading->reader_version : 0};
    arena_done(&prepared.arena);
    return code;
}
