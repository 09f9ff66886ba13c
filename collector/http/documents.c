/* Documents that change with the program only: the catalogue's chips and the description of this service. */
#include "collector/http/state.h"

#include <math.h>
#include <string.h>

#include "schema/base/embedded.h"
#include "schema/base/options.h"
#include "schema/catalog/catalog.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#include "gen/collector/http/files.inc"

enum { DOCUMENT_MAX = 4 << 20 };

void reply_document(struct reply *reply, struct buf *body)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 hash = sha256_of(buf_text(body), body->len);
    (void)sha256_hex(hex, &hash);
    reply_body(reply, 200, NULL, body);
    str_copy(reply->etag, sizeof reply->etag, str_slice(hex, 32));
    reply->cache = "no-cache";
}

static void write_count(struct json_writer *writer, const char *key, int count)
{
    json_write_key(writer, key);
    if (count > 0) {
        json_write_int(writer, count);
    } else {
        json_write_null(writer);
    }
}

void act_chips(struct request *request)
{
    size_t count = 0;
    const struct chip *chips = catalog_chips(&count);
    struct buf body = BUF(DOCUMENT_MAX);
    struct json_writer writer = json_writer(&body, 0);
    json_begin_object(&writer);
    json_write_key(&writer, "chips");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&writer);
        json_pair_string(&writer, "name", chips[i].name);
        json_pair_string(&writer, "variant", chips[i].variant);
        json_pair_string(&writer, "vendor", chips[i].vendor);
        json_pair_string(&writer, "kind", chips[i].kind);
        json_pair_string(&writer, "family", chips[i].family);
        json_pair_string(&writer, "generation", chips[i].generation);
        json_pair_string(&writer, "tier", chips[i].tier);
        write_count(&writer, "year", chips[i].year);
        write_count(&writer, "cpu_cores", chips[i].cpu_cores);
        write_count(&writer, "gpu_cores", chips[i].gpu_cores);
        json_pair_number(&writer, "memory_gib", chips[i].memory_gib);
        json_pair_number(&writer, "bandwidth_gb_s", chips[i].bandwidth_gb_s);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    buf_addc(&body, '\n');
    reply_document(&request->reply, &body);
}

static void write_parameter(struct json_writer *writer, const struct route_parameter *parameter, bool required)
{
    json_begin_object(writer);
    json_pair_string(writer, "name", parameter->name);
    json_pair_string(writer, "in", parameter->in);
    json_pair_bool(writer, "required", required);
    json_pair_string(writer, "description", parameter->description);
    json_write_key(writer, "schema");
    json_write_raw(writer, STR("{\"type\":\"string\"}"));
    json_end_object(writer);
}

static void write_parameters(struct json_writer *writer, const struct route *route)
{
    static const struct route_parameter id = {"path", "id", "sha256: and 64 lower-case hex digits"};
    json_write_key(writer, "parameters");
    json_begin_array(writer);
    if (strstr(route->path, ":id") != NULL) {
        write_parameter(writer, &id, true);
    }
    for (const struct route_parameter *at = route->parameters; at != NULL && at->name != NULL; at++) {
        write_parameter(writer, at, false);
    }
    json_end_array(writer);
}

static void write_reference(struct json_writer *writer, const char *schema)
{
    char reference[96] = "#/components/schemas/";
    text_copy(reference + strlen(reference), sizeof reference - strlen(reference), schema);
    json_write_key(writer, "schema");
    json_begin_object(writer);
    json_pair_string(writer, "$ref", reference);
    json_end_object(writer);
}

