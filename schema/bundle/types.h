/* What a benchmark result is, in memory: the words of a submission.
 *
 * A `struct reading` is what was understood of one document of one machine; it
 * becomes one bundle. All strings, arrays and samples live in its arena and die
 * with it; NULL strings mean "not stated". Missing numbers are NAN, missing
 * counts COUNT_UNKNOWN: missing is never zero. Strings are valid UTF-8 without
 * control characters and within the limits of limits.h. */
#ifndef SCHEMA_BUNDLE_TYPES_H
#define SCHEMA_BUNDLE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/mem.h"

#define COUNT_UNKNOWN ((int64_t)-1)

enum direction { DIRECTION_UNKNOWN, DIRECTION_HIGHER, DIRECTION_LOWER };
enum stddev_kind { STDDEV_UNKNOWN, STDDEV_SAMPLE, STDDEV_POPULATION };

/* A number, a boolean or a word of at most 64 characters without / \ @. */
enum parameter_type { PARAMETER_NUMBER, PARAMETER_BOOLEAN, PARAMETER_WORD };
struct parameter {
    const char *name;
    enum parameter_type type;
    double number;       /* also 0 or 1 of a boolean */
    const char *word;
};
struct parameter_list {
    struct parameter *items;    /* unsorted as read; sorted by name when written */
    size_t count, capacity;
};

struct flag_list {      /* words such as not_finite, high_variance; see schema/checks */
    const char **items;
    size_t count, capacity;
};

struct label {
    const char *name, *text;
};
struct label_list {
    struct label *items;
    size_t count, capacity;
};

/* The samples of one metric in one run. */
struct measurement {
    const char *metric;             /* name of schema/catalog/metrics.csv, or as the tool calls it */
    const char *unit;               /* the catalogue's unit of that metric; "" when the file states none */
    enum direction direction;
    const char *original_unit;      /* when it was converted, else NULL */
    double original_value;          /* the mean (or only value) as the file has it, when converted */
    int64_t n;                      /* samples behind the figures */
    double mean, stddev, min, max, median;
    enum stddev_kind stddev_kind;   /* STDDEV_SAMPLE: n - 1 */
    double *samples;                /* in the order of the file; NAN for one that was not a number */
    size_t sample_count;
    struct flag_list flags;
};

/* What was run. Only what changes the work is in `parameters` (lengths, batch, depth, KV type): it is the
 * key of a cell. Parameters at their tool's default (depth 0, KV type f16) are left out of it, so that tools and
 * versions that do not write them fall into the same cell. What tunes the run is in run.setup. */
struct workload {
    const char *model;              /* canonical name when the catalogue knows it, else as the file has it */
    const char *model_as_given;     /* the file's own spelling */
    const char *quantization;       /* canonical name or NULL */
    const char *backend;            /* "CUDA", "Metal", "ANE", … canonical, or as given */
    const char *mode;               /* of the tool: original, split_native, … */
    const char *task;               /* pp512, tg128, lm_head, … */
    const char *category;           /* prompt category */
    struct parameter_list parameters;
    double model_bytes;             /* weight bytes as the file states them; NAN when not */
    double model_parameters;
};

struct run {
    const char *chip_name;          /* as given; NULL = the device's (see reading_chip_name) */
    int64_t chip_count;             /* alike chips that worked together; 1 unless stated */
    struct workload workload;
    const char *variant;            /* "alone", "parallel", "combined"; NULL = alone */
    const char *ran_at;             /* RFC 3339; NULL when the file has none */
    bool ran_at_local;              /* the file's time had no zone: ran_at is written without one */
    struct parameter_list setup;    /* threads, layers offloaded, build, driver, flash attention, … */
    struct parameter_list conditions;   /* power source, governor, thermal state, … */
    struct label_list labels;       /* title, change, notes, source: text of people, never part of a key */
    struct measurement *measurements;
    size_t measurement_count, measurement_capacity;
    struct flag_list flags;
};

