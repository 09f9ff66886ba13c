#include "schema/formats/llama_bench_record.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/formats/reader.h"

#define PLACES_MAX 200

enum slot_type { SLOT_TEXT, SLOT_NUMBER, SLOT_BOOLEAN, SLOT_IGNORED };

#define TEXT_SLOT(field)                                                                                               \
    {                                                                                                                  \
#field, SLOT_TEXT, offsetof(struct llama_record, field)                                                        \
    }
#define NUMBER_SLOT(field)                                                                                             \
    {                                                                                                                  \
#field, SLOT_NUMBER, offsetof(struct llama_record, field)                                                      \
    }
#define BOOLEAN_SLOT(field)                                                                                            \
    {                                                                                                                  \
#field, SLOT_BOOLEAN, offsetof(struct llama_record, field)                                                     \
    }
#define IGNORED(name)                                                                                                  \
    {                                                                                                                  \
        name, SLOT_IGNORED, 0                                                                                          \
    }

/* Fields that the reader understands. avg_ns, stddev_ns and samples_ns say the same as the _ts ones in another unit. */
static const struct slot {
    const char *name;
    enum slot_type type;
    size_t offset;
} slots[] = {
    TEXT_SLOT(build_commit),   TEXT_SLOT(cpu_info),        TEXT_SLOT(gpu_info),         TEXT_SLOT(backends),
    TEXT_SLOT(model_filename), TEXT_SLOT(model_type),      TEXT_SLOT(type_k),           TEXT_SLOT(type_v),
    TEXT_SLOT(split_mode),     TEXT_SLOT(devices),         TEXT_SLOT(test_time),        TEXT_SLOT(test),
    NUMBER_SLOT(build_number), NUMBER_SLOT(model_size),    NUMBER_SLOT(model_n_params), NUMBER_SLOT(n_gpu_layers),
    NUMBER_SLOT(main_gpu),     NUMBER_SLOT(n_prompt),      NUMBER_SLOT(n_gen),          NUMBER_SLOT(n_depth),
    NUMBER_SLOT(avg_ts),       NUMBER_SLOT(stddev_ts),     NUMBER_SLOT(avg_ttft_ms),    NUMBER_SLOT(stddev_ttft_ms),
    NUMBER_SLOT(avg_itl_ms),   NUMBER_SLOT(stddev_itl_ms), BOOLEAN_SLOT(cuda),          BOOLEAN_SLOT(metal),
    BOOLEAN_SLOT(vulkan),      BOOLEAN_SLOT(kompute),      BOOLEAN_SLOT(sycl),          BOOLEAN_SLOT(opencl),
    BOOLEAN_SLOT(gpu_blas),    BOOLEAN_SLOT(blas),         BOOLEAN_SLOT(f16_kv),        IGNORED("avg_ns"),
    IGNORED("stddev_ns"),      IGNORED("samples_ns"),      IGNORED("samples_ts"),       IGNORED("samples_ttft_ns"),
    IGNORED("samples_itl_ns"), IGNORED("avg_e2e_ms"),      IGNORED("stddev_e2e_ms"),
};

/* Set-up fields whose 0 and 1 mean no and yes, whether written as a boolean, a number or in a table. */
static const char *const boolean_names[] = {
    "flash_attn",    "use_mmap", "no_kv_offload", "embeddings", "cpu_strict", "mul_mat_q",
    "no_op_offload", "no_host",  "use_direct_io", "repack",     "fused_moe",  "low_vram",
};
/* Set-up fields that are words even when they look like a number. */
static const char *const word_names[] = {"tensor_split", "cpu_mask", "tensor_buft_overrides", "ser", "load_mode"};

static bool name_is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* ---------------------------------------------------------------- document */

void llama_document_init(struct llama_document *document, const struct format *format, const struct format_input *input)
{
    *document = (struct llama_document){.format = format, .input = input};
    arena_init(&document->arena, (size_t)1 << 30);
}

void llama_document_done(struct llama_document *document)
{
    arena_done(&document->arena);
}

