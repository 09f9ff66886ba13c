#include "collector/http/reply.h"

#include <stdio.h>
#include <sys/socket.h>

#include "collector/http/tls.h"
#include "schema/json/json_write.h"

enum { ERROR_BODY_MAX = 8192, RETRY_AFTER_S = 2 };

void reply_done(struct reply *reply)
{
    buf_done(&reply->body);
}

static void write_error(struct buf *into, const struct err *err)
{
    struct json_writer writer = json_writer(into, 0);
    json_begin_object(&writer);
    json_pair_string(&writer, "error", err_word(err->code));
    if (err->path[0] != '\0') {
        json_pair_string(&writer, "path", err->path);
    }
    json_pair_string(&writer, "detail", err->text);
    if (err->hint[0] != '\0') {
        json_pair_string(&writer, "hint", err->hint);
    }
    if (err->line > 0) {
        json_pair_int(&writer, "line", err->line);
        json_pair_int(&writer, "column", err->column);
    }
    json_end_object(&writer);
    buf_addc(into, '\n');
}

void reply_error(struct reply *reply, int status, const struct err *err)
{
    buf_done(&reply->body);
    reply->body = BUF(ERROR_BODY_MAX);
    write_error(&reply->body, err);
    reply->status = status != 0 ? status : err_http_status(err->code);
    reply->type = NULL;
    reply->outcome = reply->status == 429 ? "rate" : err_word(err->code);
    if (reply->retry_after_s == 0 && (reply->status == 503 || reply->status == 429 || reply->status == 408)) {
        reply->retry_after_s = RETRY_AFTER_S;
    }
    reply->ready = true;
}

void reply_text(struct reply *reply, int status, const char *type, const char *text)
{
    buf_done(&reply->body);
    reply->body = BUF(ERROR_BODY_MAX);
    buf_adds(&reply->body, text);
    reply->outcome = "ok";
    reply->status = status;
    reply->type = type;
    reply->ready = true;
}

void reply_body(struct reply *reply, int status, const char *type, struct buf *body)
{
    buf_done(&reply->body);
    reply->body = *body;
    *body = BUF(0);
    reply->outcome = "ok";
    reply->status = status;
    reply->type = type;
    reply->ready = true;
}

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_headers(struct MHD_Response *response, const struct reply *reply)
{
    char seconds[16], etag[sizeof reply->etag + 2];
    (void)snprintf(etag, sizeof etag, "\"%s\"", reply->etag);
    (void)snprintf(seconds, sizeof seconds, "%d", reply->retry_after_s);
    return add_header(response, "Content-Type", reply->type != NULL ? reply->type : "application/json") &&
           add_header(response, "X-Content-Type-Options", "nosniff") &&
           add_header(response, "Content-Security-Policy",
                      reply->policy != NULL ? reply->policy : "default-src 'none'; frame-ancestors 'none'") &&
           add_header(response, "Referrer-Policy", "no-referrer") &&
           add_header(response, "Cache-Control", reply->cache != NULL ? reply->cache : "no-store") &&
           (reply->etag[0] == '\0' || add_header(response, "ETag", etag)) &&
           (!reply->open || (add_header(response, "Access-Control-Allow-Origin", "*") &&
                             add_header(response, "Access-Control-Expose-Headers", "ETag, Retry-After"))) &&
           (reply->allow[0] == '\0' || add_header(response, "Allow", reply->allow)) &&
           (reply->retry_after_s == 0 || add_header(response, "Retry-After", seconds)) &&
           (reply->location == NULL || add_header(response, "Location", reply->location)) &&
           (reply->coding == NULL || add_header(response, "Content-Encoding", reply->coding)) &&
           (reply->range[0] == '\0' || add_header(response, "Content-Range", reply->range)) &&
           (!reply->ranges ||
            (add_header(response, "Accept-Ranges", "bytes") && add_header(response, "Vary", "Accept-Encoding"))) &&
           (!reply->close || add_header(response, "Connection", "close"));
}

enum MHD_Result reply_send(struct MHD_Connection *connection, const struct reply *reply, const char *request_id)
{
    /* MHD_RESPMEM_MUST_COPY takes a pointer to non-const, and only reads it. */
    const struct buf *body = &reply->body;
    struct MHD_Response *response = MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_NO;
    if (body->failed == 0 && add_headers(response, reply) && add_header(response, "X-Request-Id", request_id)) {
        result = MHD_queue_response(connection, (unsigned)reply->status, response);
    }
    MHD_destroy_response(response);
    return result;
}

void reply_send_alone(struct MHD_Connection *connection, const struct reply *reply, const char *request_id)
{
    const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *tls = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    autobuf struct buf text = BUF(2 * ERROR_BODY_MAX);
    buf_addf(
        &text,
        "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
        "Cache-Control: no-store\r\nX-Request-Id: %s\r\nContent-Length: %zu\r\n\r\n",
        reply->status, MHD_get_reason_phrase_for((unsigned)reply->status), request_id, reply->body.len);
    buf_add(&text, reply->body.data, reply->body.len);
    if (text.failed != 0 || reply->body.failed != 0) {
        return;
    }
    if (tls != NULL && tls->tls_session != NULL) {
        tls_send(tls->tls_session, text.data, text.len);
    } else if (socket != NULL) {
        (void)!send(socket->connect_fd, text.data, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}
