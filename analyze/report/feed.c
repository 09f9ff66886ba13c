#include "analyze/report/feed.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/report/changes.h"
#include "analyze/report/provenance.h"
#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

/* One submission that counts: its first result, and how many there are. */
struct entry {
    const struct submission *submission;
    const struct result *first;
    size_t results;
    int64_t ran_us;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;

    if (a->ran_us != b->ran_us)
        return a->ran_us > b->ran_us ? -1 : 1;
    return text_compare_natural(a->submission->id, b->submission->id);
}

/* Results stand in the order of their submissions. */
static size_t collect(const struct result_set *set, struct entry *entries)
{
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (!result_counts(set, result))
            continue;
        const struct submission *submission = &set->submissions[result->run->submission];

        if (count == 0 || entries[count - 1].submission != submission)
            entries[count++] = (struct entry){submission, result, 0, TIME_UNKNOWN};
        struct entry *entry = &entries[count - 1];

        entry->results++;
        if (result->run->ran_us > entry->ran_us)
            entry->ran_us = result->run->ran_us;
    }
    qsort(entries, count, sizeof(*entries), compare_entries);
    return count;
}

static void add_uuid(struct buf *into, const char *id)
{
    struct sha256 hash;
    char uuid[SHA256_UUID_SIZE];

    if (!sha256_parse_id(str_of(id), &hash))
        hash = sha256_of(id, str_of(id).len);
    buf_addf(into, "<id>urn:uuid:%s</id>\n", sha256_uuid(uuid, &hash));
}

static void add_time(struct buf *into, int64_t time_us)
{
    char text[CLOCK_TEXT_SIZE];

    buf_addf(into, "<updated>%s</updated>\n", clock_format(text, time_us == TIME_UNKNOWN ? 0 : time_us));
}

/* Only the newest submissions have pages of their own, and what was received last may have been measured long ago. */
static void add_link(const struct entry *entry, void (*page)(const struct submission *, struct buf *),
                     const struct publication *publication, struct buf *into)
{
    autobuf struct buf href = BUF(4096);

    page(entry->submission, &href);
    buf_adds(into, "<link href=\"");
    if (publication_find(publication, buf_text(&href)) != PUBLICATION_NO_FILE)
        encode_xml(into, str_of(buf_text(&href)));
    else
        buf_adds(into, FEED_LIST);
    buf_adds(into, "\"/>\n");
}

static void add_entry(const struct entry *entry, int64_t newest_us,
                      void (*page)(const struct submission *, struct buf *), const struct publication *publication,
                      struct buf *into)
{
    const struct result *result = entry->first;
    autobuf struct buf title = BUF(16384);
    char shown[FIGURE_SIZE];

    if (!text_is_empty(result->run->machine->chip))
        buf_addf(&title, "%s: ", result->run->machine->chip);
    comparison_title_of(result, &title);
    buf_addf(&title, ", %s %s", figure_value(shown, result->value, (double)NAN), result->measure->unit);
    if (entry->results > 1)
        buf_addf(&title, " and %zu more", entry->results - 1);
    buf_adds(into, "<entry>\n");
    add_uuid(into, entry->submission->id);
    buf_adds(into, "<title>");
    encode_xml(into, str_of(buf_text(&title)));
    buf_adds(into, "</title>\n");
    add_link(entry, page, publication, into);
    add_time(into, entry->ran_us == TIME_UNKNOWN ? newest_us : entry->ran_us);
    buf_adds(into, "<summary>Measured with ");
    encode_xml(into, str_of(result->run->tool));
    buf_adds(into,
             entry->ran_us == TIME_UNKNOWN ? "; it states no time.</summary>\n</entry>\n" : ".</summary>\n</entry>\n");
}

/* A figure that the results that came moved, by the test of changes.h. */
static void add_change(const struct change *change, const char *input, int64_t newest_us, struct buf *into)
{
    const struct figure *figure = &change->comparison->rows[change->row].figures[change->metric];
    autobuf struct buf title = BUF(16384), key = BUF((size_t)1 << 17);
    char before[FIGURE_SIZE], now[FIGURE_SIZE], factor[FIGURE_SIZE];

    change_row_name(change, &title);
    buf_adds(&title, ": ");
    change_workload(change, &title);
    buf_addf(&title, ", %s %s than before: %s, was %s %s", change_metric(change), verdict_word(change->verdict.kind),
             figure_value(now, figure->value, (double)NAN), figure_value(before, change->before->value, (double)NAN),
             change_unit(change));
    buf_addf(&key, "change\n%s\n%s", change->before->key, input);
    buf_adds(into, "<entry>\n");
    add_uuid(into, buf_text(&key));
    buf_adds(into, "<title>");
    encode_xml(into, str_of(buf_text(&title)));
    buf_adds(into, "</title>\n<link href=\"" PUBLICATION_RESULTS "#changes\"/>\n");
    add_time(into, newest_us);
    buf_addf(into,
             "<summary>The %zu %s that came against the %zu before: %s, rank test adjusted over the changes, "
             "p = %.2g.</summary>\n</entry>\n",
             change->later.member_count, change->later.basis, change->earlier.member_count,
             figure_factor(factor, change->verdict.ratio), change->verdict.q);
}

static void add_changes(const struct report *report, int64_t newest_us, struct buf *into)
{
    const struct changes *changes = report->changes;
    autobuf struct buf input = BUF(256);
    size_t told = 0;

    provenance_input_hash(report->results, &input);
    for (size_t i = 0; changes != NULL && i < changes->count && told < FEED_CHANGES_MAX; i++)
        if (changes->items[i].kind == CHANGE_VALUE && change_is_established(&changes->items[i])) {
            add_change(&changes->items[i], buf_text(&input), newest_us, into);
            told++;
        }
}

int feed_make(const struct report *report, void (*page)(const struct submission *, struct buf *),
              struct publication *publication, struct err *err)
{
    const struct result_set *set = report->results;
    const int64_t newest_us = result_set_newest(set);
    autofree struct entry *entries = mem_zalloc(set->submission_count + 1, sizeof(*entries));
    autobuf struct buf text = BUF((size_t)1 << 20);

    if (entries == NULL)
        return mem_error(err);
    const size_t count = collect(set, entries);

    buf_adds(
        &text,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
    add_uuid(&text, "crosschip results");
    buf_adds(&text, "<title>Crosschip: new benchmark results</title>\n<link href=\"site/index.html\"/>\n"
                    "<link rel=\"self\" href=\"" FEED_PATH "\"/>\n<author><name>crosschip-analyze</name></author>\n");
    add_time(&text, newest_us);
    add_changes(report, newest_us, &text);
    for (size_t i = 0; i < count && i < FEED_ENTRIES_MAX; i++)
        add_entry(&entries[i], newest_us, page, publication, &text);
    buf_adds(&text, "</feed>\n");
    return publication_add(publication, FEED_PATH, &text, err);
}
