#include "analyze/data/from_files.h"

#include <string.h>

#include "analyze/data/content.h"
#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/progress.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/checks/checks.h"
#include "schema/formats/formats.h"

#define FILE_BYTES_MAX ((size_t)256 << 20)
#define HASH_HEX_SIZE (2 * BUNDLE_HASH_SIZE + 1)

/* The same bytes count once; as sides of a comparison, once for each name. */
static bool is_known(const struct result_set *set, const char *id, const char *path)
{
    for (size_t i = 0; i < set->submission_count; i++)
        if (text_equal(set->submissions[i].id, id) &&
            (!set->files_are_sides || text_equal(set->submissions[i].file, path)))
            return true;
    return false;
}

/* The figures that a finding is about have a remark, as rows of the database do. */
static void flag_results(struct result_set *set, size_t submission, const struct finding *found)
{
    for (size_t i = 0; i < set->result_count; i++) {
        struct result *result = &set->results[i];

        if (result->run->submission == submission &&
            (found->run == CHECK_NO_RUN || result->run->number == found->run) &&
            (found->metric == NULL || text_equal(result->measure->metric, found->metric)))
            result->flagged = true;
    }
}

/* In a plain file, which nobody submitted, a rule that names a run quarantines that run and not the rows beside it. */
static void quarantine_runs(struct result_set *set, size_t first_run, const struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].rule->severity == CHECK_QUARANTINE && findings->items[i].run != CHECK_NO_RUN)
            set->runs[first_run + findings->items[i].run]->quarantined = true;
}

/* A file of which no run is left is quarantined as a whole, and so is one that a rule finds fault with as a whole, or
 * with so often that not every run was told. */
static bool is_quarantined(const struct result_set *set, size_t first_run, const struct findings *findings)
{
    size_t left = 0;

    for (size_t i = first_run; i < set->run_count; i++)
        left += set->runs[i]->quarantined ? 0 : 1;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].rule->severity == CHECK_QUARANTINE && findings->items[i].run == CHECK_NO_RUN)
            left = 0;
    return findings->more || (left == 0 && findings_quarantine(findings));
}

static int add_findings(struct result_set *set, size_t submission, size_t first_run, const struct reading *reading,
                        const struct findings *findings, struct err *err)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *found = &findings->items[i];
        struct set_finding *finding = result_set_add_finding(set);

        if (finding == NULL)
            break;
        finding->submission = submission;
        finding->rule = found->rule->name;
        finding->severity = check_severity_word(found->rule->severity);
        finding->message = arena_strdup(&set->arena, found->message);
        finding->metric = found->metric != NULL ? arena_strdup(&set->arena, found->metric) : "";
        flag_results(set, submission, found);
        if (found->run >= reading->run_count)
            continue;
        const struct run *run = &reading->runs[found->run];

        finding->run = (long)found->run;
        finding->of_quarantined = set->runs[first_run + found->run]->quarantined;
        finding->chip = arena_strdup(&set->arena, reading_chip_name(reading, run));
        finding->model = arena_strdup(&set->arena, run->workload.model);
    }
    return arena_check(&set->arena, err);
}

/* Those about a whole member: "run_onnx", but not "run_onnx.duration" and not the document. */
static void keep_problems(struct result_set *set, struct submission *submission, const struct reading *reading)
{
    struct set_problem *problems = arena_alloc(&set->arena, reading->problem_count + 1, sizeof(*problems));

    for (size_t i = 0; problems != NULL && i < reading->problem_count; i++) {
        const struct problem *problem = &reading->problems[i];

        if (text_is_empty(problem->path) || strchr(problem->path, '.') != NULL)
            continue;
        problems[submission->problem_count++] =
            (struct set_problem){arena_strdup(&set->arena, problem->path), arena_strdup(&set->arena, problem->message)};
    }
    submission->problems = problems;
}