struct llama_record *llama_document_add(struct llama_document *document, size_t begin, int line, const char *path)
{
    char *path_copy = arena_strdup(&document->arena, path);
    struct llama_record *items =
        arena_grow(&document->arena, document->records, &document->capacity, document->count + 1, sizeof *items);
    if (items == NULL || path_copy == NULL)
        return NULL;
    document->records = items;
    struct llama_record *record = &items[document->count++];
    *record = (struct llama_record){.begin = begin, .end = begin, .context = begin, .line = line, .path = path_copy};
    for (size_t i = 0; i < ARRAY_LENGTH(slots); i++)
        if (slots[i].type == SLOT_NUMBER || slots[i].type == SLOT_BOOLEAN)
            *(double *)(void *)((char *)record + slots[i].offset) = MISSING;
    return record;
}

void llama_document_note(struct llama_document *document, const struct llama_record *record, int line, int column,
                         const char *path, const char *format, ...)
{
    char text[400], shown[sizeof text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_copy(shown, sizeof shown, text);
    struct arena *arena = &document->arena;
    struct problem problem = {
        .path = arena_strdup(arena, path),
        .line = line,
        .column = column,
        .message = arena_strdup(arena, shown),
    };
    struct llama_note *items =
        arena_grow(arena, document->notes, &document->note_capacity, document->note_count + 1, sizeof *items);
    if (items == NULL)
        return;
    document->notes = items;
    items[document->note_count++] = (struct llama_note){
        .record = record != NULL ? (size_t)(record - document->records) : SIZE_MAX,
        .problem = problem,
    };
}

void llama_document_private(struct llama_document *document, size_t offset, size_t length, enum private_kind kind)
{
    struct private_span *items = arena_grow(&document->arena, document->privates, &document->private_capacity,
                                            document->private_count + 1, sizeof *items);
    if (items == NULL)
        return;
    document->privates = items;
    items[document->private_count++] = (struct private_span){offset, length, kind};
}

static void add_needed(struct llama_document *document, struct llama_stretch stretch)
{
    struct llama_stretch *items = arena_grow(&document->arena, document->needed, &document->needed_capacity,
                                             document->needed_count + 1, sizeof *items);
    if (items == NULL)
        return;
    document->needed = items;
    items[document->needed_count++] = stretch;
}

void llama_document_need(struct llama_document *document, size_t begin, size_t end)
{
    add_needed(document, (struct llama_stretch){.begin = begin, .end = end});
}

void llama_document_need_behind(struct llama_document *document, size_t begin, size_t end, size_t row_end)
{
    add_needed(document, (struct llama_stretch){begin, end, true, row_end});
}

/* ---------------------------------------------------------------- fields */

static int wrong_type(const struct llama_record *record, const struct llama_field *field, const char *expected,
                      struct err *err)
{
    if (field->type == LLAMA_UNTYPED)
        err_set(err, ERR_DATA, "expected %s, found \"%.60s\"", expected, field->text);
    else
        err_set(err, ERR_DATA, "expected %s, found %s", expected, field->type_name);
    err_path(err, "%s%s%s", record->path, *record->path != '\0' ? "." : "", field->name);
    return err_at(err, record->line, 0);
}

/* The number that a field stands for; false when it is none. NAN and true for one that is not finite. */
static bool field_number(const struct llama_field *field, double *ret)
{
    if (field->type == LLAMA_NUMBER || field->type == LLAMA_NOT_FINITE) {
        *ret = field->type == LLAMA_NUMBER ? field->number : MISSING;
        return true;
    }
    if (field->type != LLAMA_UNTYPED)
        return false;
    struct str text = str_trim(str_of(field->text));
    if (number_parse_loose(text, ret))
        return true;
    *ret = MISSING;
    return reader_is_not_finite(text);
}

/* 0 or 1 where the field says no or yes, else NAN. */
static double field_boolean(const struct llama_field *field)
{
    double number = MISSING;
    if (field->type == LLAMA_BOOLEAN)
        return field->number;
    if (field->type == LLAMA_TEXT || field->type == LLAMA_UNTYPED) {
        if (text_equal_ignore_case(field->text, "true") || text_equal(field->text, "1"))
            return 1;
        if (text_equal_ignore_case(field->text, "false") || text_equal(field->text, "0"))
            return 0;
    } else if (field_number(field, &number) && (number_equal(number, 0) || number_equal(number, 1))) {
        return number;
    }
    return MISSING;
}

/* Of a path only the base name: the folders are nobody's business. */
static const char *slot_text(struct arena *arena, const struct llama_field *field, const char *before)
{
    struct str text = str_of(field->text), folder;
    if (strcmp(field->name, "model_filename") == 0)
        reader_split_path(text, &folder, &text);
    if (before != NULL && str_equal(text, str_of(before)))
        return before;
    bool list = strcmp(field->name, "gpu_info") == 0; /* every GPU of the machine */
    return reader_long_text(arena, text, list ? 8000 : 200);
}

static int set_slot(struct llama_document *document, struct llama_record *record, const struct slot *slot,
                    const struct llama_field *field, struct err *err)
{
    void *target = (char *)record + slot->offset;
    double number = MISSING;
    const char *before = NULL;
    switch (slot->type) {
    case SLOT_TEXT:
        if (field->type != LLAMA_TEXT && field->type != LLAMA_UNTYPED)
            return wrong_type(record, field, "a string", err);
        if (record > document->records) /* mostly the text of the record before */
            before = *(const char **)(void *)((char *)(record - 1) + slot->offset);
        *(const char **)target = slot_text(&document->arena, field, before);
        return 0;
    case SLOT_NUMBER:
        if (field->type == LLAMA_UNTYPED && str_trim(str_of(field->text)).len == 0)
            return 0;
        if (!field_number(field, &number))
            return wrong_type(record, field, "a number", err);
        *(double *)target = number;
        if (target == (void *)&record->avg_ts)
            record->avg_not_finite = isnan(number);
        return 0;
    case SLOT_BOOLEAN:
        number = field_boolean(field);
        if (isnan(number))
            return wrong_type(record, field, "a boolean", err);
        *(double *)target = number;
        return 0;
    case SLOT_IGNORED:
        break;
    }
    return 0;
}

/* llama-bench's word for it, or the shorter one that all tools share. */
static const char *setup_name(const char *field)
{
    static const struct {
        const char *from, *to;
    } names[] = {
        {"n_threads", "threads"},
        {"use_mmap", "mmap"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(field, names[i].from) == 0)
            return names[i].to;
    return field;
}

static bool set_setup(struct llama_document *document, struct llama_record *record, const struct llama_field *field,
                      bool is_switch)
{
    struct arena *arena = &document->arena;
    const char *name = setup_name(field->name);
    double number = MISSING;
    if (is_switch) {
        number = field_boolean(field);
        if (!isnan(number)) {
            parameters_set_boolean(arena, &record->setup, name, number > 0);
            return true;
        }
    }
    if (field->type == LLAMA_BOOLEAN) {
        parameters_set_boolean(arena, &record->setup, name, field->number > 0);
        return true;
    }
    if (field_number(field, &number)) {
        if (number < 0 && strcmp(name, "flash_attn") == 0) /* since late 2025: left to the backend */
            return parameters_set_word(arena, &record->setup, name, "auto");
        parameters_set_number(arena, &record->setup, name, number);
        return isfinite(number);
    }
    if (field->type != LLAMA_TEXT && field->type != LLAMA_UNTYPED)
        return false;
    return text_is_empty(field->text) ||
           (!reader_is_placeholder(field->text) && parameters_set_word(arena, &record->setup, name, field->text));
}

/* Options of llama-bench join several values by slashes, which no word may hold. */
static bool set_own_word(struct llama_document *document, struct llama_record *record, const struct llama_field *field)
{
    char *word = arena_strdup(&document->arena, field->text);
    for (char *at = word; at != NULL && *at != '\0'; at++)
        if (*at == '/')
            *at = ',';
    return word != NULL &&
           (*word == '\0' ||
            (!reader_is_placeholder(word) && parameters_set_word(&document->arena, &record->setup, field->name, word)));
}

/* Forks report more figures (avg_ttft_ms, samples_itl_ns, …): results, never a set-up. */
static bool is_figure(const char *name)
{
    return text_starts_with(name, "avg_") || text_starts_with(name, "stddev_") || text_starts_with(name, "samples_");
}

static int note_left_out(struct llama_document *document, const struct llama_record *record,
                         const struct llama_field *field, const char *reason)
{
    char name[65];
    text_copy(name, sizeof name, field->name);
    if (flags_has(&document->told, name))
        return 1;
    flags_add(&document->arena, &document->told, name);
    llama_document_note(document, record, record->line, 0, name, "field left out: %s", reason);
    return 1;
}

/* What a field is, by its name. */
enum field_kind { FIELD_PERSONAL, FIELD_FIGURE, FIELD_OWN_WORD, FIELD_SWITCH, FIELD_SETUP, FIELD_LEFT_OUT };
static const enum field_kind kinds[] = {FIELD_PERSONAL, FIELD_FIGURE, FIELD_OWN_WORD,
                                        FIELD_SWITCH,   FIELD_SETUP,  FIELD_LEFT_OUT};

/* A slot, or one of `kinds`. */
static const void *kind_of(const char *name)
{
    enum private_kind kind;
    for (size_t i = 0; i < ARRAY_LENGTH(slots); i++)
        if (strcmp(name, slots[i].name) == 0)
            return &slots[i];
    if (reader_name_is_personal(str_of(name), &kind))
        return &kinds[FIELD_PERSONAL];
    if (is_figure(name))
        return &kinds[FIELD_FIGURE];
    if (name_is_among(name, word_names, ARRAY_LENGTH(word_names)))
        return &kinds[FIELD_OWN_WORD];
    if (name_is_among(name, boolean_names, ARRAY_LENGTH(boolean_names)))
        return &kinds[FIELD_SWITCH];
    return &kinds[text_is_empty(name) || strlen(name) > 64 ? FIELD_LEFT_OUT : FIELD_SETUP];
}

static const void *known_kind(struct llama_document *document, size_t place, const char *name)
{
    if (place < document->place_count && strcmp(document->places[place].name, name) == 0)
        return document->places[place].kind;
    const void *kind = kind_of(name);
    if (place > document->place_count || place >= PLACES_MAX)
        return kind;
    char *copy = arena_strdup(&document->arena, name);
    struct llama_place *items = arena_grow(&document->arena, document->places, &document->place_capacity,
                                           document->place_count + 1, sizeof *items);
    if (items == NULL || copy == NULL)
        return kind;
    document->places = items;
    items[place] = (struct llama_place){copy, kind};
    document->place_count += place == document->place_count;
    return kind;
}

int llama_record_set(struct llama_document *document, struct llama_record *record, const struct llama_field *field,
                     struct err *err)
{
    const void *known = known_kind(document, record->fields++, field->name);
    if (known >= (const void *)slots && known < (const void *)(slots + ARRAY_LENGTH(slots)))
        return set_slot(document, record, known, field, err);
    enum field_kind kind = *(const enum field_kind *)known;
    if (kind == FIELD_PERSONAL)
        return note_left_out(document, record, field, "it may name a person or a machine");
    if (kind == FIELD_FIGURE)
        return note_left_out(document, record, field, "a figure that llama-bench itself does not have");
    if (field->type == LLAMA_OTHER)
        return note_left_out(document, record, field, "a list or an object is no parameter");
    bool text = field->type == LLAMA_TEXT || field->type == LLAMA_UNTYPED;
    if (text && kind == FIELD_OWN_WORD) {
        if (!set_own_word(document, record, field))
            note_left_out(document, record, field, "not a word of at most 64 characters");
        return 0; /* the tool's own text: it may stay in the original */
    }
    if (kind == FIELD_LEFT_OUT || !set_setup(document, record, field, kind == FIELD_SWITCH))
        return note_left_out(document, record, field, "not a number, a boolean or a word of at most 64 characters");
    return 0;
}
