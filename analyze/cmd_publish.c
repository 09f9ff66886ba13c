/* crosschip-analyze publish */
#include <stdio.h>
#include <string.h>

#include "analyze/data/content.h"
#include "analyze/data/run_hashes.h"
#include "analyze/data/set_checks.h"
#include "analyze/inputs.h"
#include "analyze/report/apart.h"
#include "analyze/report/badges.h"
#include "analyze/report/changes.h"
#include "analyze/report/charts.h"
#include "analyze/report/commit_message.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/drawn.h"
#include "analyze/report/feed.h"
#include "analyze/report/fingerprint.h"
#include "analyze/report/publication.h"
#include "analyze/report/repository.h"
#include "analyze/report/resampled.h"
#include "analyze/report/snapshot.h"
#include "analyze/report/standing.h"
#include "analyze/report/swap.h"
#include "analyze/site/site.h"
#include "analyze/verbs.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/meanwhile.h"
#include "schema/base/progress.h"

static void tell(void *context, const char *what, const char *path)
{
    (void)context;
    printf("%s %s\n", what, path);
}

static int preview(const struct publication *publication, const char *folder, struct err *err)
{
    struct publication_outcome outcome = {0, 0, 0};
    const int status = publication_preview(publication, folder, tell, NULL, &outcome, err);

    if (status < 0)
        return status;
    log_info("%s/%s: %zu files would be written, %zu unchanged, %zu deleted", folder, PUBLICATION_RESULTS,
             outcome.written, outcome.unchanged, outcome.deleted);
    return 0;
}

/* ---- what it looks at beside the results */

struct found {
    struct arena arena;
    struct coverage coverage;
    struct run_hashes hashes;
    struct previous previous;
    struct changes changes;
};

static void found_done(struct found *found)
{
    previous_done(&found->previous);
    run_hashes_done(&found->hashes);
    coverage_done(&found->coverage);
    arena_done(&found->arena);
}

/* Sets report->changes where the folder holds a publication of other data. */
static int compare_with_last(struct previous_ahead *last, struct report *report, struct found *found, struct err *err)
{
    autotable struct table submissions = {.caption = NULL};
    autobuf struct buf lines = BUF(REPORT_BYTES_MAX);
    bool any = false;
    int status = data_submissions(report, &submissions, err);

    if (status < 0)
        return status;
    table_print_ndjson(&submissions, &lines);
    status = buf_check(&lines, err);
    if (status == 0)
        status = previous_read(last, str_slice(buf_text(&lines), lines.len), &found->previous, &any, err);
    if (status < 0 || !any)
        return status;
    report->changes = &found->changes;
    return changes_find(report, &found->previous, &found->arena, &found->changes, err);
}

static int find(struct report *report, struct found *found, struct err *err)
{
    autopreviousahead struct previous_ahead last = {.folder = report->drawn->folder};
    automeanwhile struct meanwhile looking = {.running = false};

    meanwhile_begin(&looking, previous_look, &last);
    report->coverage = &found->coverage;
    int status = coverage_compute(report->comparisons, result_set_newest(report->results), &found->coverage, err);

    if (status == 0 && report->drawn->cache != NULL) {
        report->hashes = &found->hashes;
        status = run_hashes_find(report->results, &found->hashes, err);
    }
    meanwhile_end(&looking);
    return status < 0 ? status : compare_with_last(&last, report, found, err);
}

/* ---- its files */

static int make_apart(const struct report *report, struct publication *publication, struct err *err)
{
    const int status = publication_add_data(report, publication, err);

    return status < 0 ? status : site_make_submissions(report, publication, err);
}

static int make(const struct invocation *invocation, struct report *report, const char *folder,
                struct publication *publication, struct err *err)
{
    const char *snapshot = option_text(invocation, "snapshot");
    autoapart struct apart apart = {.begun = false};

    apart_begin(&apart, report, make_apart);
    report->apart = true;
    int status = publication_make(report, folder, publication, err);

    if (status == 0)
        status = badges_make(report, publication, err);
    if (status == 0)
        status = site_make(report, publication, err);
    if (status == 0)
        status = apart_add(&apart, publication, err);
    /* It links to the pages that there are. */
    if (status == 0)
        status = feed_make(report, site_submission_address, publication, err);
    return status == 0 && snapshot != NULL ? snapshot_make(report, snapshot, publication, err) : status;
}

