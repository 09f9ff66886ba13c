#include <stdio.h>
#include <string.h>

#include "schema/base/log.h"
#include "schema/checks/checks.h"
#include "schema/text/encode.h"
#include "submit/companion.h"
#include "submit/gather.h"
#include "submit/outcome.h"
#include "submit/settings.h"
#include "submit/stream.h"
#include "submit/understood.h"
#include "submit/verbs.h"

#define OUTPUT_MAX ((size_t)1 << 30)

const struct option check_options_table[] = {
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON: one object, or an array of them for several files"},
    {"format", 'f', OPTION_TEXT_ONCE, "NAME", NULL, "read the file as this format instead of recognising it"},
    {"set", 0, OPTION_LIST_ONCE, "NAME=VALUE", NULL,
     "state what the file does not: model, quantization, backend, mode, task, chip or a parameter"},
    {"map", 0, OPTION_LIST_ONCE, "FIELD=COLUMN", NULL,
     "read a table of no known format: which column holds a field (chip, model, value, …) or a metric with its unit "
     "(time_to_first_token:ms=ttft)"},
    {0},
};

struct checking {
    bool json;
    const struct invocation *invocation;
    const char *format;
    struct mapping mapping;
    struct companions companions;
    struct buf out;
    struct json_writer writer;
    size_t documents; /* of the current file, where it holds several */
    bool measured;    /* something in it */
    size_t measured_files;
    int exit_status;
};

static void put_findings(struct buf *out, const struct reading *reading)
{
    autofindings struct findings findings = {0};
    if (checks_run(reading, NULL, &findings, NULL) < 0)
        return;
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *finding = &findings.items[i];
        buf_addf(out, "%s %s: ", check_severity_word(finding->rule->severity), finding->rule->name);
        encode_terminal(out, str_of(finding->message));
        buf_addc(out, '\n');
    }
}

/* The n-th document of a file that holds several. */
static void put_document(struct checking *checking, const struct input *input, const struct reading *reading,
                         const struct err *fault)
{
    if (checking->documents++ == 0) {
        json_begin_object(&checking->writer);
        json_pair_string(&checking->writer, "file", input->path);
        json_pair_string(&checking->writer, "format", input->format == NULL ? NULL : input->format->name);
        json_write_key(&checking->writer, "documents");
        json_begin_array(&checking->writer);
    }
    understood_json(&checking->writer, input, reading, fault);
}

/* The readings that hold something, or one to carry the fault. */
static void put_json(struct checking *checking, const struct input *input, bool more, const struct err *fault)
{
    size_t count = input->readings.count;
    if (count <= 1 && !more && checking->documents == 0) {
        understood_json(&checking->writer, input, count == 0 ? NULL : input->readings.items[0], fault);
        return;
    }
    if (count == 0)
        put_document(checking, input, NULL, fault);
    for (size_t i = 0; i < count; i++)
        put_document(checking, input, input->readings.items[i], i + 1 == count ? fault : NULL);
    if (more && fault == NULL)
        return;
    json_end_array(&checking->writer);
    json_end_object(&checking->writer);
}

static void put_text(struct checking *checking, const struct input *input)
{
    const char *name = input->name == NULL ? "standard input" : input->path;
    for (size_t i = 0; i < input->readings.count; i++) {
        const struct reading *reading = input->readings.items[i];
        encode_terminal(&checking->out, str_of(name));
        buf_adds(&checking->out, ": ");
        understood_text(&checking->out, reading);
        for (size_t j = 0; j < reading->problem_count; j++)
            problem_text(&checking->out, name, &reading->problems[j]);
        put_findings(&checking->out, reading);
    }
}

static bool has_measurements(const struct input *input)
{
    for (size_t i = 0; i < input->readings.count; i++)
        for (size_t j = 0; j < input->readings.items[i]->run_count; j++)
            if (input->readings.items[i]->runs[j].measurement_count > 0)
                return true;
    return false;
}

static void flush(struct checking *checking)
{
    if (checking->out.failed == 0 && checking->out.len > 0) {
        (void)fwrite(checking->out.data, 1, checking->out.len, stdout);
        buf_reset(&checking->out);
    }
}

static void put_input(struct checking *checking, const struct input *input, bool more, const struct err *fault)
{
    if (checking->json)
        put_json(checking, input, more, fault);
    else
        put_text(checking, input);
    flush(checking);
}

/* A file, or the rest of it, that could not even be taken in. */
static void put_nothing(struct checking *checking, const char *path, const struct err *fault)
{
    const struct input nothing = {.path = path};
    put_input(checking, &nothing, false, fault);
}

/* What the other files of the call tell about this one. */
static void join(const struct checking *checking, const char *path, struct reading *reading)
{
    const char *twin = companions_twin(&checking->companions, path);
    (void)companions_complete(&checking->companions, path, reading);
    if (twin != NULL)
        reading_add_problem(reading, "", 0, 0, "the same run as in %s: it is sent once", twin);
}

