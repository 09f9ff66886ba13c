#include "analyze/report/apart.h"

#include <assert.h>
#include <string.h>

#include "schema/base/meanwhile.h"
#include "schema/base/mem.h"

/* Before the path of a file, and before its bytes where they lie nowhere else. */
struct sent {
    uint64_t path_length, length, offset;
    enum { IN_FOLDER, ASIDE, BESIDE } where;
    uint32_t none; /* no padding, which would be sent unset */
};

void apart_done(struct apart *apart)
{
    workers_done(&apart->workers);
}

/* ---- in the worker */

static void put_file(const struct publication_file *file, struct buf *answer)
{
    const struct sent sent = {.path_length = strlen(file->path),
                              .length = file->length,
                              .offset = (uint64_t)file->offset,
                              .where = file->standing != NULL ? IN_FOLDER
                                       : file->bytes == NULL  ? ASIDE
                                                              : BESIDE};

    assert(file->maker.make == NULL);
    buf_add(answer, &sent, sizeof(sent));
    buf_add(answer, file->path, sent.path_length);
    if (sent.where == BESIDE)
        buf_add(answer, file->bytes, file->length);
}

static int work(void *context, size_t task, struct buf *answer, struct err *err)
{
    const struct apart *apart = context;
    struct report report = *apart->report;
    autopublication struct publication made = {.aside = report.aside, .standing = report.standing};

    (void)task;
    report.progress = NULL;
    const int status = apart->make(&report, &made, err);

    for (size_t i = 0; status == 0 && i < made.count; i++)
        put_file(&made.files[i], answer);
    return status;
}

/* ---- in this process */

void apart_begin(struct apart *apart, const struct report *report, apart_function *make)
{
    *apart = (struct apart){.report = report, .make = make};
    apart->workers = (struct workers){.what = "making data files", .work = work, .context = apart, .most = 1};
    if (report->workers_most == 1 || meanwhile_processors() < 2 || report->aside == NULL || report->aside->file < 0)
        return;
    apart->begun = workers_give(&apart->workers, 0, NULL) == 0;
    if (!apart->begun)
        workers_done(&apart->workers);
}

static int take_file(const struct apart *apart, const struct sent *sent, struct str path, struct str bytes,
                     struct publication *publication, struct err *err)
{
    autofree char *name = mem_strndup(path.data, path.len), *copy = NULL;

    if (sent->where == BESIDE)
        copy = mem_strndup(bytes.data, bytes.len);
    if (name == NULL || (sent->where == BESIDE && copy == NULL))
        return mem_error(err);
    const struct publication_file file = {.path = name,
                                          .bytes = copy,
                                          .length = sent->length,
                                          .standing = sent->where == IN_FOLDER ? apart->report->standing : NULL,
                                          .aside = sent->where == ASIDE ? apart->report->aside : NULL,
                                          .offset = (off_t)sent->offset};
    const int status = publication_add_file(publication, &file, err);

    if (status == 0)
        copy = NULL;
    return status;
}

static int take_files(const struct apart *apart, struct str answer, struct publication *publication, struct err *err)
{
    int status = 0;

    while (status == 0 && answer.len > 0) {
        struct sent sent;

        memcpy(&sent, answer.data, sizeof(sent));
        answer = str_slice(answer.data + sizeof(sent), answer.len - sizeof(sent));
        const size_t behind = sent.path_length + (sent.where == BESIDE ? sent.length : 0);

        status = take_file(apart, &sent, str_slice(answer.data, sent.path_length),
                           str_slice(answer.data + sent.path_length, behind - sent.path_length), publication, err);
        answer = str_slice(answer.data + behind, answer.len - behind);
    }
    return status;
}

int apart_add(struct apart *apart, struct publication *publication, struct err *err)
{
    autobuf struct buf answer = BUF(WORKERS_ANSWER_MAX);

    if (!apart->begun)
        return apart->make(apart->report, publication, err);
    const int status = workers_take(&apart->workers, &answer, err);

    return status < 0 ? status : take_files(apart, str_slice(buf_text(&answer), answer.len), publication, err);
}
