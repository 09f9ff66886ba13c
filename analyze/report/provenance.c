#include "analyze/report/provenance.h"

#include "schema/base/clock.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/json/json_write.h"

void provenance_input_hash(const struct result_set *set, struct buf *into)
{
    autobuf struct buf ids = BUF(REPORT_BYTES_MAX);
    char hash[BUNDLE_ID_SIZE];

    for (size_t i = 0; i < set->submission_count; i++)
        buf_addf(&ids, "%s\n", set->submissions[set->submission_order[i]].id);
    if (ids.failed != 0)
        into->failed = ids.failed;
    else
        buf_adds(into, bundle_id(str_slice(buf_text(&ids), ids.len), hash));
}

static void pair_time(struct json_writer *writer, const char *key, int64_t time_us)
{
    char text[CLOCK_TEXT_SIZE];

    json_pair_string(writer, key, time_us == TIME_UNKNOWN ? NULL : clock_format(text, time_us));
}

static void write_submissions(const struct result_set *set, struct json_writer *writer)
{
    json_write_key(writer, "submissions");
    json_begin_object(writer);
    for (int i = 0; i < STATE_COUNT; i++)
        json_pair_int(writer, submission_state_word((enum submission_state)i),
                      (int64_t)result_set_count_state(set, (enum submission_state)i));
    json_pair_int(writer, "repeated_originals", (int64_t)result_set_repeats(set));
    json_end_object(writer);
    json_pair_int(writer, "failed_runs", (int64_t)result_set_failed_runs(set));
    json_pair_int(writer, "quarantined_runs", (int64_t)result_set_quarantined_runs(set));
}

void provenance_write(const struct report *report, const char *fonts, struct buf *into)
{
    const struct result_set *set = report->results;
    autobuf struct buf hash = BUF(BUNDLE_ID_SIZE);
    struct json_writer writer = json_writer(into, 1);

    provenance_input_hash(set, &hash);
    json_begin_object(&writer);
    json_pair_int(&writer, "version", 1);
    json_pair_string(&writer, "made_by", "crosschip-analyze " CROSSCHIP_VERSION);
    json_pair_string(&writer, "command", "crosschip-analyze publish");
    write_submissions(set, &writer);
    json_pair_string(&writer, "input_set", buf_text(&hash));
    pair_time(&writer, "oldest_run", result_set_oldest(set));
    pair_time(&writer, "newest_run", result_set_newest(set));
    json_pair_string(&writer, "licence", BUNDLE_LICENCE);
    json_pair_string(&writer, "fonts", fonts);
    json_end_object(&writer);
    buf_addc(into, '\n');
}
