/* The records of a document sorted by machine: one reading each. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/llama_bench_record.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

/* A machine is told apart by its processor and its GPUs. Drivers name one GPU differently, so names that the
 * catalogue knows as one chip are one. Records without a GPU go to the first machine with their processor. */
struct machine {
    const char *cpu;
    const char *gpus; /* canonical names joined; "" without GPU */
    size_t first_record;
    struct reading *reading;
};

#define MACHINES_MAX 1000

struct machines {
    struct machine *items;
    size_t count, capacity;
    size_t *of_record; /* machine of each record */
};

static const char *canonical_gpus(struct arena *arena, const struct llama_record *record)
{
    struct llama_gpus gpus;
    llama_gpu_names(arena, record, &gpus);
    const char *joined = "";
    for (size_t i = 0; i < gpus.count; i++) {
        struct chip_match match;
        catalog_match_chip(gpus.names[i], NULL, &match);
        joined = arena_printf(arena, "%s%s,", joined, match.chip != NULL ? match.chip : gpus.names[i]);
    }
    return joined;
}

/* Tables that name no GPU are not taken for another table's machine: they have no processor either. */
static bool same_machine(const struct machine *machine, const char *cpu, const char *gpus)
{
    if (!text_equal(machine->cpu, cpu))
        return false;
    bool one_without = (text_is_empty(gpus) || text_is_empty(machine->gpus)) && cpu != NULL;
    return one_without || text_equal(machine->gpus, gpus);
}

static int sort_into_machines(struct llama_document *document, struct machines *machines, struct err *err)
{
    struct arena *arena = &document->arena;
    machines->of_record = arena_alloc(arena, document->count + 1, sizeof *machines->of_record);
    const char *gpus = "", *cpu = NULL;
    for (size_t i = 0; machines->of_record != NULL && i < document->count; i++) {
        const struct llama_record *record = &document->records[i];
        bool as_before = i > 0 && text_equal(record->gpu_info, record[-1].gpu_info);
        if (!as_before)
            gpus = canonical_gpus(arena, record);
        as_before = as_before && text_equal(record->cpu_info, record[-1].cpu_info);
        if (as_before && same_machine(&machines->items[machines->of_record[i - 1]], cpu, gpus)) {
            machines->of_record[i] = machines->of_record[i - 1];
            continue;
        }
        cpu = llama_cpu_name(arena, record);
        size_t at = 0;
        while (at < machines->count && !same_machine(&machines->items[at], cpu, gpus))
            at++;
        machines->of_record[i] = at;
        if (at < machines->count) {
            if (text_is_empty(machines->items[at].gpus))
                machines->items[at].gpus = gpus;
            continue;
        }
        if (at == MACHINES_MAX)
            return err_set(err, ERR_LIMIT, "the file holds records of more than %d machines", MACHINES_MAX);
        struct machine *items = arena_grow(arena, machines->items, &machines->capacity, at + 1, sizeof *items);
        if (items == NULL)
            break;
        machines->items = items;
        items[machines->count++] = (struct machine){.cpu = cpu, .gpus = gpus, .first_record = i};
    }
    return arena_check(arena, err);
}

/* ---------------------------------------------------------------- device */

static bool is_system_on_chip(const char *gpu)
{
    return text_starts_with(gpu, "Apple ");
}

static void add_gpu(struct reading *reading, const char *name, int64_t count)
{
    struct device *device = &reading->device;
    for (size_t i = 0; i < device->chip_count; i++)
        if (text_equal(device->chips[i].name, name))
            return;
    size_t capacity = device->chip_count;
    struct device_chip *items =
        arena_grow(&reading->arena, device->chips, &capacity, device->chip_count + 1, sizeof *items);
    if (items == NULL)
        return;
    device->chips = items;
    items[device->chip_count++] = (struct device_chip){
        .name = name,
        .kind = "gpu",
        .count = count,
        .cores = COUNT_UNKNOWN,
        .memory_bytes = MISSING,
    };
}

static void add_device_facts(struct reading *reading, const struct llama_record *record)
{
    struct device *device = &reading->device;
    struct llama_gpus gpus;
    llama_gpu_names(&reading->arena, record, &gpus);
    if (device->chip == NULL)
        device->chip = llama_cpu_name(&reading->arena, record);
    if (device->chip == NULL && gpus.count > 0 && is_system_on_chip(gpus.names[0]))
        device->chip = gpus.names[0];
    if (device->driver == NULL)
        device->driver = arena_strdup(&reading->arena, record->driver);
    for (size_t i = 0; i < gpus.count; i++) {
        int64_t count = 0;
        for (size_t k = 0; k < gpus.count; k++)
            count += text_equal(gpus.names[k], gpus.names[i]);
        if (!text_equal(gpus.names[i], device->chip))
            add_gpu(reading, gpus.names[i], count);
    }
}

