/* What the pages of the site share. */
#ifndef ANALYZE_SITE_PAGES_H
#define ANALYZE_SITE_PAGES_H

#include "analyze/data/run_lists.h"
#include "analyze/data/side_cells.h"
#include "analyze/report/kept.h"
#include "analyze/report/mixture.h"
#include "analyze/site/site.h"
#include "schema/proof/hash.h"
#include "schema/text/page.h"
#include "schema/text/table.h"

#define PAGE_BYTES_MAX ((size_t)16 << 20)
#define SITE_NAME "Crosschip results"

/* A pair of chips with a page, and why: its page is named by both. */
struct site_pair {
    const char *a, *b; /* canonical names, a before b in natural order */
    const struct coverage_row *row_a, *row_b;
};
/* A row of a comparison. */
struct site_row {
    const struct comparison *comparison;
    size_t row;
};
struct site {
    struct arena arena;
    struct site_row *chip_rows; /* those of one chip together, in the order of the coverage, then of the comparisons */
    size_t *chip_ends;          /* of each chip's in chip_rows */
    struct run_lists chips;     /* runs by chip */
    struct side_cells chip_cells; /* of them */
    const struct report *report;
    struct publication *publication;
    struct mixtures mixtures;
    size_t chart_files;   /* files of the publication before the site; 0 where its submissions are made apart */
    bool *has_submission; /* has a page, by number of the submission */
    struct site_pair *pairs;
    size_t pair_count, pair_capacity;
    struct str script;
    size_t pages_made, pages_expected;
    char newest[REPORT_DATE_SIZE]; /* "" = data without dates */
    bool undated;                  /* some of it */
    char style_source[SHA256_SOURCE_SIZE], script_source[SHA256_SOURCE_SIZE];
};

enum page_script { WITHOUT_SCRIPT, WITH_SCRIPT };

/* ---- addresses */
void site_chip_page(const char *chip, struct buf *into);
void site_model_page(const struct comparison *comparison, struct buf *into);
void site_generation_page(const struct chip *entry, struct buf *into);
void site_submission_page(const struct submission *submission, struct buf *into);
/* "sha256:b87e24a098b2#3": what tells submissions apart on a page. */
void site_submission_name(const struct submission *submission, struct buf *into);
void site_pair_page(const char *a, const char *b, struct buf *into);
bool site_has_submission(const struct site *site, size_t submission);
/* Chooses the newest SITE_SUBMISSIONS_MAX of them: by when they were received; files, which nobody received, as they
 * were named. */
int site_choose_submissions(struct site *site, struct err *err) must_check;
/* Of the publication as it was before the site. */
bool site_has_file(const struct site *site, const char *path);
/* Whether a catalogue chip has a generation of its own page. */
bool site_has_generation(const struct chip *entry);

/* ---- pieces of HTML */
void site_text(struct buf *into, const char *untrusted);
void site_link(struct buf *into, const char *href, const char *untrusted);
/* The chart of a comparison as inline SVG in a figure; nothing when it was not drawn. */
int site_chart(const struct site *site, const struct comparison *comparison, struct buf *into,
               struct err *err) must_check;
/* "Apple M1", "NVIDIA GeForce RTX (Ampere)". */
void site_generation_name(const struct chip *entry, struct buf *into);

/* Why runs of two models under one name count nowhere. */
void site_add_mixture(const struct mixture *mixture, struct buf *into);
/* A sentence below a table, without its full stop; nothing for an empty one. */
void site_add_note(const char *untrusted, struct buf *into);

struct side;
struct side_rows;
struct side_list;
/* "M4 Max (16C/40G) with Metal": the side and what it alone has. */
void site_side_name(const struct side_rows *rows, const struct side *side, size_t number, struct buf *into);
/* Two sides as a table with their verdicts, and below it what its marks mean. */
/* A page of two lists of runs that was made of the same runs is kept; `a`, `b`: their names. *ret_content: what it is
 * made of, for site_note_page after it was made, or found to have nothing. */
int site_keep_page(struct site *site, const char *name, const struct run_lists *lists, const char *a, const char *b,
                   struct sha256 *ret_content, enum kept *ret, struct err *err) must_check;
void site_note_page(const struct site *site, const char *name, const struct sha256 *content, bool any);
int site_add_sides(struct side_rows *rows, const struct side_list *sides, struct buf *into, struct err *err) must_check;
/* Puts the frame around `content` and adds site/NAME. `here`: the page of the navigation that it is, or NULL. */
int site_add_page(struct site *site, const char *name, const char *title, const char *description,
                  enum page_script script, const struct buf *content, struct err *err) must_check;

/* ---- pages */
int site_choose_pairs(struct site *site, struct err *err) must_check;
int site_add_home(struct site *site, struct err *err) must_check;
int site_add_find(struct site *site, struct err *err) must_check;
int site_add_models(struct site *site, struct err *err) must_check;
int site_add_chips(struct site *site, struct err *err) must_check;
int site_add_generations(struct site *site, struct err *err) must_check;
int site_add_pairs(struct site *site, struct err *err) must_check; /* and forgets pairs with nothing in common */
int site_add_compare(struct site *site, struct err *err) must_check;
/* Pages of two versions of a tool, and the page that lists them. */
int site_add_versions(struct site *site, struct err *err) must_check;
int site_add_submissions(struct site *site, struct err *err) must_check;
int site_add_words(struct site *site, struct err *err) must_check; /* how to contribute, to read, method */

#endif
