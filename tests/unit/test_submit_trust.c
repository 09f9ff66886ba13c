/* Whether receipts hold: keys that follow one another, that do not, and a server that gives them over real HTTP. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schema/base/process.h"
#include "schema/proof/hash.h"
#include "submit/trust.h"

#define ID "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define AT "2026-03-04T05:06:07Z"
#define KEYS 4

struct chain {
    struct sign_pair pairs[KEYS];
    char hex[KEYS][SIGN_KEY_HEX_SIZE], id[KEYS][SIGN_KEY_ID_SIZE], signature[KEYS][SIGN_SIGNATURE_HEX_SIZE];
    struct wire_key list[KEYS];
};

/* Key i is signed by key i - 1; all created at AT. */
static void make_chain(struct chain *chain)
{
    memset(chain, 0, sizeof(*chain));
    for (size_t i = 0; i < KEYS; i++) {
        unsigned char seed[32] = {(unsigned char)(i + 1)};
        sign_pair_of_seed(seed, &chain->pairs[i]);
        (void)sign_public_hex(chain->hex[i], &chain->pairs[i].public);
        (void)sign_key_id(chain->id[i], &chain->pairs[i].public);
        chain->list[i] = (struct wire_key){.key_id = chain->id[i], .public_key = chain->hex[i], .created_at = AT};
        if (i == 0)
            continue;
        struct signature signature = key_sign(&chain->pairs[i - 1], &chain->pairs[i].public, AT);
        chain->list[i].signed_by = chain->id[i - 1];
        chain->list[i].signature = signature_hex(chain->signature[i], &signature);
    }
}

static void begin_with(struct trust *trust, const struct sign_public *key)
{
    *trust = (struct trust){.keys = malloc(sizeof(*key)), .count = 1, .capacity = 1, .loaded = true, .pinned = true};
    assert_non_null(trust->keys);
    trust->keys[0] = *key;
}

static void follows_from_the_pinned_key(void **state)
{
    (void)state;
    struct chain chain;
    make_chain(&chain);
    for (size_t pinned = 0; pinned < KEYS; pinned++) {
        struct trust trust cleanup(trust_done) = {0};
        begin_with(&trust, &chain.pairs[pinned].public);
        assert_int_equal(trust_follow(&trust, chain.list, KEYS), KEYS - 1 - pinned);
        assert_int_equal(trust_follow(&trust, chain.list, KEYS), 0);
    }
    /* In any order. */
    struct wire_key turned[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        turned[i] = chain.list[KEYS - 1 - i];
    struct trust trust cleanup(trust_done) = {0};
    begin_with(&trust, &chain.pairs[0].public);
    assert_int_equal(trust_follow(&trust, turned, KEYS), KEYS - 1);
}

static void stops_where_a_signature_does_not_hold(void **state)
{
    (void)state;
    struct chain chain;
    for (int how = 0; how < 6; how++) {
        struct trust trust cleanup(trust_done) = {0};
        make_chain(&chain);
        struct wire_key *broken = &chain.list[2];
        if (how == 0)
            chain.signature[2][5] = chain.signature[2][5] == 'a' ? 'b' : 'a';
        else if (how == 1)
            broken->created_at = "2026-03-04T05:06:08Z";
        else if (how == 2)
            broken->signed_by = chain.id[0];
        else if (how == 3)
            broken->signature = NULL;
        else if (how == 4)
            broken->public_key = chain.hex[3];
        else
            broken->signature = "00";
        begin_with(&trust, &chain.pairs[0].public);
        assert_int_equal(trust_follow(&trust, chain.list, KEYS), 1);
    }
}

/* ---- over HTTP */

struct place {
    char path[64], body[4096];
    int listener;
    unsigned requests;
    struct server server;
    struct wire_client *client;
    struct spool *spool;
    pthread_t thread;
};

static void *serve(void *context)
{
    struct place *place = context;
    for (;;) {
        char text[8192];
        int connection = accept(place->listener, NULL, NULL);
        if (connection < 0)
            return NULL;
        if (read(connection, text, sizeof(text)) > 0) {
            place->requests++;
            int length =
                snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                         strlen(place->body), place->body);
            (void)!write(connection, text, (size_t)length);
        }
        (void)close(connection);
    }
}

