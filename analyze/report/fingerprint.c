#include "analyze/report/fingerprint.h"

#include "plot/draw/draw.h"

static int look(void *context, size_t task, struct buf *answer, struct err *err)
{
    autodraw struct draw *draw = NULL;
    const int status = draw_new(&draw, err);

    (void)context, (void)task;
    if (status == 0)
        buf_adds(answer, draw_fingerprint(draw));
    return status;
}

void fingerprint_done(struct fingerprint *fingerprint)
{
    workers_done(&fingerprint->workers);
    buf_done(&fingerprint->text);
}

static int ask(struct fingerprint *fingerprint, struct err *err)
{
    fingerprint->workers = (struct workers){.what = "looking for fonts", .work = look, .most = 1};
    const int status = workers_give(&fingerprint->workers, 0, err);

    fingerprint->asked = status == 0;
    return status;
}

void fingerprint_ask(struct fingerprint *fingerprint)
{
    if (ask(fingerprint, NULL) < 0)
        workers_done(&fingerprint->workers);
}

int fingerprint_take(struct fingerprint *fingerprint, const char **ret, struct err *err)
{
    int status = fingerprint->known || fingerprint->asked ? 0 : ask(fingerprint, err);

    if (status == 0 && !fingerprint->known) {
        status = workers_take(&fingerprint->workers, &fingerprint->text, err);
        fingerprint->known = status == 0;
        fingerprint->asked = false; /* another try asks anew */
        workers_done(&fingerprint->workers);
    }
    if (status == 0)
        *ret = buf_text(&fingerprint->text);
    return status;
}
