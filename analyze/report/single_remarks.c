/* Flags and findings of the files, each with what to do about it. */
#include <string.h>

#include "analyze/report/single.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

#define WORD_MAX 64
#define WORDS_MAX 128

struct remarks {
    char words[WORDS_MAX][WORD_MAX];
    size_t counts[WORDS_MAX];
    const char *example[WORDS_MAX]; /* message of a finding; NULL */
    size_t count;
};

static void count_word(struct remarks *remarks, struct str word, const char *message)
{
    char text[WORD_MAX];
    size_t at = 0;

    str_copy(text, sizeof(text), word);
    while (at < remarks->count && !text_equal(remarks->words[at], text))
        at++;
    if (at == WORDS_MAX || text_is_empty(text))
        return;
    if (at == remarks->count)
        text_copy(remarks->words[remarks->count++], WORD_MAX, text);
    remarks->counts[at]++;
    if (remarks->example[at] == NULL)
        remarks->example[at] = message;
}

static void count_flags(struct remarks *remarks, const char *flags)
{
    struct str rest = str_of(flags), word;

    while (!text_is_empty(flags) && str_next_field(&rest, ',', &word))
        count_word(remarks, str_trim(word), NULL);
}

int single_remarks(const struct result_set *set, struct table_list *into, struct err *err)
{
    struct remarks remarks = {.count = 0};

    for (size_t i = 0; i < set->finding_count; i++)
        count_word(&remarks, str_of(set->findings[i].rule), set->findings[i].message);
    for (size_t i = 0; i < set->result_count; i++)
        count_flags(&remarks, set->results[i].detail->flags);
    if (remarks.count == 0)
        return 0;
    struct table *table = table_list_add(into, "Remarks");

    if (table == NULL)
        return mem_error(err);
    table_column(table, "remark", "Remark", ALIGN_LEFT);
    table_column(table, "count", "Times", ALIGN_RIGHT);
    for (size_t i = 0; i < remarks.count; i++) {
        const char *advice = advice_of(remarks.words[i]);
        autobuf struct buf line = BUF(1 << 14);

        table_row(table);
        table_put_text(table, remarks.words[i]);
        table_put_integer(table, (int64_t)remarks.counts[i]);
        buf_addf(&line, "%s: %s", remarks.words[i], advice != NULL ? advice : "see crosschip-submit check FILE.");
        if (remarks.example[i] != NULL)
            buf_addf(&line, " First: %s", remarks.example[i]);
        table_note(table, buf_text(&line));
    }
    return 0;
}
