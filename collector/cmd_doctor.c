#include <stdio.h>

#include "collector/doctor.h"
#include "collector/verbs.h"

const struct option doctor_options[] = {
    DATABASE_OPTIONS,
    {"all", 0, OPTION_FLAG_ONCE, NULL, NULL, "hash the bytes of every submission, not of a thousand"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {0},
};

enum { SAMPLE = 1000 };

static void print_advice(const struct table *findings, struct buf *out)
{
    for (size_t row = 0; row < findings->row_count; row++) {
        const struct table_cell *advice = table_at(findings, row, 3);
        if (advice->kind == CELL_TEXT) {
            buf_addf(out, "%s: %s\n", table_at(findings, row, 0)->text, advice->text);
        }
    }
}

int cmd_doctor(const struct invocation *invocation, struct err *err)
{
    autodatabase struct database database = {0};
    autodoctor struct doctor doctor = {0};
    autobuf struct buf out = BUF(BUF_MIB);
    int code = database_open(invocation, true, NULL, &database, err);
    if (code == 0) {
        code = doctor_look(&database, option_flag(invocation, "all") ? 0 : SAMPLE, &doctor, err);
    }
    if (code != 0) {
        return code;
    }
    if (option_flag(invocation, "json")) {
        table_print_json(&doctor.findings, &out);
        buf_addc(&out, '\n');
    } else {
        table_print_text(&doctor.findings, &out);
        print_advice(&doctor.findings, &out);
    }
    code = buf_check(&out, err);
    if (code == 0) {
        (void)fwrite(out.data, 1, out.len, stdout);
        code = database_close(&database, err);
    }
    return code != 0 ? code : doctor.worst == DOCTOR_BAD ? err_exit_status(ERR_FOUND) : 0;
}
