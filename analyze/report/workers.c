#include "analyze/report/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/meanwhile.h"
#include "schema/base/mem.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* the program ignores SIGPIPE */
#endif

/* Before the bytes of an answer; before a struct err when status < 0. Without padding, which would be sent unset. */
struct head {
    int64_t status;
    uint64_t length;
};

/* ---- messages */

static bool send_all(int to, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        const ssize_t sent = send(to, at, length, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* False also at the end. */
static bool receive_all(int from, void *bytes, size_t length)
{
    char *at = bytes;

    while (length > 0) {
        const ssize_t got = recv(from, at, length, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

/* ---- in a worker */

static bool answer_task(const struct workers *workers, int socket, size_t task)
{
    autobuf struct buf answer = BUF(WORKERS_ANSWER_MAX);
    struct err err;
    memset(&err, 0, sizeof(err)); /* its padding too: it is sent as it is */
    int status = workers->work(workers->context, task, &answer, &err);

    if (status == 0)
        status = buf_check(&answer, &err);
    const struct head head = {status, status < 0 ? sizeof(err) : answer.len};

    return send_all(socket, &head, sizeof(head)) &&
           (status < 0 ? send_all(socket, &err, sizeof(err)) : send_all(socket, buf_text(&answer), answer.len));
}

/* Nothing of what this process would do at its end (locks, folders, output) is the worker's to do. */
static _Noreturn void serve(const struct workers *workers, int socket, pid_t parent)
{
    size_t task;

#ifdef __linux__
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    for (size_t i = 0; i < workers->count; i++)
        (void)close(workers->items[i].socket);
    while (getppid() == parent && receive_all(socket, &task, sizeof(task)) && answer_task(workers, socket, task))
        ;
    _exit(0);
}

/* ---- in this process */

static size_t most_of(const struct workers *workers)
{
    const size_t most = workers->most > 0 ? workers->most : meanwhile_processors();

    return most < WORKERS_MOST ? most : WORKERS_MOST;
}

static int start(struct workers *workers, struct err *err)
{
    const pid_t parent = getpid();
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return err_set_errno(err, ERR_SERVICE, errno, "%s: no connection to another process", workers->what);
    const pid_t child = fork();

    if (child == 0) {
        (void)close(ends[0]);
        serve(workers, ends[1], parent);
    }
    (void)close(ends[1]);
    if (child < 0) {
        const int why = errno;

        (void)close(ends[0]);
        return err_set_errno(err, ERR_SERVICE, why, "%s: no further process", workers->what);
    }
    workers->items[workers->count++] = (struct worker){.pid = child, .socket = ends[0]};
    return 0;
}

static void end(struct worker *worker, int *ret_how)
{
    if (worker->pid == 0)
        return;
    while (waitpid(worker->pid, ret_how, 0) < 0 && errno == EINTR)
        ;
    (void)close(worker->socket);
    worker->pid = 0;
    worker->socket = -1;
}

void workers_done(struct workers *workers)
{
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = &workers->items[i];
        int how;

        if (worker->pid == 0)
            continue;
        (void)kill(worker->pid, SIGKILL);
        end(worker, &how);
    }
    workers->count = 0;
}

static int died(const struct workers *workers, struct worker *worker, struct err *err)
{
    int how = 0;

    end(worker, &how);
    (void)err_set(err, ERR_INTERNAL, "%s: a process of this program ended too early", workers->what);
    if (WIFSIGNALED(how)) {
        (void)err_detail(err, "signal %d (%s)", WTERMSIG(how),
                         strsignal(WTERMSIG(how))); // NOLINT(concurrency-mt-unsafe)
        return err_hint(err, WTERMSIG(how) == SIGKILL ? "somebody killed it, or memory is short; try again"
                                                      : "please report this with the command");
    }
    return err_detail(err, "exit status %d", WEXITSTATUS(how));
}

static int give(struct workers *workers, struct worker *worker, size_t index, size_t task, struct err *err)
{
    worker->busy = true;
    worker->index = index;
    return send_all(worker->socket, &task, sizeof(task)) ? 0 : died(workers, worker, err);
}

static int receive(struct workers *workers, struct worker *worker, struct buf *answer, struct err *err)
{
    struct head head;
    struct err theirs;

    worker->busy = false;
    if (!receive_all(worker->socket, &head, sizeof(head)))
        return died(workers, worker, err);
    if (head.status < 0) {
        if (!receive_all(worker->socket, &theirs, sizeof(theirs)))
            return died(workers, worker, err);
        if (err != NULL)
            *err = theirs;
        return (int)head.status;
    }
    autofree char *bytes = mem_zalloc(head.length + 1, 1);

    if (bytes == NULL)
        return mem_error(err);
    if (!receive_all(worker->socket, bytes, head.length))
        return died(workers, worker, err);
    buf_done(answer);
    *answer = (struct buf){
        .data = TAKE_PTR(bytes), .len = head.length, .capacity = head.length + 1, .max = WORKERS_ANSWER_MAX};
    return 0;
}

int workers_give(struct workers *workers, size_t task, struct err *err)
{
    const int status = workers->count > 0 ? 0 : start(workers, err);

    return status < 0 ? status : give(workers, &workers->items[0], 0, task, err);
}

int workers_take(struct workers *workers, struct buf *answer, struct err *err)
{
    return receive(workers, &workers->items[0], answer, err);
}

/* The next one that has something to say; NULL with `err` set. */
static struct worker *wait_for_one(struct workers *workers, struct err *err)
{
    struct pollfd sockets[WORKERS_MOST];
    int ready;

    for (size_t i = 0; i < workers->count; i++)
        sockets[i] = (struct pollfd){.fd = workers->items[i].busy ? workers->items[i].socket : -1, .events = POLLIN};
    do {
        ready = poll(sockets, (nfds_t)workers->count, -1);
    } while (ready < 0 && errno == EINTR);
    for (size_t i = 0; ready > 0 && i < workers->count; i++)
        if (sockets[i].revents != 0)
            return &workers->items[i];
    (void)err_set_errno(err, ERR_IO, errno, "%s: waiting fails", workers->what);
    return NULL;
}

int workers_start(struct workers *workers, size_t tasks, struct err *err)
{
    int status = 0;

    while (status == 0 && workers->count < tasks && workers->count < most_of(workers))
        status = start(workers, err);
    return status;
}

int workers_run(struct workers *workers, const size_t *tasks, size_t count, worker_taker *take, void *context,
                struct err *err)
{
    size_t given = 0, done = 0;
    int status = workers_start(workers, count, err);

    for (size_t i = 0; status == 0 && i < workers->count && given < count; i++, given++)
        status = give(workers, &workers->items[i], given, tasks[given], err);
    while (status == 0 && done < count) {
        autobuf struct buf answer = BUF(WORKERS_ANSWER_MAX);
        struct worker *worker = wait_for_one(workers, err);

        status = worker == NULL ? -(int)ERR_IO : receive(workers, worker, &answer, err);
        if (status == 0)
            status = take(context, worker->index, &answer, err);
        if (status == 0 && given < count) {
            status = give(workers, worker, given, tasks[given], err);
            given++;
        }
        done++;
    }
    return status;
}
