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
#include "schema/bundle/cell.h"
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

/* A part of a file that its reader could not use, and why. */
struct set_problem {
    const char *path, *message;
};

struct submission {
    const char *id; /* "sha256:…"; of a plain file: of its bytes, with "#2" for its second machine */
    enum submission_state state;
    const char *contributor; /* key; "" = nobody proved who sent it */
    const char *format;
    const char *file;     /* the path that was named; NULL = from the database */
    const char *original; /* hash of the original, hex; NULL = none */
    int64_t received_us;  /* TIME_UNKNOWN for files */
    int64_t log_epoch;    /* where the log has it first among those of its original; 0 = not known */
    int64_t log_index;
    const struct set_problem *problems; /* of whole members of a file; bundles and the database hold none */
    size_t problem_count;
    bool repeats; /* an earlier accepted submission has the same original: counts nowhere */
};

/* Facts that many runs have: each different one is kept once, and results of millions of rows share them. */
struct set_machine {
    const char *chip_given;
    const char *chip;              /* canonical, else as given */
    const char *chip_variant;      /* "" = not known or only one */
    const struct chip *chip_entry; /* NULL when the chip or its variant is not known */
    bool chip_known;
    int64_t chip_count;
    const char *os, *driver; /* "" = not stated */
};
struct set_workload {
    const char *model, *quantization, *backend, *mode, *task, *category; /* "" = not stated */
    const char *parameters; /* "depth=512, n_batch=2048", sorted by name; "" = none */
    struct parameter_list parameter_items;
    double model_bytes; /* stated by the file, else of the catalogue */
};
struct set_setup {
    const char *text; /* as parameters, of what is not in the key of a cell */
    struct parameter_list items;
};
struct set_measure {
    const char *metric, *unit;
    enum direction direction;
    uint32_t rank; /* after result_set_finish: equal metrics and units, equal ranks */
};

/* One run of a submission. */
struct set_run {
    uint32_t submission; /* index */
    uint32_t number;     /* in the submission */
    const char *device;  /* key */
    const struct set_machine *machine;
    const struct set_workload *workload;
    const struct set_setup *setup;
    const struct label_list *labels; /* title, change, notes, … */
    const char *tool, *tool_version;
    const char *variant; /* "alone", … */
    int64_t ran_us;      /* TIME_UNKNOWN */
    const char *flags;   /* "failed, on_battery"; "" = none */
    bool quarantined;    /* of a plain file: a rule that quarantines names this run; its submission may count */
    /* After result_set_finish. Equal keys, equal ranks; `kind`: all that tells cells apart but the metric. */
    uint32_t device_rank, contributor_rank, setup_rank, kind;
};

/* The figures behind a value. */
struct result_detail {
    double mean, stddev, min, max, median;
    const double *samples;
    uint32_t sample_count;
    enum stddev_kind stddev_kind;
    const char *flags; /* of run and measurement, "failed, on_battery"; "" = none */
};

#define RESULT_ORDINAL_MAX 0x3fffffffU
/* One metric of one run. Small, because there may be ten million. */
struct result {
    const struct set_run *run;
    const struct set_measure *measure;
    const struct result_detail *detail; /* never NULL: without figures where only values were asked for */
    double value;                       /* the median, else of the samples, else the mean */
    int32_t n;                          /* COUNT_UNKNOWN; at most INT32_MAX */
    uint32_t ordinal : 30;              /* number of the measurement in the submission */
    bool failed : 1;                    /* it failed, or its tool calls it invalid: shown, counts nowhere */
    bool flagged : 1;                   /* the run or the measurement has flags */
};

/* What a plausibility rule found. */
struct set_finding {
    size_t submission;
    long run; /* -1 = the whole submission */
    const char *rule;
    const char *severity;     /* "flag", "quarantine" */
    const char *chip, *model; /* of the run; "" */
    const char *metric;       /* "" = about the run or the submission */
    const char *message;
    bool of_quarantined; /* its run is quarantined, whatever the state of its submission */
    size_t other;        /* 1 + the number of a second submission that it is about; 0 = none */
};

struct content;