/* `repository`: NULL = into a plain folder. */
static int commit(const struct report *report, struct repository *repository, struct err *err)
{
    autobuf struct buf message = BUF(65536);
    const char *made = NULL;

    commit_message(report, &message);
    int status = buf_check(&message, err);

    if (status == 0)
        status = repository_commit(repository, buf_text(&message), &made, err);
    if (status < 0)
        return status;
    if (made == NULL)
        log_info("%s: the branch %s holds this publication already", repository->given, repository->branch);
    else
        log_info("%s: the branch %s is now %.12s: %.*s", repository->given, repository->branch, made,
                 (int)strcspn(buf_text(&message), "\n"), buf_text(&message));
    return 0;
}

/* ---- a publication that stands already */

/* What is kept in mind of the folder, looked up while results are read. */
struct kept_in_mind {
    const char *folder, *place;
    struct drawn drawn;
    struct standing standing;
};

static void open_kept(void *context)
{
    struct kept_in_mind *kept = context;

    drawn_open(kept->folder, kept->place, &kept->drawn);
    standing_open(&kept->drawn, &kept->standing);
}

static void kept_done(struct kept_in_mind *kept)
{
    standing_done(&kept->standing);
    drawn_done(&kept->drawn);
}

static void add_baseline(void *context, const char *key, const char *value)
{
    content_add_text(context, key);
    content_add_text(context, value);
}

/* What a publication follows from: all that was read (`read`), what the user says about it, program and fonts. */
static struct sha256 key_of(const struct invocation *invocation, const struct sha256 *read, const struct drawn *drawn)
{
    autocontent struct content content = CONTENT;
    struct sha256 key;

    content_add(&content, read->bytes, sizeof(read->bytes));
    content_add(&content, drawn->drawer.bytes, sizeof(drawn->drawer.bytes));
    content_add_text(&content, option_text(invocation, "baseline"));
    content_add_text(&content, option_text(invocation, "contact"));
    config_each(invocation, "baseline.", add_baseline, &content);
    (void)content_hash(&content, &key);
    return key;
}

/* This very publication stands untouched: nothing is to be done. */
static bool stands(const struct invocation *invocation, const struct sha256 *read, struct fingerprint *fingerprint,
                   const struct kept_in_mind *kept)
{
    const struct standing *standing = &kept->standing;
    struct drawn probe = kept->drawn; /* borrows */
    const char *drawer = NULL;

    if (standing->count == 0 || fingerprint_take(fingerprint, &drawer, NULL) < 0)
        return false;
    drawn_by(&probe, drawer);
    const struct sha256 key = key_of(invocation, read, &probe);

    /* Somebody may have published into it while the database was read. */
    if (!sha256_equal(&key, &standing->key) || !standing_is_untouched(standing))
        return false;
    log_debug("0 chart files drawn, %zu as they stood", standing->charts);
    /* The manifest is no file of the publication. */
    log_info("%s/%s: 0 files written, %zu unchanged, 0 deleted", kept->folder, PUBLICATION_RESULTS,
             standing->count - 1);
    return true;
}

static void keep_standing(const struct invocation *invocation, const struct sha256 *read, const struct drawn *drawn,
                          const struct publication *publication)
{
    const struct sha256 key = read != NULL ? key_of(invocation, read, drawn) : (struct sha256){{0}};

    standing_save(drawn, read != NULL ? &key : NULL, publication);
    log_debug("%zu chart files drawn, %zu as they stood", drawn->charts - drawn->taken, drawn->taken);
    log_debug("%zu other files were not made again", drawn->kept);
}

/* ---- making it */

