/* crosschip-analyze report */
#include "analyze/inputs.h"
#include "analyze/report/single.h"
#include "analyze/verbs.h"
#include "schema/base/file.h"
#include "schema/base/log.h"

#define PAGE_NAME "report.html"
#define MARKDOWN_NAME "report.md"

static int write_one(const char *folder, const char *name, const struct buf *text, struct err *err)
{
    autofree char *path = mem_printf("%s/%s", folder, name);
    const int status = buf_check(text, err);

    if (status < 0)
        return status;
    return path == NULL ? mem_error(err) : file_replace(path, 0644, buf_text(text), text->len, err);
}

static int write_report(const struct single *single, const char *folder, struct err *err)
{
    autobuf struct buf page = BUF(REPORT_BYTES_MAX), markdown = BUF(REPORT_BYTES_MAX);

    single_page(single, &page);
    single_markdown(single, &markdown);
    int status = file_make_folders(folder, 0755, err);

    if (status == 0)
        status = write_one(folder, PAGE_NAME, &page, err);
    if (status == 0)
        status = write_one(folder, MARKDOWN_NAME, &markdown, err);
    if (status == 0)
        log_info("%s/" PAGE_NAME " and " MARKDOWN_NAME " are written", folder);
    return status;
}

static int print_card(const struct result_set *results, struct err *err)
{
    autobuf struct buf text = BUF(REPORT_BYTES_MAX);
    const int status = single_card(results, &text, err);

    return status < 0 ? status : inputs_print(&text, err);
}

static int make(const struct invocation *invocation, const struct result_set *results, struct err *err)
{
    autocomparisons struct comparison_set set = {.count = 0};
    autosingle struct single single = {.title = NULL};
    const struct report report = {.results = results, .comparisons = &set};
    int status = comparison_build(results, NULL, &set, err);

    if (status == 0)
        status = inputs_baselines(invocation, &set, err);
    if (status == 0)
        status = single_make(&report, &single, err);
    return status < 0 ? status : write_report(&single, option_text(invocation, "output"), err);
}

int verb_report(const struct invocation *invocation, struct err *err)
{
    autoset struct result_set results = {.file_count = 0};
    const bool card = option_flag(invocation, "card");
    int status = 0;

    if (!card && option_text(invocation, "output") == NULL) {
        (void)err_set(err, ERR_USAGE, "report needs a folder to write into");
        return err_hint(err, "-o DIR, or --card for the section of a model card");
    }
    status = inputs_load(invocation, 0, &results, err);
    if (status == 0 && card)
        status = print_card(&results, err);
    if (status == 0 && option_text(invocation, "output") != NULL)
        status = make(invocation, &results, err);
    return status;
}
