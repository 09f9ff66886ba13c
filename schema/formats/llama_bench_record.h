/* Records of llama-bench (llama.cpp and its forks), whatever output they come
 * from: JSON, JSON lines, CSV and Markdown all set named fields of a record,
 * and llama_document_finish turns the records into readings.
 *
 * Field names are those of `llama-bench -o json`; 28 of them in 2023, 44 in
 * 2026 (tools/llama-bench/llama-bench.cpp of ggml-org/llama.cpp). */
#ifndef SCHEMA_FORMATS_LLAMA_BENCH_RECORD_H
#define SCHEMA_FORMATS_LLAMA_BENCH_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

#define LLAMA_BENCH_TOOL "llama-bench"

enum llama_type {
    LLAMA_TEXT,
    LLAMA_NUMBER,
    LLAMA_NOT_FINITE,
    LLAMA_BOOLEAN,
    LLAMA_UNTYPED, /* a cell of a table: text that may stand for any of the others */
    LLAMA_OTHER    /* a list or an object */
};
struct llama_field {
    const char *name;
    enum llama_type type;
    const char *text;      /* of LLAMA_TEXT and LLAMA_UNTYPED */
    double number;         /* also of LLAMA_BOOLEAN */
    const char *type_name; /* "a number", …, for messages */
};

struct llama_record {
    size_t begin, end; /* its bytes in the input, with an object that wraps this record alone */
    size_t context;    /* where what is needed to read it begins: the header of its table */
    int line;
    const char *path; /* "[3]"; "" where records stand one a line */
    const char *build_commit, *cpu_info, *gpu_info, *backends;
    const char *model_filename, *model_type, *type_k, *type_v, *split_mode, *devices, *test_time, *test;
    const char *driver; /* of a log line */
    double build_number, model_size, model_n_params, n_gpu_layers, main_gpu;
    double n_prompt, n_gen, n_depth, avg_ts, stddev_ts;
    double avg_ttft_ms, stddev_ttft_ms, avg_itl_ms, stddev_itl_ms; /* of forks */
    bool avg_not_finite;
    double cuda, metal, vulkan, kompute, sycl, opencl, gpu_blas, blas, f16_kv; /* booleans of 2023 and 2024 */
    double *samples;
    size_t sample_count;
    struct parameter_list setup;
    size_t fields; /* set so far */
    bool left_out;
};

/* Something to tell about the document: kept until its readings exist. */
struct llama_note {
    size_t record; /* it belongs to, or SIZE_MAX */
    struct problem problem;
};

struct llama_document {
    const struct format *format;
    const struct format_input *input;
    struct arena arena;
    struct llama_record *records;
    size_t count, capacity;
    struct llama_note *notes;
    size_t note_count, note_capacity;
    struct flag_list told;         /* names of fields already noted: once each */
    struct private_span *privates; /* in bytes of the input */
    size_t private_count, private_capacity;
    struct llama_stretch {
        size_t begin, end;
        bool follows; /* closes a table: goes with the row that ends at row_end */
        size_t row_end;
    } * needed;
    size_t needed_count, needed_capacity;
    /* Records of one program have the same fields in the same order: what the field at each place was. */
    struct llama_place {
        const char *name;
        const void *kind;
    } * places;
    size_t place_count, place_capacity;
    const struct llama_record *added; /* the last record that became a run, and the reading that it became one of */
    const struct reading *added_to;
};

void llama_document_init(struct llama_document *document, const struct format *format,
                         const struct format_input *input);
void llama_document_done(struct llama_document *document);
#define autollama cleanup(llama_document_done)

/* NULL when memory failed. The pointer is good until the next one is added. */
struct llama_record *llama_document_add(struct llama_document *document, size_t begin, int line, const char *path);
/* Sets one field. -ERR_DATA with line and path when a known field has a wrong type; 1 when it was left out, which
 * is noted once by name. A missing or null field is simply not set. */
int llama_record_set(struct llama_document *document, struct llama_record *record, const struct llama_field *field,
                     struct err *err) must_check;
void llama_document_note(struct llama_document *document, const struct llama_record *record, int line, int column,
                         const char *path, const char *format, ...) printf_like(6, 7);
/* Lines that a table needs beside its rows: header, device lines, build line. They stay in every original. */
void llama_document_need(struct llama_document *document, size_t begin, size_t end);
/* As need, for the line that closes the table whose last row ends at `row_end`. */
void llama_document_need_behind(struct llama_document *document, size_t begin, size_t end, size_t row_end);
void llama_document_private(struct llama_document *document, size_t offset, size_t length, enum private_kind kind);

/* Takes the lengths from `test` ("pp512", "tg128 @ d4096") where the record states no n_prompt and n_gen. */
void llama_fill_lengths(struct llama_record *record);
/* Both ran on the same chips of the same machine with the same backend, as far as they tell. */
bool llama_same_chips(const struct llama_record *a, const struct llama_record *b);
/* Adds the run of a usable record to the reading of its machine; false when the record holds no test. */
bool llama_add_run(struct llama_document *document, struct reading *reading, const struct llama_record *record);
/* "b6865 (1c1409e1)", "b6865" or "1c1409e1"; NULL when the record names no build. Shallow clones count 1. */
const char *llama_build(struct arena *arena, const struct llama_record *record);

/* The processor of cpu_info, without the names of libraries that llama-bench lists there; NULL. */
const char *llama_cpu_name(struct arena *arena, const struct llama_record *record);
/* The GPUs of gpu_info. Several are comma-joined, before 2024-11 joined by a slash. */
#define LLAMA_GPUS_MAX 64
struct llama_gpus {
    const char *names[LLAMA_GPUS_MAX];
    size_t count;
};
void llama_gpu_names(struct arena *arena, const struct llama_record *record, struct llama_gpus *ret);
/* Sets chip_name and chip_count of a run, and flags what makes them doubtful. */
void llama_set_chip(struct llama_document *document, struct reading *reading, struct run *run,
                    const struct llama_record *record);
/* The same for a record that llama_same_chips as that of the run before. */
void llama_set_chip_before(struct reading *reading, struct run *run);
/* Canonical backend of a record, or as given; NULL. */
const char *llama_backend(struct arena *arena, const struct llama_record *record);
/* True when a GPU did the work, as far as the record tells. */
bool llama_ran_on_gpu(struct arena *arena, const struct llama_record *record);

/* Appends one reading per machine. A document without any usable record gives one reading without runs. */
int llama_document_finish(struct llama_document *document, struct reading_list *into, struct err *err) must_check;

#endif