/* ---------------------------------------------------------------- original */

static int compare_stretches(const void *a, const void *b)
{
    const struct llama_stretch *left = a, *right = b;
    return left->begin < right->begin ? -1 : left->begin > right->begin;
}

static bool is_plain(char c, bool brackets)
{
    return raw_json_is_blank(c) || c == ',' || (brackets && (c == '[' || c == ']'));
}

/* What stands between the pieces of a reading is other people's text, other machines' records or log lines. */
static void mark_gap(struct reading *reading, struct str text, size_t begin, size_t end, bool brackets)
{
    while (begin < end && is_plain(text.data[begin], brackets))
        begin++;
    while (end > begin && is_plain(text.data[end - 1], brackets))
        end--;
    if (begin < end)
        reading_add_private(reading, begin, end - begin, PRIVATE_TEXT);
}

/* True when the brackets between the pieces leave a list open behind the last of them. */
static bool leaves_open(struct str text, const struct llama_stretch *pieces, size_t count)
{
    bool open = false;
    size_t end = pieces[0].end;
    for (size_t i = 1; i < count; i++) {
        for (size_t at = end; at < pieces[i].begin; at++)
            if (text.data[at] == '[' || text.data[at] == ']')
                open = text.data[at] == '[';
        end = pieces[i].end > end ? pieces[i].end : end;
    }
    return open;
}

/* An array of which every record is this machine's keeps its brackets. */
static void take_brackets(struct str text, size_t *begin, size_t *end)
{
    size_t before = *begin, after = *end;
    while (before > 0 && raw_json_is_blank(text.data[before - 1]))
        before--;
    while (after < text.len && raw_json_is_blank(text.data[after]))
        after++;
    if (before > 0 && text.data[before - 1] == '[' && after < text.len && text.data[after] == ']') {
        *begin = before - 1;
        *end = after + 1;
    }
}

/* The records of machine `which` and, within their reach, the lines that tables need, in order. */
static struct llama_stretch *pieces_of(struct llama_document *document, const struct machines *machines, size_t which,
                                       size_t *ret_count)
{
    size_t most = document->needed_count, count = 0, begin = SIZE_MAX, end = 0;
    for (size_t i = 0; i < document->count; i++)
        most += machines->of_record[i] == which;
    struct llama_stretch *pieces = arena_alloc(&document->arena, most + 1, sizeof *pieces);
    if (pieces == NULL)
        return NULL;
    for (size_t i = 0; i < document->count; i++) {
        const struct llama_record *record = &document->records[i];
        if (machines->of_record[i] != which)
            continue;
        pieces[count++] = (struct llama_stretch){.begin = record->begin, .end = record->end};
        begin = record->context < begin ? record->context : begin;
        end = record->end > end ? record->end : end;
    }
    size_t last = SIZE_MAX; /* a build line behind the last row belongs to it */
    for (size_t i = 0; i < document->needed_count; i++) {
        struct llama_stretch needed = document->needed[i];
        if (needed.begin >= begin && needed.begin < end)
            pieces[count++] = needed;
        else if (needed.begin >= end && needed.follows && needed.row_end == end && last == SIZE_MAX)
            last = i;
    }
    if (last != SIZE_MAX)
        pieces[count++] = document->needed[last];
    qsort(pieces, count, sizeof *pieces, compare_stretches);
    *ret_count = count;
    return pieces;
}

static void set_original(struct llama_document *document, const struct machines *machines, size_t which)
{
    struct reading *reading = machines->items[which].reading;
    struct str text = document->input->text;
    size_t count = 0;
    struct llama_stretch *pieces = pieces_of(document, machines, which, &count);
    if (pieces == NULL || count == 0)
        return;
    size_t begin = pieces[0].begin, end = pieces[0].end;
    for (size_t i = 1; i < count; i++)
        end = pieces[i].end > end ? pieces[i].end : end;
    size_t outer_begin = begin, outer_end = end;
    bool json = strstr(document->format->name, "json") != NULL;
    if (json)
        take_brackets(text, &outer_begin, &outer_end);
    bool keep_brackets = outer_begin < begin || !leaves_open(text, pieces, count);
    size_t at = pieces[0].end;
    for (size_t i = 1; i < count; i++) {
        if (pieces[i].begin > at)
            mark_gap(reading, text, at, pieces[i].begin, keep_brackets);
        at = pieces[i].end > at ? pieces[i].end : at;
    }
    for (size_t i = 0; i < document->private_count; i++) {
        struct private_span span = document->privates[i];
        if (span.offset >= begin && span.offset < end)
            reading_add_private(reading, span.offset, span.length, span.kind);
    }
    reader_set_original(reading, outer_begin, outer_end);
}

