#include "analyze/report/remarks.h"

#include "analyze/report/single.h"

static void add_word(struct remarks *remarks, struct str word)
{
    for (size_t i = 0; i < remarks->count; i++)
        if (str_equal(remarks->words[i], word))
            return;
    if (word.len > 0 && remarks->count < REMARKS_MOST)
        remarks->words[remarks->count++] = word;
}

static bool is_about(const struct set_finding *finding, const struct set_run *run)
{
    return finding->submission == run->submission && (finding->run < 0 || finding->run == (long)run->number);
}

void remarks_collect(const struct result_set *set, const struct result *const *results, size_t count,
                     struct remarks *into)
{
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_of(results[i]->detail->flags), word;

        while (rest.len > 0 && str_next_field(&rest, ',', &word))
            add_word(into, str_trim(word));
        /* Rows of the database have what was found among their flags. */
        if (set->file_count == 0 || (i > 0 && results[i]->run == results[i - 1]->run))
            continue;
        for (size_t j = 0; j < set->finding_count; j++)
            if (is_about(&set->findings[j], results[i]->run))
                add_word(into, str_of(set->findings[j].rule));
    }
}

void remarks_say(const struct remarks *remarks, struct buf *into)
{
    for (size_t i = 0; i < remarks->count; i++)
        buf_addf(into, "%s%.*s",
                 i > 0           ? ", "
                 : into->len > 0 ? "; "
                                 : "",
                 (int)remarks->words[i].len, remarks->words[i].data);
}

void remarks_note(const struct remarks *remarks, struct table *table)
{
    for (size_t i = 0; i < remarks->count; i++) {
        autobuf struct buf line = BUF(4096);
        char word[64];

        str_copy(word, sizeof(word), remarks->words[i]);
        const char *advice = advice_of(word);

        buf_addf(&line, "%s: %s", word, advice != NULL ? advice : "see crosschip-submit check FILE.");
        table_note(table, buf_text(&line));
    }
}