/* What the statuses mean everywhere; RFC 9110, section 15, in the words of this service. */
static const char *describe(struct str status)
{
    static const struct {
        const char *status, *words;
    } known[] = {
        {"200", "done"},
        {"201", "stored now"},
        {"304", "not changed since If-None-Match"},
        {"400", "the request is malformed"},
        {"401", "no proof, or a token that is not known"},
        {"403", "not allowed"},
        {"404", "not there"},
        {"409", "the id is taken by other bytes"},
        {"410", "withdrawn or deleted"},
        {"411", "Content-Length is missing"},
        {"413", "too long"},
        {"415", "another media type or coding"},
        {"422", "a field is wrong"},
        {"429", "too many requests, see Retry-After"},
        {"503", "later, see Retry-After"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (str_equal(status, str_of(known[i].status))) {
            return known[i].words;
        }
    }
    return "an answer";
}

static void write_answer(struct json_writer *writer, const struct route *route, struct str status)
{
    char key[8];
    bool good = status.data[0] == '2';
    str_copy(key, sizeof key, status);
    json_write_key(writer, key);
    json_begin_object(writer);
    json_pair_string(writer, "description", describe(status));
    if (status.data[0] != '3') {
        json_write_key(writer, "content");
        json_begin_object(writer);
        json_write_key(writer, good && route->media != NULL ? route->media : "application/json");
        json_begin_object(writer);
        if (!good || route->media == NULL) {
            write_reference(writer, good ? route->schema : "Error");
        }
        json_end_object(writer);
        json_end_object(writer);
    }
    json_end_object(writer);
}

static void write_operation(struct json_writer *writer, const struct route *route)
{
    char method[16];
    size_t i = 0;
    for (; i < sizeof method - 1 && route->method[i] != '\0'; i++) {
        method[i] = (char)(route->method[i] | 0x20);
    }
    method[i] = '\0';
    json_write_key(writer, method);
    json_begin_object(writer);
    json_pair_string(writer, "summary", route->summary);
    write_parameters(writer, route);
    if (route->takes_body) {
        json_write_key(writer, "requestBody");
        json_write_raw(writer, STR("{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
                                   "\"#/components/schemas/Bundle\"}}}}"));
    }
    if (route->scopes != 0) {
        json_write_key(writer, "security");
        json_write_raw(writer, STR("[{},{\"token\":[]}]"));
    }
    json_write_key(writer, "responses");
    json_begin_object(writer);
    struct str rest = str_of(route->statuses), status;
    while (str_next_field(&rest, ' ', &status)) {
        write_answer(writer, route, status);
    }
    json_end_object(writer);
    json_end_object(writer);
}

/* "/v1/submissions/{id}" */
static void write_path(struct json_writer *writer, const char *path)
{
    char text[128];
    struct str all = str_of(path);
    size_t at = str_find(all, STR(":id"), 0);
    if (at == SIZE_MAX) {
        json_write_key(writer, path);
        return;
    }
    struct buf out = BUF(sizeof text - 1);
    buf_add(&out, path, at);
    buf_adds(&out, "{id}");
    buf_adds(&out, path + at + strlen(":id"));
    text_copy(text, sizeof text, buf_text(&out));
    buf_done(&out);
    json_write_key(writer, text);
}

static bool is_first_of_path(const struct route *table, const struct route *route)
{
    while (table != route && !text_equal(table->path, route->path)) {
        table++;
    }
    return table == route;
}

static void write_paths(struct json_writer *writer)
{
    const struct route *table = route_table();
    json_write_key(writer, "paths");
    json_begin_object(writer);
    for (const struct route *route = table; route->method != NULL; route++) {
        if (!is_first_of_path(table, route)) {
            continue;
        }
        write_path(writer, route->path);
        json_begin_object(writer);
        for (const struct route *same = route; same->method != NULL; same++) {
            if (text_equal(same->path, route->path)) {
                write_operation(writer, same);
            }
        }
        json_end_object(writer);
    }
    json_end_object(writer);
}

void act_openapi(struct request *request)
{
    struct buf body = BUF(DOCUMENT_MAX);
    struct json_writer writer = json_writer(&body, 0);
    const void *schemas = embedded_files[0].data;
    json_begin_object(&writer);
    json_pair_string(&writer, "openapi", "3.0.3");
    json_write_key(&writer, "info");
    json_begin_object(&writer);
    json_pair_string(&writer, "title", "Crosschip collector");
    json_pair_string(&writer, "version", CROSSCHIP_VERSION);
    json_end_object(&writer);
    write_paths(&writer);
    json_write_key(&writer, "components");
    json_write_raw(&writer, str_trim(str_of(schemas)));
    json_end_object(&writer);
    buf_addc(&body, '\n');
    reply_document(&request->reply, &body);
}
