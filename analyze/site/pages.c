/* Addresses, pieces of HTML and the frame. */
#include "analyze/site/pages.h"

#include <string.h>

#include "analyze/report/picture.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/text/encode.h"

static const struct page_link navigation[] = {{"index.html", "Results"},         {"find.html", "Find"},
                                              {"compare.html", "Compare"},       {"submissions.html", "Submissions"},
                                              {"contribute.html", "Contribute"}, {"reading.html", "How to read this"},
                                              {"method.html", "Method"},         {NULL, NULL}};

/* ---- addresses */

void site_chip_page(const char *chip, struct buf *into)
{
    buf_adds(into, "chip-");
    encode_file_name(into, str_of(chip));
    buf_adds(into, ".html");
}

void site_model_page(const struct comparison *comparison, struct buf *into)
{
    autobuf struct buf name = BUF(4096), key = BUF(16384);

    comparison_model_name(comparison->model, comparison->quantization, &name);
    buf_addf(&key, "%s\n%s\n%s", comparison->tool, comparison->model, comparison->quantization);
    buf_adds(into, "model-");
    encode_file_name_keyed(into, str_of(buf_text(&name)), str_of(buf_text(&key)));
    buf_adds(into, ".html");
}

bool site_has_generation(const struct chip *entry)
{
    return entry != NULL && !text_is_empty(entry->generation);
}

/* "Apple M1", "NVIDIA GeForce RTX (Ampere)". */
void site_generation_name(const struct chip *entry, struct buf *into)
{
    if (text_is_empty(entry->family) || text_starts_with(entry->generation, entry->family))
        buf_addf(into, "%s %s", entry->vendor, entry->generation);
    else
        buf_addf(into, "%s %s (%s)", entry->vendor, entry->family, entry->generation);
}

void site_generation_page(const struct chip *entry, struct buf *into)
{
    autobuf struct buf name = BUF(4096), key = BUF(4096);

    site_generation_name(entry, &name);
    buf_addf(&key, "%s\n%s\n%s\n%s", entry->vendor, entry->family, entry->generation, entry->kind);
    buf_adds(into, "family-");
    encode_file_name_keyed(into, str_of(buf_text(&name)), str_of(buf_text(&key)));
    buf_adds(into, ".html");
}

void site_submission_page(const struct submission *submission, struct buf *into)
{
    buf_adds(into, "submission-");
    encode_file_name(into, str_of(submission->id));
    buf_adds(into, ".html");
}

void site_submission_name(const struct submission *submission, struct buf *into)
{
    const char *part = strchr(submission->id, '#');

    buf_addf(into, "%.19s%s", submission->id, part != NULL && part > submission->id + 19 ? part : "");
}

void site_submission_address(const struct submission *submission, struct buf *into)
{
    buf_adds(into, "site/");
    site_submission_page(submission, into);
}

void site_pair_page(const char *a, const char *b, struct buf *into)
{
    autobuf struct buf name = BUF(8192), key = BUF(8192);

    buf_addf(&name, "%s vs %s", catalog_short_chip_name(a), catalog_short_chip_name(b));
    buf_addf(&key, "%s\n%s", a, b);
    buf_adds(into, "compare-");
    encode_file_name_keyed(into, str_of(buf_text(&name)), str_of(buf_text(&key)));
    buf_adds(into, ".html");
}

bool site_has_submission(const struct site *site, size_t submission)
{
    return site->has_submission[submission];
}

/* ---- pieces */

void site_text(struct buf *into, const char *untrusted)
{
    encode_html(into, str_of(untrusted));
}

void site_link(struct buf *into, const char *href, const char *untrusted)
{
    buf_adds(into, "<a href=\"");
    site_text(into, href);
    buf_adds(into, "\">");
    site_text(into, untrusted);
    buf_adds(into, "</a>");
}

void site_add_note(const char *untrusted, struct buf *into)
{
    if (text_is_empty(untrusted))
        return;
    buf_adds(into, "<p class=\"note\">");
    site_text(into, untrusted);
    buf_adds(into, ".</p>\n");
}

static void write_code(struct buf *into, const char *untrusted)
{
    buf_adds(into, "<code>");
    site_text(into, untrusted);
    buf_adds(into, "</code>");
}

void site_add_mixture(const struct mixture *mixture, struct buf *into)
{
    static const struct mixture_writer writer = {"<strong>", "</strong>", write_code, site_text};

    buf_adds(into, "<p>");
    mixture_write(mixture, &writer, into);
    buf_adds(into, "</p>\n");
}

static const struct publication_file *file_of(const struct site *site, const char *path)
{
    const size_t file = publication_find(site->publication, path);

    return file < site->chart_files ? &site->publication->files[file] : NULL;
}

bool site_has_file(const struct site *site, const char *path)
{
    return file_of(site, path) != NULL;
}

