/* Inside collector/http only: the server and one request. */
#ifndef COLLECTOR_HTTP_STATE_H
#define COLLECTOR_HTTP_STATE_H

#include <stdatomic.h>

#include <microhttpd.h>

#include "collector/http/clients.h"
#include "collector/http/guard.h"
#include "collector/http/limits.h"
#include "collector/http/metrics.h"
#include "collector/http/reply.h"
#include "collector/http/server.h"
#include "collector/intake/signing.h"
#include "collector/people/book.h"
#include "collector/people/change.h"

struct http_server {
    struct MHD_Daemon *daemon;
    struct clients *clients;
    struct intake_policy policy;
    struct desk *desk;
    struct token_book *tokens;
    const struct signer *signer;
    struct published *published;
    struct followers *followers;
    struct limits *limits;
    struct http_limits rules;
    struct metrics metrics;
    const char *site; /* the folder of a publication; NULL = none */
    int site_parent;
    uint32_t boot; /* random: request ids of two processes differ */
    atomic_bool draining;
    atomic_size_t requests;  /* begun and not completed */
    atomic_size_t suspended; /* of those: waiting for the desk */
    atomic_bool no_room;     /* the disk of the database is nearly full */
};

struct request;
struct page;

/* What is asked of the log. */
struct log_question {
    uint64_t first, size; /* of trees; of the feed: where to begin, how many */
    int epoch;            /* of the feed; 0 = any */
    bool has_size;        /* otherwise the size that the log has now */
    int revision;         /* 0 = the newest */
};

struct route_parameter {
    const char *in, *name, *description; /* in: "query" or "header"; NULL ends a table */
};

/* One line of the table in router.c. */
struct route {
    const char *method, *path; /* ":id" stands for one part of the path; NULL ends the table */
    void (*act)(struct request *request);
    bool takes_body;
    unsigned scopes; /* of which a token shown here must have one; 0 = tokens are not looked at */
    const char *summary;
    const struct route_parameter *parameters; /* NULL = none beside :id */
    const char *schema;                       /* of openapi_schemas.json; NULL with another `media` than JSON */
    const char *media;                        /* NULL = application/json */
    const char *statuses;                     /* "200 404": all that it may answer, beside those of framing */
};

struct request {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct client *client;
    char *uri;               /* as it came */
    char name[20];           /* X-Request-Id */
    int64_t begun_us;        /* monotonic */
    char id[INTAKE_ID_SIZE]; /* from the path */
    struct head head;
    const struct route *route;
    bool begun, discard, sent;
    bool waited;                             /* is for the desk */
    bool aside;                              /* was given to it */
    void (*finish)(struct request *request); /* makes the reply of what the desk gave back */
    struct token_facts token;                /* of the token that was proved */
    bool has_secret;
    unsigned char secret[32];           /* that proves whose a submission is */
    char contributor[CHANGE_NAME_SIZE]; /* X-Contributor, decoded */
    struct change change;
    char claimed_by[CHANGE_NAME_SIZE];
    struct page *page; /* of results */
    struct log_question log;
    struct reply reply;
    struct work work; /* its body is what was received */
};

/* ---- request.c: what libmicrohttpd calls */
void *request_new(void *context, const char *uri, struct MHD_Connection *connection);
enum MHD_Result request_handle(void *server, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload_data, size_t *upload_data_size, void **context);
void request_completed(void *context, struct MHD_Connection *connection, void **request_context,
                       enum MHD_RequestTerminationCode reason);
/* False with the reply when nothing more can be taken now. Asked again before a body is checked: under a crowd most of
 * what had room with its head has none by then, and checking costs the most. */
bool request_has_room(struct request *request);
/* Has the request suspended and request->work handed to the desk. Once that is done libmicrohttpd's thread goes on with
 * the request and calls `finish`, which makes the reply. */
void request_wait(struct request *request, void (*finish)(struct request *request));

/* ---- what routes do */
void act_withdraw(struct request *request); /* own.c */
void act_claim(struct request *request);
/* Takes X-Withdraw-Secret where it is sent; false with the reply when it is malformed. */
bool request_secret(struct request *request);
void act_results(struct request *request); /* results.c */
void act_chips(struct request *request);   /* documents.c */
void act_openapi(struct request *request);
void act_key(struct request *request);  /* key.c */
void act_feed(struct request *request); /* feed.c */
void act_withdrawals(struct request *request);
void act_log(struct request *request); /* log.c */
void act_log_inclusion(struct request *request);
void act_log_consistency(struct request *request);
void act_site(struct request *request); /* site.c */
void act_page(struct request *request); /* submission_page.c */
/* A page in the frame of the published ones, without a script; takes the bytes of `content`. */
void reply_page(struct request *request, int status, const char *title, struct buf *content);
/* 400: the address of a page for a submission that names none. */
void reply_malformed_page(struct request *request);
void act_metrics(struct request *request); /* metrics.c */
void act_submit(struct request *request);  /* routes.c */
void act_view(struct request *request);
void act_raw(struct request *request);
void act_health(struct request *request);
void act_ready(struct request *request);

void page_free(struct page *page); /* NULL is allowed */
/* 200 with an ETag of the bytes, which are taken (documents.c). */
void reply_document(struct reply *reply, struct buf *body);

/* ---- router.c */
const struct route *route_table(void);
/* The route of a request, or NULL and the reply: 404, 405 with Allow, 400 for a malformed id. */
const struct route *route_find(struct request *request);

/* ---- routes.c */
#define BEHIND_TEXT                                                                                                    \
    "the database is older than the log that was signed: nothing is taken until whoever runs this has looked at it"
/* Asks for the state of the submission that the path names: request->work.view, of the request. */
void ask_for_view(struct request *request, void (*finish)(struct request *request));
/* A failure of the database says little to a stranger: whether it is worth while to wait. */
void reply_failure(struct reply *reply, const struct err *err);

#endif