/* `read`: the hash of all that was read; NULL: not known, or more is to be done than to write the folder. */
static int publish(const struct invocation *invocation, const struct result_set *results,
                   const struct comparison_set *set, struct kept_in_mind *kept, const struct sha256 *read,
                   struct fingerprint *fingerprint, struct repository *repository, struct err *err)
{
    struct drawn *drawn = &kept->drawn;
    struct found found cleanup(found_done) = {.hashes = {.items = NULL}};
    autoaside struct aside aside = {.file = -1}; /* before the publication, which looks into it to its end */
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome outcome = {0, 0, 0};
    struct progress progress = {.label = NULL};
    autoresampled struct resampled resampled = RESAMPLED;
    autodraws struct draws draws = {.intervals = NULL};
    struct report report = {.results = results,
                            .comparisons = set,
                            .progress = &progress,
                            .drawn = drawn,
                            .standing = &kept->standing,
                            .contact = option_text(invocation, "contact"),
                            .draws = &draws,
                            .aside = &aside,
                            .fingerprint = fingerprint,
                            .baseline_named = option_text(invocation, "baseline") != NULL};

    aside_open(drawn->folder, &aside);
    resampled_open(drawn, &resampled, &draws);
    int status = find(&report, &found, err);

    if (status == 0)
        status = make(invocation, &report, drawn->folder, &publication, err);
    publication.progress = &progress;
    if (status == 0 && option_flag(invocation, "dry-run"))
        return preview(&publication, drawn->folder, err);
    if (status == 0)
        status = publication_write(&publication, drawn->folder, &outcome, err);
    if (status == 0)
        status = charts_finish(publication.charts, err);
    if (status < 0)
        return status;
    drawn_save(drawn);
    resampled_save(drawn, &resampled);
    if (repository == NULL)
        keep_standing(invocation, read, drawn, &publication);
    log_info("%s/%s: %zu files written, %zu unchanged, %zu deleted", argument_at(invocation, 0), PUBLICATION_RESULTS,
             outcome.written, outcome.unchanged, outcome.deleted);
    return repository != NULL ? commit(&report, repository, err) : 0;
}

static int open_repository(const struct invocation *invocation, struct repository *ret, struct err *err)
{
    const char *path = option_text(invocation, "git"), *branch = option_text(invocation, "branch");

    if (path != NULL)
        return repository_open(path, branch, argument_at(invocation, 0), ret, err);
    if (branch == NULL)
        return 0;
    (void)err_set(err, ERR_USAGE, "--branch needs --git");
    return err_hint(err, "--git REPO names the repository that has the branch");
}

int verb_publish(const struct invocation *invocation, struct err *err)
{
    static const struct comparison_filter everything = {NULL, NULL, NULL, NULL};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autorepository struct repository repository = {.given = NULL};
    struct kept_in_mind kept cleanup(kept_done) = {.folder = NULL};
    automeanwhile struct meanwhile opening = {.running = false};
    autocontent struct content content = CONTENT;
    autofingerprint struct fingerprint fingerprint = FINGERPRINT;
    const char *snapshot = option_text(invocation, "snapshot");
    struct repository *into = NULL;
    struct sha256 read;
    int status = snapshot != NULL ? snapshot_check_name(snapshot, err) : 0;

    if (status == 0)
        status = open_repository(invocation, &repository, err);
    if (status < 0)
        return status;
    if (repository.given != NULL)
        into = &repository;
    kept.folder = into != NULL ? into->folder : argument_at(invocation, 0);
    kept.place = into != NULL ? into->place : NULL;
    fingerprint_ask(&fingerprint);
    /* A database of our own is started by other processes: then there may be no thread yet. */
    const bool starts_none = argument_count(invocation) > 1 || option_text(invocation, "database") != NULL;

    if (starts_none)
        meanwhile_begin(&opening, open_kept, &kept);
    status = inputs_load_content(invocation, 1, &content, &results, err);
    meanwhile_end(&opening);
    if (!starts_none)
        open_kept(&kept);
    if (status < 0)
        return status;
    const bool plain = into == NULL && snapshot == NULL && !option_flag(invocation, "dry-run");
    const bool known = content_hash(&content, &read) && plain;

    if (known && stands(invocation, &read, &fingerprint, &kept))
        return 0;
    status = inputs_compare(invocation, &results, &everything, NULL, &set, err);
    if (status == 0)
        status = set_checks(&results, &set, err);
    return status < 0 ? status
                      : publish(invocation, &results, &set, &kept, known ? &read : NULL, &fingerprint, into, err);
}