static const struct publication_file *chart_of(const struct site *site, const char *slug, const char *what)
{
    autobuf struct buf path = BUF(4096);

    buf_addf(&path, "charts/%s-%s.svg", slug, what);
    return file_of(site, buf_text(&path));
}

static int add_inline(const struct publication_file *file, const char *where, struct buf *into, struct err *err)
{
    autobuf struct buf scratch = BUF(PAGE_BYTES_MAX);
    struct str svg;
    const int status = publication_bytes(file, &scratch, &svg, err);

    if (status == 0)
        picture_inline(svg, where, into);
    return status;
}

int site_chart(const struct site *site, const struct comparison *comparison, struct buf *into, struct err *err)
{
    autobuf struct buf slug = BUF(256);

    report_slug(comparison, &slug);
    const struct publication_file *file = chart_of(site, buf_text(&slug), "light");
    const struct publication_file *phone = chart_of(site, buf_text(&slug), "phone");

    if (file == NULL)
        return 0;
    buf_adds(into, "<figure>\n");
    int status = add_inline(file, phone != NULL ? "wide" : NULL, into, err);

    if (status == 0 && phone != NULL)
        status = add_inline(phone, "phone", into, err);
    buf_addf(into,
             "<figcaption class=\"down\">This chart as a file: <a href=\"../charts/%s-light.svg\">SVG</a>, "
             "<a href=\"../charts/%s-light.png\">PNG</a>, dark <a href=\"../charts/%s-dark.svg\">SVG</a>, "
             "<a href=\"../charts/%s-dark.png\">PNG</a>. The addresses stay the same.</figcaption>\n</figure>\n",
             buf_text(&slug), buf_text(&slug), buf_text(&slug), buf_text(&slug));
    return status;
}

/* Only such a page has the date of all data: another one changes only with what it shows. */
static bool is_in_navigation(const char *name)
{
    for (size_t i = 0; navigation[i].href != NULL; i++)
        if (text_equal(navigation[i].href, name))
            return true;
    return false;
}

/* The name of a page decides too: it stands for both names. */
int site_keep_page(struct site *site, const char *name, const struct run_lists *lists, const char *a, const char *b,
                   struct sha256 *ret_content, enum kept *ret, struct err *err)
{
    autobuf struct buf path = BUF(4096);
    struct sha256 hashes[2];

    memset(ret_content, 0, sizeof(*ret_content));
    *ret = KEPT_NOT;
    if (!run_lists_hash(lists, a, &hashes[0]) || !run_lists_hash(lists, b, &hashes[1]))
        return 0;
    *ret_content = sha256_of(hashes, sizeof(hashes));
    buf_addf(&path, "site/%s", name);
    int status = buf_check(&path, err);

    if (status == 0)
        status = kept_add(site->report, buf_text(&path), ret_content, site->publication, ret, err);
    if (*ret != KEPT_NOT && site->report->progress != NULL)
        progress_step(site->report->progress, ++site->pages_made);
    return status;
}

void site_note_page(const struct site *site, const char *name, const struct sha256 *content, bool any)
{
    autobuf struct buf path = BUF(4096);

    buf_addf(&path, "site/%s", name);
    if (path.failed == 0)
        kept_note(site->report, buf_text(&path), content, any ? KEPT_FILE : KEPT_NONE);
}

int site_add_page(struct site *site, const char *name, const char *title, const char *description,
                  enum page_script script, const struct buf *content, struct err *err)
{
    const struct page page = {.title = title,
                              .description = description,
                              .site = SITE_NAME,
                              .home = "index.html",
                              .feed = "../feed.xml",
                              .style_source = site->style_source,
                              .script = script == WITH_SCRIPT ? site->script : str_slice("", 0),
                              .script_source = site->script_source,
                              .links = navigation,
                              .here = name};
    autobuf struct buf bytes = BUF(PAGE_BYTES_MAX), path = BUF(4096);
    autobuf struct buf foot = BUF(1024);
    int status = buf_check(content, err);

    if (status < 0)
        return status;
    if (is_in_navigation(name))
        buf_addf(&foot, "%s%s. ",
                 site->newest[0] == '\0' ? "Data without dates"
                 : site->undated         ? "Dated data to "
                                         : "Data to ",
                 site->newest);
    buf_adds(&foot, "Made by crosschip-analyze " CROSSCHIP_VERSION
                    ". The same tables as text: <a href=\"../RESULTS.md\">RESULTS.md</a>; "
                    "all <a href=\"../data/README.md\">data files</a>. Data under " BUNDLE_LICENCE ".");
    if (site->report->progress != NULL)
        progress_step(site->report->progress, ++site->pages_made);
    page_begin(&page, &bytes);
    buf_add(&bytes, buf_text(content), content->len);
    page_end(&page, buf_text(&foot), &bytes);
    buf_addf(&path, "site/%s", name);
    status = buf_check(&path, err);
    if (status == 0)
        status = buf_check(&bytes, err);
    return status < 0 ? status : publication_add(site->publication, buf_text(&path), &bytes, err);
}