/* One machine's reading as a submission of its own. `original`: of a bundle that carries one. */
static int add_reading(struct result_set *set, const char *id, const char *original, bool plain, const char *path,
                       const struct reading *reading, struct err *err)
{
    autofindings struct findings findings = {.count = 0};

    if (is_known(set, id, path))
        return 0;
    int status = checks_run(reading, NULL, &findings, err);

    if (status < 0)
        return status;
    struct submission *submission = result_set_add_submission(set);
    const size_t index = set->submission_count - 1, first_run = set->run_count;

    if (submission == NULL)
        return arena_check(&set->arena, err);
    submission->id = arena_strdup(&set->arena, id);
    submission->format = arena_strdup(&set->arena, reading->format);
    submission->file = arena_strdup(&set->arena, path);
    submission->original = arena_strdup(&set->arena, original);
    keep_problems(set, submission, reading);
    submission->state = STATE_ACCEPTED;
    status = result_set_add_reading(set, index, reading, err);
    if (status < 0)
        return status;
    if (plain)
        quarantine_runs(set, first_run, &findings);
    if (plain ? is_quarantined(set, first_run, &findings) : findings_quarantine(&findings))
        set->submissions[index].state = STATE_QUARANTINED;
    return add_findings(set, index, first_run, reading, &findings, err);
}

static void hash_hex(const uint8_t hash[BUNDLE_HASH_SIZE], char target[HASH_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < BUNDLE_HASH_SIZE; i++) {
        target[2 * i] = digits[hash[i] >> 4];
        target[2 * i + 1] = digits[hash[i] & 15];
    }
    target[2 * BUNDLE_HASH_SIZE] = '\0';
}

static int add_bundle(struct result_set *set, const char *path, struct str bytes, struct err *err)
{
    autobundle struct bundle bundle = {.version = NULL};
    uint8_t hash[BUNDLE_HASH_SIZE];
    char original[HASH_HEX_SIZE], id[BUNDLE_ID_SIZE];
    int status = bundle_read(bytes, &bundle, err);

    if (status < 0)
        return status;
    const bool has_original = bundle_original_hash(&bundle, hash);

    if (has_original)
        hash_hex(hash, original);
    return add_reading(set, bundle_id(bytes, id), has_original ? original : NULL, false, path, bundle.reading, err);
}

static int add_output(struct result_set *set, const char *path, struct str bytes, struct err *err)
{
    autofree char *decoded = NULL;
    autoreadings struct reading_list readings = {.count = 0};
    const struct format *format = NULL;
    size_t length = 0;
    char id[BUNDLE_ID_SIZE];
    int status = formats_decode(bytes, &decoded, &length, err);

    if (status == 0)
        status = formats_read(text_equal(path, "-") ? NULL : path, str_slice(decoded, length), NULL, &format, &readings,
                              err);
    if (status < 0)
        return status;
    bundle_id(bytes, id);
    for (size_t i = 0; i < readings.count; i++) {
        const char *of_machine =
            i == 0 ? arena_strdup(&set->arena, id) : arena_printf(&set->arena, "%s#%zu", id, i + 1);

        if (of_machine == NULL)
            return arena_check(&set->arena, err);
        /* As in the bundle that would be sent: the same names from files and from a database, and none without end. */
        status = bundle_fit(readings.items[i], err);
        if (status == 0)
            status = add_reading(set, of_machine, NULL, true, path, readings.items[i], err);
        if (status < 0)
            return status;
    }
    return 0;
}

static int add_file(struct result_set *set, const char *path, struct err *err)
{
    autobuf struct buf bytes = BUF(FILE_BYTES_MAX);
    int status = file_read(path, &bytes, err);

    if (status < 0)
        return status;
    const struct str text = str_slice(buf_text(&bytes), bytes.len);

    content_add_text(set->content, path);
    content_add(set->content, text.data, text.len);
    status = bundle_is(text) ? add_bundle(set, path, text, err) : add_output(set, path, text, err);
    if (status < 0 && err != NULL && err->hint[0] == '\0')
        (void)err_hint(err, "crosschip-submit check FILE says what was understood of it");
    if (status < 0)
        return err_file(err, path);
    set->file_count++;
    return 0;
}

int from_files(struct result_set *set, const char *const *paths, size_t count, struct err *err)
{
    struct progress progress = {.label = NULL};
    int status = 0;

    progress_begin(&progress, "reading files", count);
    for (size_t i = 0; status == 0 && i < count; i++) {
        status = add_file(set, paths[i], err);
        progress_step(&progress, i + 1);
    }
    progress_end(&progress);
    return status;
}
