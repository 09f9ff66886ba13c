/* From an open input to the collector: bundles are made of it, go into the queue in groups, and are uploaded. What
 * `send` does with files and `run` and `bench` do with what they measured. */
#ifndef SUBMIT_SENDING_H
#define SUBMIT_SENDING_H

#include "schema/formats/mapping.h"
#include "submit/outcome.h"
#include "submit/pack.h"
#include "submit/spool/spool.h"
#include "submit/upload.h"
#include "submit/written.h"

/* Bundles that share one flush of the folders, and the memory that they may hold together. */
#define GROUP_MAX 32
#define GROUP_BYTES_MAX ((size_t)16 << 20)

/* Options of every verb that sends; they stand in its table. */
#define SENDING_OPTIONS                                                                                                 \
    UPLOAD_OPTIONS, RETRY_OPTIONS,                                                                                      \
        {"note", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "a remark that travels with the bundle"}, PERSON_OPTIONS,           \
        {"hash-model", 0, OPTION_FLAG_ONCE, NULL, NULL, "add the SHA-256 of the model file that the output names"},     \
        {"contributor", 0,    OPTION_TEXT,                                                                              \
         "NAME",        NULL, "name to show of the token's contributor; travels beside the bundle, not in it"},         \
        {"dry-run", 'n', OPTION_FLAG_ONCE, NULL, NULL, "print the exact bytes that would be sent, and send nothing"},   \
        {"output", 'o',  OPTION_TEXT_ONCE,                                                                              \
         "FILE",   NULL, "write the bundle to FILE instead of sending it; FILE.md: as the text of an issue or a mail"}, \
        {"again",                                                                                                       \
         0,                                                                                                             \
         OPTION_FLAG_ONCE,                                                                                              \
         NULL,                                                                                                          \
         NULL,                                                                                                          \
         "send also what this collector has already, and a file that was sent before with other options"},              \
        {"spool", 0, OPTION_TEXT, "DIR", NULL, "where bundles wait; default ~/.local/share/crosschip/spool"},           \
    {                                                                                                                   \
        "key", 0, OPTION_TEXT, "FILE", NULL, "this client's key; default ~/.local/share/crosschip/client.key"           \
    }

/* Options of a verb that reads the output of any tool. */
#define READING_OPTIONS                                                                                                 \
    {"format", 'f', OPTION_TEXT_ONCE, "NAME", NULL, "read the file as this format instead of recognising it"},          \
        {"set",                                                                                                         \
         0,                                                                                                             \
         OPTION_LIST_ONCE,                                                                                              \
         "NAME=VALUE",                                                                                                  \
         NULL,                                                                                                          \
         "state what the file does not: model, quantization, backend, mode, task, chip or a parameter"},                \
        {"map",                                                                                                         \
         0,                                                                                                             \
         OPTION_LIST_ONCE,                                                                                              \
         "FIELD=COLUMN",                                                                                                \
         NULL,                                                                                                          \
         "read a table of no known format: which column holds a field (chip, model, value, …) or a metric with its "  \
         "unit (time_to_first_token:ms=ttft)"},                                                                         \
        {"date", 0,    OPTION_TEXT_ONCE,                                                                                \
         "TIME", NULL, "when it was measured, where the output does not say: 2026-03-04 or 2026-03-04T17:30:00+01:00"}, \
        {"device", 'd',  OPTION_TEXT_ONCE,                                                                              \
         "FILE",   NULL, "facts of the machine that ran it, as `device --json` printed them there"},                    \
    {                                                                                                                   \
        "elsewhere", 0, OPTION_FLAG_ONCE, NULL, NULL, "it ran on another machine: add nothing of this one"              \
    }

struct waiting {
    char id[BUNDLE_ID_SIZE];
    const char *file; /* lives in the invocation */
    char file_sha256[SHA256_HEX_SIZE], subject[BUNDLE_SUBJECT_SIZE];
    size_t of; /* bundles that the file makes */
};

struct sending {
    const struct invocation *invocation;
    struct packer packer;
    struct spool *spool; /* NULL with --dry-run and --output */
    struct uploader uploader;
    struct outcomes outcomes;
    struct mapping mapping; /* of --map */
    struct waiting *group;  /* of GROUP_MAX, in the packer's arena */
    size_t group_count, group_bytes;
    size_t files, bundles;
    struct written written; /* path NULL without --output */
    const char *replaces;   /* id of the submission that the one of this call corrects; NULL = none */
    bool dry_run, again;
    /* What this collector has of the file that is read, where options of the call may make something else of it. */
    char **earlier; /* ids; in the arena of the call of sending_input */
    size_t earlier_count;
    bool earlier_told;
};

/* Reads the options above. `--json` is the verb's own: it sets outcomes.json. Finish with sending_done. */
int sending_open(const struct invocation *invocation, struct sending *ret, struct err *err) must_check;
void sending_done(struct sending *sending);
/* All bundles of one input: previewed, printed, written or put into the queue. `input` only lives during the call, its
 * path until the end. */
int sending_input(struct sending *sending, struct input *input, struct err *err) must_check;
/* The same for a file, "-" is standard input. */
int sending_file(struct sending *sending, const char *path, struct err *err) must_check;
/* Sends what is still in the queue of this call and tells the outcome; returns an exit status or -code. */
int sending_finish(struct sending *sending, struct err *err) must_check;

#endif