/* Bundles are as they are: neither options nor other files add to them. */
static int check_bundles(struct checking *checking, struct input *input, struct err *fault)
{
    int r = input_read_bundles(input, fault);
    if (r > 0 && settings_leave_alone(checking->invocation, input->path, fault) < 0) {
        reading_list_done(&input->readings);
        return -ERR_USAGE;
    }
    for (size_t i = 0; r > 0 && i < input->readings.count; i++)
        reading_add_problem(input->readings.items[i], "", 0, 0, "a crosschip bundle already: send takes it as it is");
    return r;
}

static int check_output(struct checking *checking, struct input *input, struct err *fault)
{
    int r = input_read(input, &checking->mapping, fault);
    for (size_t i = 0; r == 0 && i < input->readings.count; i++)
        r = settings_apply(checking->invocation, input->readings.items[i], fault);
    for (size_t i = 0; r == 0 && i < input->readings.count; i++)
        join(checking, input->path, input->readings.items[i]);
    if (r < 0 && strstr(fault->hint, "crosschip-submit check") != NULL)
        (void)err_hint(fault, "run the benchmark again if its output was cut off");
    return r;
}

static int check_input(struct checking *checking, struct input *input, bool more, struct err *fault)
{
    int r = check_bundles(checking, input, fault);
    r = r == 0 ? check_output(checking, input, fault) : r < 0 ? r : 0;
    checking->measured = checking->measured || has_measurements(input);
    put_input(checking, input, more, r < 0 ? fault : NULL);
    return r;
}

/* Every file has its object, so that the n-th one belongs to the n-th file. */
static void check_file(struct checking *checking, const struct gathered *file)
{
    const char *path = file->path;
    struct input_stream stream autostream = {.descriptor = -1};
    struct err fault;
    checking->documents = 0;
    checking->measured = false;
    int r = input_stream_open(path, checking->format, &stream, &fault);
    if (r < 0)
        put_nothing(checking, path, &fault);
    stream.whole = checking->mapping.columns > 0;
    while (r == 0) {
        autoinput struct input input = {0};
        r = input_stream_next(&stream, &input, &fault);
        if (r == 0)
            break;
        if (r < 0)
            put_nothing(checking, path, &fault);
        else
            r = check_input(checking, &input, input_stream_more(&stream), &fault);
    }
    if (r == 0 && !checking->measured && !companions_used(&checking->companions, path)) {
        r = err_set(&fault, ERR_DATA, "%s: nothing was measured", path);
        (void)err_hint(&fault, "the problems listed above say why");
    }
    checking->measured_files += r == 0 ? 1 : 0;
    /* What lies in a folder may be anything: it is told, and is no fault of the person. */
    if (r < 0 && !file->named && fault.code == ERR_DATA) {
        log_info("skipped %s: %s", path, fault.text);
    } else if (r < 0) {
        log_error(&fault);
        checking->exit_status = worse_status(checking->exit_status, err_exit_status(fault.code));
    }
}

static int check_files(struct checking *checking, const struct gathered_list *files, struct err *err)
{
    int r = 0;
    if (checking->json && files->count > 1)
        json_begin_array(&checking->writer);
    for (size_t i = 0; r == 0 && files->count > 1 && i < files->count; i++)
        r = companions_look(&checking->companions, files->items[i].path, err);
    for (size_t i = 0; r == 0 && i < files->count; i++)
        check_file(checking, &files->items[i]);
    if (checking->json && files->count > 1)
        json_end_array(&checking->writer);
    if (checking->json)
        buf_addc(&checking->out, '\n');
    if (r == 0 && checking->measured_files == 0 && checking->exit_status == 0) {
        r = err_set(err, ERR_DATA, "none of %zu file%s is a benchmark output that is known", files->count,
                    files->count == 1 ? "" : "s");
        (void)err_hint(err, "crosschip-submit formats lists what can be read");
    }
    return r;
}

int cmd_check(const struct invocation *invocation, struct err *err)
{
    struct gathered_list files cleanup(gathered_done) = {0};
    struct checking checking = {
        .json = option_flag(invocation, "json"), .format = option_text(invocation, "format"), .out = BUF(OUTPUT_MAX)};
    checking.invocation = invocation;
    int checked = settings_check(invocation, err);
    if (checked == 0)
        checked = settings_mapping(invocation, &checking.mapping, err);
    if (checked == 0)
        checked = gather_files(invocation, &files, err);
    if (checked < 0)
        return checked;
    checking.writer = json_writer(&checking.out, 2);
    checked = check_files(&checking, &files, err);
    companions_done(&checking.companions);
    int r = buf_check(&checking.out, checked < 0 ? NULL : err);
    r = checked < 0 ? checked : r;
    flush(&checking);
    buf_done(&checking.out);
    return r < 0 ? r : checking.exit_status;
}