static void say_keys(struct place *place, const struct chain *chain, size_t first, size_t count)
{
    size_t at = (size_t)snprintf(place->body, sizeof(place->body), "{\"keys\":[");
    for (size_t i = first; i < first + count; i++) {
        const struct wire_key *key = &chain->list[i];
        at += (size_t)snprintf(place->body + at, sizeof(place->body) - at,
                               "%s{\"key_id\":\"%s\",\"public_key\":\"%s\",\"created_at\":\"%s\",\"retired_at\":null",
                               i > first ? "," : "", key->key_id, key->public_key, key->created_at);
        at += (size_t)snprintf(place->body + at, sizeof(place->body) - at,
                               key->signature == NULL ? ",\"signed_by\":null,\"signature\":null}"
                                                      : ",\"signed_by\":\"%s\",\"signature\":\"%s\"}",
                               key->signed_by, key->signature);
    }
    (void)snprintf(place->body + at, sizeof(place->body) - at, "]}");
}

static int open_place(void **state)
{
    static struct place place;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char name[64];
    struct wire_options options = {.agent = "test"};
    place = (struct place){.path = "/tmp/crosschip-trust-XXXXXX"};
    *state = &place;
    assert_non_null(mkdtemp(place.path));
    place.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(place.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(place.listener, 8), 0);
    assert_int_equal(getsockname(place.listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(name, sizeof(name), "http://127.0.0.1:%d", ntohs(address.sin_port));
    assert_int_equal(server_parse(name, &place.server, NULL), 0);
    assert_int_equal(wire_client_open(&place.server, &options, &place.client, NULL), 0);
    assert_int_equal(spool_open(place.path, NULL, &place.spool, NULL), 0);
    return pthread_create(&place.thread, NULL, serve, &place);
}

static int close_place(void **state)
{
    struct place *place = *state;
    const char *const remove[] = {"rm", "-rf", place->path, NULL};
    struct process_result result;
    (void)shutdown(place->listener, SHUT_RDWR);
    (void)pthread_join(place->thread, NULL);
    (void)close(place->listener);
    wire_client_close(place->client);
    spool_close(place->spool);
    return process_run(remove, 10000, NULL, NULL, &result, NULL);
}

static const char *judge(struct place *place, const char *given, const struct sign_pair *by, struct err *err)
{
    struct trust trust cleanup(trust_done) = {.given = given};
    struct wire_submission submission = {.id = ID, .state = "accepted", .received_at = AT};
    memset(err, 0, sizeof(*err));
    if (by != NULL) {
        struct signature signature = receipt_sign(by, ID, AT);
        (void)signature_hex(submission.signature, &signature);
        (void)sign_key_id(submission.key_id, &by->public);
    }
    return trust_judge(&trust, place->spool, place->server.name, place->client, &submission, err);
}

static void pins_at_first_use_and_follows(void **state)
{
    struct place *place = *state;
    struct chain chain;
    struct err err;
    make_chain(&chain);
    assert_null(judge(place, NULL, NULL, &err)); /* nothing signed, nothing known */
    say_keys(place, &chain, 0, 2);
    assert_string_equal(judge(place, NULL, &chain.pairs[1], &err), SPOOL_VERIFIED);
    assert_int_equal(place->requests, 1);
    assert_string_equal(judge(place, NULL, &chain.pairs[1], &err), SPOOL_VERIFIED);
    assert_int_equal(place->requests, 1); /* it is remembered */
    /* A new key that the pinned one leads to. */
    say_keys(place, &chain, 0, 4);
    assert_string_equal(judge(place, NULL, &chain.pairs[3], &err), SPOOL_VERIFIED);
    /* The one before the pinned one is not led to. */
    assert_string_equal(judge(place, NULL, &chain.pairs[0], &err), SPOOL_UNVERIFIED);
    assert_non_null(strstr(err.text, "does not lead"));
    assert_true(err.hint[0] != '\0');
}

static void a_lost_key_is_told(void **state)
{
    struct place *place = *state;
    struct chain chain;
    struct err err;
    make_chain(&chain);
    say_keys(place, &chain, 0, 1);
    assert_string_equal(judge(place, NULL, &chain.pairs[0], &err), SPOOL_VERIFIED);
    chain.list[2].signature = NULL; /* made anew: nobody vouches for it */
    say_keys(place, &chain, 2, 1);
    assert_string_equal(judge(place, NULL, &chain.pairs[2], &err), SPOOL_UNVERIFIED);
    /* Nor does one that signs nothing any more pass. */
    assert_string_equal(judge(place, NULL, NULL, &err), SPOOL_UNVERIFIED);
    /* The owner tells the new key; it counts for the call, and what is pinned stays until it is forgotten. */
    assert_string_equal(judge(place, chain.hex[2], &chain.pairs[2], &err), SPOOL_VERIFIED);
    assert_string_equal(judge(place, NULL, &chain.pairs[2], &err), SPOOL_UNVERIFIED);
    assert_string_equal(judge(place, NULL, &chain.pairs[0], &err), SPOOL_VERIFIED);
    assert_int_equal(spool_pin_drop(place->spool, place->server.name, &err), 1);
    assert_int_equal(spool_pin_drop(place->spool, place->server.name, &err), 0);
    /* A mistyped one proves nothing and is not pinned. */
    assert_string_equal(judge(place, chain.hex[3], &chain.pairs[2], &err), SPOOL_UNVERIFIED);
    assert_string_equal(judge(place, chain.hex[2], &chain.pairs[2], &err), SPOOL_VERIFIED);
    assert_string_equal(judge(place, NULL, &chain.pairs[2], &err), SPOOL_VERIFIED);
    assert_string_equal(judge(place, NULL, &chain.pairs[0], &err), SPOOL_UNVERIFIED);
}

static void believes_no_receipt_of_another(void **state)
{
    struct place *place = *state;
    struct chain chain;
    struct err err;
    make_chain(&chain);
    /* It signs with a key that it does not call its own. */
    say_keys(place, &chain, 0, 1);
    assert_string_equal(judge(place, NULL, &chain.pairs[3], &err), SPOOL_UNVERIFIED);
    assert_string_equal(judge(place, NULL, &chain.pairs[0], &err), SPOOL_VERIFIED);
    /* The right key, another time. */
    struct trust trust cleanup(trust_done) = {0};
    struct wire_submission submission = {.id = ID, .state = "accepted", .received_at = "2026-03-04T05:06:08Z"};
    struct signature signature = receipt_sign(&chain.pairs[0], ID, AT);
    (void)signature_hex(submission.signature, &signature);
    text_copy(submission.key_id, sizeof(submission.key_id), chain.id[0]);
    assert_string_equal(trust_judge(&trust, place->spool, place->server.name, place->client, &submission, &err),
                        SPOOL_UNVERIFIED);
    assert_non_null(strstr(err.text, "does not hold"));
    /* No keys to be had. */
    (void)snprintf(place->body, sizeof(place->body), "<html>");
    assert_string_equal(judge(place, NULL, &chain.pairs[2], &err), SPOOL_UNVERIFIED);
}

static void a_given_key_must_be_one(void **state)
{
    (void)state;
    struct err err = {0};
    struct chain chain;
    make_chain(&chain);
    assert_int_equal(trust_check_given(NULL, &err), 0);
    assert_int_equal(trust_check_given(chain.hex[0], &err), 0);
    assert_int_equal(trust_check_given("abc", &err), -(int)ERR_USAGE);
    assert_true(err.hint[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_from_the_pinned_key),
        cmocka_unit_test(stops_where_a_signature_does_not_hold),
        cmocka_unit_test_setup_teardown(pins_at_first_use_and_follows, open_place, close_place),
        cmocka_unit_test_setup_teardown(a_lost_key_is_told, open_place, close_place),
        cmocka_unit_test_setup_teardown(believes_no_receipt_of_another, open_place, close_place),
        cmocka_unit_test(a_given_key_must_be_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