struct result_set {
    struct arena arena;
    struct submission *submissions;
    size_t submission_count, submission_capacity;
    struct result *results; /* not in the arena: they move as they become more */
    size_t result_count, result_capacity;
    struct set_run **runs;
    size_t run_count, run_capacity;
    struct set_measure **measures;
    size_t measure_count, measure_capacity;
    struct set_finding *findings;
    size_t finding_count, finding_capacity;
    enum submission_state counted; /* whose results count: accepted, but where somebody asks for another */
    bool files_are_sides;          /* set before files are read: the same bytes under two names are two submissions */
    size_t file_count;             /* of files read; 0 = from the database */
    struct cell_aliases aliases;   /* of the database; none from files */
    struct content *content;       /* borrowed: what is read goes there too; NULL = nobody asks. Set before reading. */
    const char *log_root; /* hex, of the database's log when it was read; NULL = from files, or nothing sealed */
    int64_t log_epoch, log_size;
    size_t *submission_order; /* indices by id, after result_set_finish */
    size_t setup_count;       /* different texts of set-ups, after result_set_finish: setup_rank is less */
};

void result_set_init(struct result_set *set);
void result_set_done(struct result_set *set);
#define autoset cleanup(result_set_done)

/* Each returns the new item, without figures and with empty texts, or NULL when memory is out (arena_check tells). A
 * result lies where it is until the next one is added. */
struct submission *result_set_add_submission(struct result_set *set);
struct set_run *result_set_add_run(struct result_set *set, size_t submission);
struct result *result_set_add_result(struct result_set *set, const struct set_run *run);
struct set_finding *result_set_add_finding(struct result_set *set);
struct result_detail *result_set_add_detail(struct result_set *set);
/* The one of that name, unit and direction; borrows the texts. */
const struct set_measure *result_set_measure(struct result_set *set, const char *metric, const char *unit,
                                             enum direction direction);
/* The results of a set that holds nothing else as those of `set`, which has none yet; `from` is empty afterwards. */
void result_set_take_results(struct result_set *set, struct result_set *from);
/* All runs of a reading as results of submission number `submission`. */
int result_set_add_reading(struct result_set *set, size_t submission, const struct reading *reading,
                           struct err *err) must_check;
/* Names `chip_count` chips from `given` and the device's facts, and fills what follows from that; operating system and
 * driver. NULL when memory is out. */
const struct set_machine *result_set_machine(struct result_set *set, const char *given, int64_t chip_count,
                                             const struct device *device);
/* Model, quantisation, … as the row of a cell names them. NULL when memory is out. */
const struct set_workload *result_set_workload(struct result_set *set, const struct workload *workload);
/* `value` and n from the figures of the detail, whose median is filled from its samples when it is missing. */
void result_take_detail(struct result *result, struct result_detail *detail, int64_t n, struct arena *scratch);
/* What follows from the flags of its run and its measurement, "failed, on_battery". */
void result_set_flags(struct result *result, const char *flags);
/* The state of its submission; quarantined where only its run is. */
enum submission_state result_state(const struct result_set *set, const struct result *result);
enum submission_state finding_state(const struct result_set *set, const struct set_finding *finding);
/* What has a figure, whether or not its chip is stated: in files that people name themselves. */
bool result_is_shown(const struct result_set *set, const struct result *result);
/* Its figures count nowhere, and people should hear why: it failed, or it or its submission is quarantined. */
bool result_is_left_out(const struct result_set *set, const struct result *result);
/* What may be compared, whether or not its chip is stated: in the state that counts, not failed. */
bool result_is_usable(const struct result_set *set, const struct result *result);
const char *label_text(const struct label_list *labels, const char *name); /* NULL = none */
/* Sorts, ranks, marks repeated originals. Call after everything was added; again after more was. */
int result_set_finish(struct result_set *set, struct err *err) must_check;
/* Again, after findings were added to a finished set: by submission id, run, rule, message. */
int result_set_sort_findings(struct result_set *set, struct err *err) must_check;

/* It counts: accepted (or the state that was asked for), no repetition, not failed, with a finite value and a chip. */
bool result_counts(const struct result_set *set, const struct result *result);
size_t result_set_count_state(const struct result_set *set, enum submission_state state);
size_t result_set_repeats(const struct result_set *set);
/* Runs that would count, had they not failed. After result_set_finish. */
size_t result_set_failed_runs(const struct result_set *set);
/* Quarantined runs of accepted submissions: of plain files. */
size_t result_set_quarantined_runs(const struct result_set *set);
/* Submissions that count and of which no run states a time. */
size_t result_set_undated(const struct result_set *set);
/* Newest and oldest time of the results that count; TIME_UNKNOWN when none has one. */
int64_t result_set_newest(const struct result_set *set);
int64_t result_set_oldest(const struct result_set *set);

#endif
