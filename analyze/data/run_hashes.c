#include "analyze/data/run_hashes.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

#define RUN_BYTES_MAX ((size_t)1 << 30)

/* Who adds a member to one of these decides whether it is hashed below. */
#if UINTPTR_MAX == UINT64_MAX
static_assert(sizeof(struct submission) == 96, "hash the new member of a submission");
static_assert(sizeof(struct set_machine) == 64, "hash the new member of a machine");
static_assert(sizeof(struct set_workload) == 88, "hash the new member of a workload");
static_assert(sizeof(struct set_setup) == 32, "hash the new member of a set-up");
static_assert(sizeof(struct set_measure) == 24, "hash the new member of a measure");
static_assert(sizeof(struct set_run) == 112, "hash the new member of a run");
static_assert(sizeof(struct result_detail) == 64, "hash the new member of a detail");
static_assert(sizeof(struct result) == 40, "hash the new member of a result");
#endif

void run_hashes_done(struct run_hashes *hashes)
{
    free(hashes->items);
    *hashes = (struct run_hashes){.items = NULL};
}

bool run_begins(const struct result_set *set, size_t result)
{
    return result == 0 || set->results[result].run != set->results[result - 1].run;
}

void run_hash_fold(struct sha256 *chain, const struct run_hash *hash)
{
    unsigned char both[sizeof(chain->bytes) + RUN_HASH_BYTES];

    memcpy(both, chain->bytes, sizeof(chain->bytes));
    memcpy(both + sizeof(chain->bytes), hash->bytes, RUN_HASH_BYTES);
    *chain = sha256_of(both, sizeof(both));
}

/* ---- pieces: texts with their end, numbers as they are in memory; what has a count begins with it */

/* No text is another one than an empty text. */
static void add_text(struct buf *into, const char *text)
{
    if (text == NULL)
        buf_addc(into, '\1');
    else
        buf_add(into, text, strlen(text) + 1);
}

static void add_integer(struct buf *into, int64_t number)
{
    buf_add(into, &number, sizeof(number));
}

static void add_double(struct buf *into, double number)
{
    buf_add(into, &number, sizeof(number));
}

static void add_parameters(struct buf *into, const struct parameter_list *list)
{
    add_integer(into, (int64_t)list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct parameter *item = &list->items[i];

        add_text(into, item->name);
        add_integer(into, item->type);
        add_double(into, item->number);
        add_text(into, item->word);
    }
}

static void add_labels(struct buf *into, const struct label_list *labels)
{
    const size_t count = labels != NULL ? labels->count : 0;

    add_integer(into, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        add_text(into, labels->items[i].name);
        add_text(into, labels->items[i].text);
    }
}

static void add_submission(struct buf *into, const struct submission *submission)
{
    add_text(into, submission->id);
    add_integer(into, submission->state);
    add_text(into, submission->contributor);
    add_text(into, submission->format);
    add_text(into, submission->file);
    add_text(into, submission->original);
    add_integer(into, submission->received_us);
    add_integer(into, submission->log_epoch);
    add_integer(into, submission->log_index);
    add_integer(into, (int64_t)submission->problem_count);
    for (size_t i = 0; i < submission->problem_count; i++) {
        add_text(into, submission->problems[i].path);
        add_text(into, submission->problems[i].message);
    }
    add_integer(into, submission->repeats);
}

/* The entry of the catalogue follows from the names. */
static void add_machine(struct buf *into, const struct set_machine *machine)
{
    add_text(into, machine->chip_given);
    add_text(into, machine->chip);
    add_text(into, machine->chip_variant);
    add_integer(into, machine->chip_known);
    add_integer(into, machine->chip_count);
    add_text(into, machine->os);
    add_text(into, machine->driver);
}

static void add_workload(struct buf *into, const struct set_workload *workload)
{
    add_text(into, workload->model);
    add_text(into, workload->quantization);
    add_text(into, workload->backend);
    add_text(into, workload->mode);
    add_text(into, workload->task);
    add_text(into, workload->category);
    add_text(into, workload->parameters);
    add_parameters(into, &workload->parameter_items);
    add_double(into, workload->model_bytes);
}

static void add_run(struct buf *into, const struct set_run *run)
{
    add_integer(into, run->number);
    add_text(into, run->device);
    add_machine(into, run->machine);
    add_workload(into, run->workload);
    add_text(into, run->setup->text);
    add_parameters(into, &run->setup->items);
    add_labels(into, run->labels);
    add_text(into, run->tool);
    add_text(into, run->tool_version);
    add_text(into, run->variant);
    add_integer(into, run->ran_us);
    add_text(into, run->flags);
    add_integer(into, run->quarantined);
}

static void add_result(struct buf *into, const struct result *result)
{
    const struct result_detail *detail = result->detail;
    const double figures[] = {result->value, detail->mean, detail->stddev, detail->min, detail->max, detail->median};
    const int64_t counts[] = {
        result->n,           result->ordinal,     result->failed, result->flagged, result->measure->direction,
        detail->stddev_kind, detail->sample_count};

    add_text(into, result->measure->metric);
    add_text(into, result->measure->unit);
    buf_add(into, figures, sizeof(figures));
    buf_add(into, counts, sizeof(counts));
    if (detail->sample_count > 0)
        buf_add(into, detail->samples, detail->sample_count * sizeof(*detail->samples));
    add_text(into, detail->flags);
}

int run_hashes_find(const struct result_set *set, struct run_hashes *ret, struct err *err)
{
    autorunhashes struct run_hashes hashes = {.items = NULL};
    autobuf struct buf text = BUF(RUN_BYTES_MAX);

    for (size_t i = 0, end; i < set->result_count; i = end) {
        const struct set_run *run = set->results[i].run;

        buf_reset(&text);
        add_integer(&text, set->counted);
        add_submission(&text, &set->submissions[run->submission]);
        add_run(&text, run);
        for (end = i; end < set->result_count && set->results[end].run == run; end++)
            add_result(&text, &set->results[end]);
        const int status = buf_check(&text, err);

        if (status < 0)
            return status;
        if (mem_grow(&hashes.items, &hashes.capacity, hashes.count + 1, sizeof(*hashes.items)) < 0)
            return mem_error(err);
        const struct sha256 whole = sha256_of(buf_text(&text), text.len);
        struct run_hash hash;

        memcpy(hash.bytes, whole.bytes, RUN_HASH_BYTES);
        hashes.items[hashes.count++] = hash;
    }
    *ret = hashes;
    hashes = (struct run_hashes){.items = NULL};
    return 0;
}
