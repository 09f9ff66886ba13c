/* The report of one result as Markdown and as one page that loads nothing. */
#include <stdio.h>

#include "analyze/report/picture.h"
#include "analyze/report/single.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"
#include "schema/text/encode.h"
#include "schema/text/page.h"

#define MADE_BY "Made by crosschip-analyze " CROSSCHIP_VERSION " from the files alone."

/* A part that has one table has it under its own heading. */
static bool has_caption(const struct single_part *part, const struct table *table)
{
    return table->caption != NULL && !text_equal(table->caption, part->heading);
}

static void add_table_markdown(const struct single_part *part, const struct table *table, struct buf *into)
{
    if (has_caption(part, table)) {
        buf_adds(into, "### ");
        encode_markdown(into, str_of(table->caption));
        buf_adds(into, "\n\n");
    }
    if (table->row_count > 0) {
        table_print_markdown(table, into);
        buf_addc(into, '\n');
    }
    for (size_t i = 0; i < table->note_count; i++) {
        buf_adds(into, "- ");
        encode_markdown(into, str_of(table->notes[i]));
        buf_addc(into, '\n');
    }
    buf_adds(into, table->note_count > 0 ? "\n" : "");
}

void single_markdown(const struct single *single, struct buf *into)
{
    buf_adds(into, "# ");
    encode_markdown(into, str_of(single->title));
    buf_adds(into, "\n\n");
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (single->parts[i].tables.count == 0)
            continue;
        buf_addf(into, "## %s\n\n", single->parts[i].heading);
        for (size_t j = 0; j < single->parts[i].tables.count; j++)
            add_table_markdown(&single->parts[i], &single->parts[i].tables.items[j], into);
    }
    buf_adds(into, MADE_BY "\n");
}

static void add_table_page(const struct single_part *part, const struct table *table, size_t number, struct buf *into)
{
    char id[32], caption[128];
    const struct table_html how = {
        .id = id, .caption = has_caption(part, table) ? table->caption : caption, .base_row = TABLE_NO_ROW};

    (void)snprintf(id, sizeof(id), "table-%zu", number);
    (void)snprintf(caption, sizeof(caption), "%s, from what the files state", part->heading);
    if (table->row_count > 0)
        table_print_html(table, &how, into);
    if (table->note_count == 0)
        return;
    buf_adds(into, "<ul>\n");
    for (size_t i = 0; i < table->note_count; i++) {
        buf_adds(into, "<li>");
        encode_html(into, str_of(table->notes[i]));
        buf_adds(into, "</li>\n");
    }
    buf_adds(into, "</ul>\n");
}

static void add_charts(const struct single *single, struct buf *into)
{
    if (single->chart_count == 0)
        return;
    buf_adds(into, "<h2 id=\"charts\">Charts</h2>\n");
    for (size_t i = 0; i < single->chart_count; i++) {
        buf_adds(into, "<figure>\n");
        picture_inline(str_slice(buf_text(&single->charts[i]), single->charts[i].len), "wide", into);
        picture_inline(str_slice(buf_text(&single->phone_charts[i]), single->phone_charts[i].len), "phone", into);
        buf_adds(into, "</figure>\n");
    }
    if (single->charts_left_out > 0)
        buf_addf(into, "<p>%zu more workloads have no chart here; their figures stand under Results.</p>\n",
                 single->charts_left_out);
}

void single_page(const struct single *single, struct buf *into)
{
    const struct str style = page_style();
    const struct sha256 hash = sha256_of(style.data, style.len);
    char source[SHA256_SOURCE_SIZE];
    const struct page page = {.title = single->title,
                              .site = "Benchmark report",
                              .home = "#content",
                              .style_source = source,
                              .script = str_slice("", 0)};
    size_t number = 0;

    sha256_source(source, &hash);
    page_begin(&page, into);
    buf_adds(into, "<h1>");
    encode_html(into, str_of(single->title));
    buf_adds(into, "</h1>\n");
    for (size_t i = 0; i < PART_COUNT; i++) {
        const struct single_part *part = &single->parts[i];

        if (i == PART_REMARKS)
            add_charts(single, into);
        if (part->tables.count == 0)
            continue;
        buf_addf(into, "<h2>%s</h2>\n", part->heading);
        for (size_t j = 0; j < part->tables.count; j++)
            add_table_page(part, &part->tables.items[j], ++number, into);
    }
    page_end(&page, MADE_BY, into);
}