/* One kind of cores of a CPU: Super, Performance, Efficiency, … never just "P and E". */
struct core_kind {
    const char *name;
    int64_t cores, threads;         /* COUNT_UNKNOWN */
};
/* A chip of the device besides the main one, such as a graphics card. */
struct device_chip {
    const char *name;               /* as the machine calls it */
    const char *kind;               /* soc, cpu, gpu, npu */
    int64_t count;
    int64_t cores;                  /* GPU cores where stated */
    double memory_bytes;
};
/* One machine. Only an allow-list of facts; never host, user, serial, address. */
struct device {
    const char *chip;               /* main chip: "Apple M4", "AMD EPYC 7763 64-Core Processor" */
    int64_t cpu_count;              /* packages */
    int64_t cores, threads;         /* physical, logical, of the whole machine */
    int64_t usable_threads;         /* of this process: affinity and cgroup limits */
    struct core_kind *core_kinds;
    size_t core_kind_count;
    int64_t gpu_cores;              /* of the main chip, where it has a GPU */
    struct device_chip *chips;      /* further chips */
    size_t chip_count;
    double memory_bytes;
    const char *memory_type;
    const char *board;              /* Mac16,1 or the product name; no serial */
    const char *architecture;       /* arm64, x86_64, … */
    const char *os_name, *os_version, *kernel;
    const char *driver;
    const char *virtualization;     /* vm, container, wsl2, …; NULL = none seen */
    struct parameter_list extra;    /* further allowed facts */
};

/* Where a document is not as it should be. `line` and `column` from 1, 0 = not known. */
struct problem {
    const char *path;
    int line, column;
    const char *message;
};

/* A stretch of the original that must not leave the machine. */
enum private_kind {
    PRIVATE_HOST, PRIVATE_USER, PRIVATE_PATH, PRIVATE_PROMPT, PRIVATE_TEXT,
    PRIVATE_ADDRESS, PRIVATE_SERIAL
};
struct private_span {
    size_t offset, length;          /* bytes of the original of this reading */
    enum private_kind kind;
};

struct reading {
    struct arena arena;
    const char *format;             /* name in schema/formats */
    int reader_version;
    const char *tool, *tool_version;
    struct device device;           /* what the file itself says about the machine */
    struct run *runs;
    size_t run_count, run_capacity;
    struct problem *problems;
    size_t problem_count, problem_capacity;
    struct private_span *privates;
    size_t private_count, private_capacity;
    size_t original_offset, original_length;   /* this document within the input */
};

struct reading *reading_new(void);
void reading_free(struct reading *reading);
void reading_free_cleanup(struct reading **reading);
#define autoreading cleanup(reading_free_cleanup)

/* Each adds a zeroed-out item ("not stated" everywhere) and returns it; NULL when the arena failed
 * (the reading's arena then stays failed and arena_check tells). */
struct run *reading_add_run(struct reading *reading);
struct measurement *run_add_measurement(struct reading *reading, struct run *run, const char *metric);
void reading_add_problem(struct reading *reading, const char *path, int line, int column,
                         const char *format, ...) printf_like(5, 6);
void reading_add_private(struct reading *reading, size_t offset, size_t length, enum private_kind kind);
void flags_add(struct arena *arena, struct flag_list *flags, const char *flag);   /* once each */
bool flags_has(const struct flag_list *flags, const char *flag);
void parameters_set_number(struct arena *arena, struct parameter_list *list, const char *name, double number);
void parameters_set_boolean(struct arena *arena, struct parameter_list *list, const char *name, bool value);
/* False (and nothing set) when the word breaks the rule of words. */
bool parameters_set_word(struct arena *arena, struct parameter_list *list, const char *name, const char *word);
/* Adds those of `more` whose name is not there yet. */
void parameters_add(struct arena *arena, struct parameter_list *list, const struct parameter_list *more);
const struct parameter *parameters_find(const struct parameter_list *list, const char *name);
void labels_add(struct arena *arena, struct label_list *labels, const char *name, const char *text);
/* The run's own chip, else the device's; NULL when neither is stated. */
const char *reading_chip_name(const struct reading *reading, const struct run *run);
const char *direction_word(enum direction direction);     /* "higher", "lower", NULL */

#endif