/* ---------------------------------------------------------------- readings */

/* The version that all its runs share; NULL when they do not (run.setup has each one's build). */
static const char *shared_build(struct llama_document *document, const struct machines *machines, size_t which)
{
    const char *shared = NULL;
    const struct llama_record *last = NULL;
    bool first = true;
    for (size_t i = 0; i < document->count; i++) {
        if (machines->of_record[i] != which)
            continue;
        const struct llama_record *record = &document->records[i];
        if (!first && last != NULL && text_equal(record->build_commit, last->build_commit) &&
            number_equal(record->build_number, last->build_number))
            continue;
        last = record;
        const char *build = llama_build(&document->arena, record);
        if (!first && !text_equal(build, shared))
            return NULL;
        shared = build;
        first = false;
    }
    return shared;
}

static struct reading *new_reading(const struct llama_document *document)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return NULL;
    reading->format = document->format->name;
    reading->reader_version = document->format->version;
    reading->tool = LLAMA_BENCH_TOOL;
    return reading;
}

static void add_notes(struct llama_document *document, const struct machines *machines)
{
    for (size_t i = 0; i < document->note_count; i++) {
        const struct llama_note *note = &document->notes[i];
        size_t which = note->record == SIZE_MAX ? 0 : machines->of_record[note->record];
        const struct problem *problem = &note->problem;
        reading_add_problem(machines->items[which].reading, problem->path, problem->line, problem->column, "%s",
                            problem->message);
    }
}

static void fill_readings(struct llama_document *document, struct machines *machines)
{
    for (size_t i = 0; i < document->count; i++) {
        struct reading *reading = machines->items[machines->of_record[i]].reading;
        struct llama_record *record = &document->records[i];
        llama_fill_lengths(record);
        if (i == 0 || machines->of_record[i] != machines->of_record[i - 1] || !llama_same_chips(record, record - 1))
            add_device_facts(reading, record);
        llama_add_run(document, reading, record);
    }
    for (size_t i = 0; i < machines->count; i++) {
        struct machine *machine = &machines->items[i];
        if (machine->reading->run_count > 0 && machine->cpu == NULL && text_is_empty(machine->gpus))
            llama_document_note(document, &document->records[machine->first_record],
                                document->records[machine->first_record].line, 0, "",
                                "the file does not name the chip that this ran on");
        machine->reading->tool_version = arena_strdup(&machine->reading->arena, shared_build(document, machines, i));
        set_original(document, machines, i);
    }
    add_notes(document, machines);
}

/* Understood, but nothing was measured: one reading that says so. */
static void add_empty_machine(struct llama_document *document, struct machines *machines)
{
    struct machine *items = arena_grow(&document->arena, machines->items, &machines->capacity, 1, sizeof *items);
    if (items == NULL)
        return;
    machines->items = items;
    items[machines->count++] = (struct machine){0};
    llama_document_note(document, NULL, 0, 0, "", "the output holds no result: no test was finished");
}

int llama_document_finish(struct llama_document *document, struct reading_list *into, struct err *err)
{
    struct machines machines = {0};
    int result = sort_into_machines(document, &machines, err);
    if (result < 0)
        return result;
    if (machines.count == 0)
        add_empty_machine(document, &machines);
    for (size_t i = 0; i < machines.count; i++) {
        machines.items[i].reading = new_reading(document);
        result = reading_list_add(into, machines.items[i].reading, err);
        if (result < 0)
            return result;
    }
    if (document->count > 0) {
        fill_readings(document, &machines);
    } else if (machines.count > 0) {
        add_notes(document, &machines);
        reader_set_original(machines.items[0].reading, 0, document->input->text.len);
    }
    result = arena_check(&document->arena, err);
    for (size_t i = 0; result == 0 && i < machines.count; i++)
        result = arena_check(&machines.items[i].reading->arena, err);
    return result;
}
