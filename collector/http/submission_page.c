/* The page of one submission as it stands now: what somebody sees who opens the address that sending printed. */
#include "collector/http/state.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/json/json.h"
#include "schema/proof/hash.h"
#include "schema/text/encode.h"
#include "schema/text/page.h"

enum { PAGE_MOST = 1 << 20 };

static const struct state_words {
    const char *state, *means, *next;
} states[] = {
    {"accepted", "It counts.",
     "It stands in the figures from the next publication on, and gets a page among the results."},
    {"quarantined", "A check found something. It is kept, and enters no figure until a person has decided.",
     "A person looks at it and accepts or rejects it. Nothing needs to be sent again; reload this page to see."},
    {"rejected", "A person decided that it does not count.", "It stays stored and enters no figure."},
    {"withdrawn", "Who sent it took it back.", "It enters no figure."},
    {"deleted", "Its content was erased; only its name is left.", "Nothing follows."},
};

static void add_text(struct buf *into, const char *before, const char *text, const char *after)
{
    buf_adds(into, before);
    encode_html(into, str_of(text));
    buf_adds(into, after);
}

static void add_findings(const char *findings, struct buf *into)
{
    autojson struct json_document *document = NULL;
    size_t named = 0;
    if (findings != NULL && json_read_strict(str_of(findings), &json_limits_tool, &document, NULL) == 0) {
        for (const struct json *at = json_first(json_root(document)); at != NULL; at = json_next(at)) {
            buf_adds(into, named++ == 0 ? "<h2>What the checks found</h2>\n<ul>\n" : "");
            add_text(into, "<li><code>", json_string(json_get(at, "rule")), "</code>: ");
            add_text(into, "", json_string(json_get(at, "message")), "</li>\n");
        }
    }
    buf_adds(into, named > 0 ? "</ul>\n" : "<p>The checks found nothing.</p>\n");
}

/* What the follower decided after it had looked at others as well. */
static void add_verdicts(const char *verdicts, struct buf *into)
{
    autojson struct json_document *document = NULL;
    size_t named = 0;
    if (json_read_strict(str_of(verdicts), &json_limits_tool, &document, NULL) == 0) {
        for (const struct json *at = json_first(json_root(document)); at != NULL; at = json_next(at)) {
            const char *rule = json_string(json_get(at, "rule"));
            buf_adds(into, named++ == 0 ? "<h2>What was decided by rule</h2>\n<ul>\n" : "");
            add_text(into, "<li>", json_string(json_get(at, "kind")), "");
            add_text(into, rule != NULL ? " (<code>" : "", rule, rule != NULL ? "</code>)" : "");
            add_text(into, ": ", json_string(json_get(at, "reason")), "</li>\n");
        }
    }
    buf_adds(into, named > 0 ? "</ul>\n" : "");
}

/* A link to the page of another submission; nothing without one. */
static void add_other(const char *name, const char *id, struct buf *into)
{
    if (id[0] != '\0') {
        buf_addf(into, "<dt>%s</dt><dd><a href=\"/submissions/%s\"><code>%s</code></a></dd>\n", name, id, id);
    }
}

static void add_state(const struct submission_view *view, struct buf *into)
{
    char time[CLOCK_TEXT_SIZE];
    clock_format(time, view->received_at_us);
    add_text(into, "<h1>Submission ", view->state, "</h1>\n");
    for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
        if (text_equal(states[i].state, view->state)) {
            buf_addf(into, "<p class=\"lead\">%s</p>\n<h2>What happens next</h2>\n<p>%s</p>\n", states[i].means,
                     states[i].next);
        }
    }
    add_text(into, "<dl>\n<dt>Name</dt><dd><code>", view->id, "</code></dd>\n");
    add_other("Corrected by", view->replaced_by, into);
    add_other("Corrects", view->replaces, into);
    buf_addf(into,
             "<dt>Received</dt><dd>%.10s %.5s "
             "UTC</dd>\n<dt>Runs</dt><dd>%lld</dd>\n<dt>Measurements</dt><dd>%lld</dd>\n</dl>\n",
             time, time + 11, (long long)view->runs, (long long)view->measurements);
    add_findings(view->findings, into);
    add_verdicts(view->verdicts, into);
    add_text(into, "<p class=\"note\">The same for programs: <a href=\"/v1/submissions/", view->id, "\">JSON</a>. ");
    add_text(into, "To take it back, from the machine that sent it: <code>crosschip-submit withdraw ", view->id,
             "</code></p>\n");
}

void reply_page(struct request *request, int status, const char *title, struct buf *content)
{
    static const struct page_link links[] = {{"/site/index.html", "Results"},
                                             {"/site/contribute.html", "Contribute"},
                                             {"/site/reading.html", "How to read this"},
                                             {NULL, NULL}};
    const struct str style = page_style();
    const struct sha256 hash = sha256_of(style.data, style.len);
    const bool has_site = request->server->site != NULL;
    char source[SHA256_SOURCE_SIZE];
    struct buf body = BUF(PAGE_MOST);
    const struct page page = {.title = title,
                              .site = "Crosschip results",
                              .home = has_site ? "/site/index.html" : "/v1/openapi.json",
                              .style_source = sha256_source(source, &hash),
                              .links = has_site ? links : NULL};
    page_begin(&page, &body);
    buf_add(&body, buf_text(content), content->len);
    page_end(&page, NULL, &body);
    buf_done(content);
    reply_body(&request->reply, status, "text/html; charset=utf-8", &body);
    request->reply.policy = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";
}

static void reply_no_submission(struct request *request, int status, const char *why)
{
    struct buf content = BUF(PAGE_MOST);
    buf_addf(&content,
             "<h1>No such submission</h1>\n<p class=\"lead\">%s A name is sha256: and 64 lower-case hex digits, as "
             "sending printed it.</p>\n",
             why);
    reply_page(request, status, "No such submission", &content);
}

void reply_malformed_page(struct request *request)
{
    reply_no_submission(request, 400, "The address holds no name of a submission.");
}

static void page_finish(struct request *request)
{
    const struct work *work = &request->work;
    if (work->outcome.err.code == ERR_NOT_FOUND) {
        reply_no_submission(request, 404, "Nothing with this name was received here.");
        return;
    }
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
        return;
    }
    struct buf content = BUF(PAGE_MOST);
    add_state(work->view, &content);
    reply_page(request, 200, "Submission", &content);
}

void act_page(struct request *request)
{
    ask_for_view(request, page_finish);
}
