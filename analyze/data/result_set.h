/* All results that one analysis looks at, from the database or from files.
 *
 * The set owns everything in one arena. Figures are in the catalogue's units; missing numbers are NAN,
 * missing counts COUNT_UNKNOWN. `result_set_finish` puts all into one order (submission id, run, measurement)
 * that does not depend on the order of arrival. */
#ifndef ANALYZE_DATA_RESULT_SET_H
#define ANALYZE_DATA_RESULT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"
#include "schema/catalog/catalog.h"

#define TIME_UNKNOWN INT64_MIN

enum submission_state {
    STATE_ACCEPTED,
    STATE_QUARANTINED,
    STATE_REJECTED,
    STATE_WITHDRAWN,
    STATE_DELETED,
    STATE_COUNT
};
const char *submission_state_word(enum submission_state state);
bool submission_state_parse(const char *word, enum submission_state *ret);

struct submission {
    const char *id; /* "sha256:…"; of a plain file: of its bytes, with "#2" for its second machine */
    enum submission_state state;
    const char *contributor; /* key; "" = nobody proved who sent it */
    const char *format;
    const char *file;     /* the path that was named; NULL = from the database */
    const char *original; /* hash of the original, hex; NULL = none */
    int64_t received_us;  /* TIME_UNKNOWN for files */
    bool repeats;         /* an earlier accepted submission has the same original: counts nowhere */
};

/* One metric of one run. */
struct result {
    size_t submission;  /* index */
    size_t run;         /* number in the submission */
    size_t ordinal;     /* number of the measurement in the submission */
    const char *device; /* key */
    const char *chip_given;
    const char *chip;              /* canonical, else as given */
    const char *chip_variant;      /* "" = not known or only one */
    const struct chip *chip_entry; /* NULL when the chip or its variant is not known */
    bool chip_known;
    int64_t chip_count;
    const char *tool, *tool_version;
    const char *model, *quantization, *backend, *mode, *task, *category; /* "" = not stated */
    const char *parameters;                             /* "depth=512, n_batch=2048", sorted by name; "" = none */
    const char *setup;                                  /* the same for what is not in the key of a cell */
    struct parameter_list parameter_items, setup_items; /* behind the two texts */
    struct label_list labels;                           /* title, change, notes, … */
    const char *os, *driver;                            /* of the device; "" = not stated */
    const char *variant;                                /* "alone", … */
    const char *metric, *unit;
    enum direction direction;
    int64_t n;
    double value; /* the median, else of the samples, else the mean */
    double mean, stddev, min, max, median;
    enum stddev_kind stddev_kind;
    const double *samples;
    size_t sample_count;
    double model_bytes; /* stated by the file, else of the catalogue */
    int64_t ran_us;     /* TIME_UNKNOWN */
    bool flagged;       /* the run or the measurement has flags */
    bool failed;        /* it failed, or its tool calls it invalid: shown, counts nowhere */
    const char *flags;  /* "failed, on_battery"; "" = none */
};

/* What a plausibility rule found. */
struct set_finding {
    size_t submission;
    long run; /* -1 = the whole submission */
    const char *rule;
    const char *severity;     /* "flag", "quarantine" */
    const char *chip, *model; /* of the run; "" */
    const char *message;
};

struct result_set {
    struct arena arena;
    struct submission *submissions;
    size_t submission_count, submission_capacity;
    struct result *results;
    size_t result_count, result_capacity;
    struct set_finding *findings;
    size_t finding_count, finding_capacity;
    enum submission_state counted; /* whose results count: accepted, but where somebody asks for another */
    size_t file_count;             /* of files read; 0 = from the database */
    const char *log_root; /* hex, of the database's log when it was read; NULL = from files, or nothing sealed */
    int64_t log_epoch, log_size;
    size_t *submission_order; /* indices by id, after result_set_finish */
};

void result_set_init(struct result_set *set);
void result_set_done(struct result_set *set);
#define autoset cleanup(result_set_done)

/* Each returns the new item, zeroed, or NULL when memory is out (arena_check tells). */
struct submission *result_set_add_submission(struct result_set *set);
struct result *result_set_add_result(struct result_set *set);
struct set_finding *result_set_add_finding(struct result_set *set);
/* All runs of a reading as results of submission number `submission`. */
int result_set_add_reading(struct result_set *set, size_t submission, const struct reading *reading,
                           struct err *err) must_check;
/* Names the chip of a result from `given` and the device's facts, and fills what follows from that. */
void result_name_chip(struct result_set *set, struct result *result, const char *given, const struct device *device);
/* Operating system and driver. */
void result_name_system(struct result_set *set, struct result *result, const struct device *device);
/* `value` from the figures that are there. */
void result_choose_value(struct result *result, struct arena *scratch);
/* `flags` as in the result, and what follows from them. */
void result_set_flags(struct result *result, const char *flags);
/* What has a figure, whether or not its chip is stated: in files that people name themselves. */
bool result_is_shown(const struct result_set *set, const struct result *result);
/* The same, when it may be compared. */
bool result_is_usable(const struct result_set *set, const struct result *result);
const char *label_text(const struct label_list *labels, const char *name); /* NULL = none */
/* "a=1, b=word", sorted by name; "" when empty. */
const char *parameters_text(struct arena *arena, const struct parameter_list *list);
/* Sorts, marks repeated originals. Call once, after everything was added. */
int result_set_finish(struct result_set *set, struct err *err) must_check;

/* It counts: accepted (or the state that was asked for), no repetition, not failed, with a finite value and a chip. */
bool result_counts(const struct result_set *set, const struct result *result);
size_t result_set_count_state(const struct result_set *set, enum submission_state state);
size_t result_set_repeats(const struct result_set *set);
/* Runs that would count, had they not failed. After result_set_finish. */
size_t result_set_failed_runs(const struct result_set *set);
/* Newest and oldest time of the results that count; TIME_UNKNOWN when none has one. */
int64_t result_set_newest(const struct result_set *set);
int64_t result_set_oldest(const struct result_set *set);

#endif
