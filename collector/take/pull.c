#include "collector/take/pull.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/take/peer.h"
#include "collector/take/peer_wire.h"
#include "collector/take/withdrawn.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/bundle/limits.h"
#include "schema/wire/answer.h"

enum { PAGE = 500, PATH_SIZE = 256 };

struct pulling {
    struct db *db;
    const struct pull_options *options;
    struct wire_client *client;
    struct peer peer;
    struct log_head head; /* signed, and continuing what was seen */
    struct importer *importer;
    struct peer_entry page[PAGE];
    size_t count;
    struct withdrawn told[PAGE];
    struct pull_figures figures;
};

/* Nothing is sent here and nothing waits in a queue: what to do is not what a contributor does. */
static int tell_refusal(const struct pulling *pulling, const char *path, const struct wire_answer *answer,
                        struct err *err)
{
    struct err told;
    const int code = wire_refusal(answer->status, str_slice(buf_text(&answer->body), answer->body.len), &told);
    (void)err_set(err, told.code, "%s answers %s with status %d", pulling->peer.url, path, answer->status);
    if (told.detail[0] != '\0') {
        (void)err_detail(err, "%s", told.detail);
    }
    if (answer->status == 429 || answer->status >= 500) {
        (void)err_hint(err, "the same call later goes on from here");
    } else {
        (void)err_hint(err, "is this the address of a collector, and does it let this machine in?");
    }
    return code;
}

static int get(struct pulling *pulling, const char *path, struct wire_answer *ret, struct err *err)
{
    int code = wire_get(pulling->client, path, ret, err);
    if (code == 0 && ret->status != 200) {
        code = tell_refusal(pulling, path, ret, err);
        wire_answer_done(ret);
        *ret = (struct wire_answer){0};
    }
    return code;
}

static struct str body_of(const struct wire_answer *answer)
{
    return str_slice(buf_text(&answer->body), answer->body.len);
}

/* ---------------------------------------------------------------- the head */

static bool public_of(const struct wire_key *key, struct sign_public *ret)
{
    char key_id[SIGN_KEY_ID_SIZE];
    return sign_public_parse(str_of(key->public_key), ret) && text_equal(sign_key_id(key_id, ret), key->key_id);
}

static bool vouches(const struct wire_key *before, const struct wire_key *next)
{
    struct sign_public old, new;
    struct signature signature;
    return text_equal(next->signed_by, before->key_id) && public_of(before, &old) && public_of(next, &new) &&
           signature_parse(str_of(next->signature), &signature) && key_verify(&old, &new, next->created_at, &signature);
}

/* From the key that was valid at the last visit, signature by signature, to the newest; at the first visit the newest
 * is taken as it is. */
static int find_key(const struct wire_key *keys, size_t count, const char *known, struct sign_public *ret,
                    struct err *err)
{
    size_t at = 0;
    while (known[0] != '\0' && at < count && !text_equal(keys[at].key_id, known)) {
        at++;
    }
    if (count == 0 || at == count) {
        return err_set(err, ERR_DATA, "the key that this collector had is not among its keys any more");
    }
    for (size_t next = at + 1; known[0] != '\0' && next < count; next++) {
        if (!vouches(&keys[next - 1], &keys[next])) {
            return err_set(err, ERR_DATA, "its key before does not vouch for its key %s", keys[next].key_id);
        }
    }
    return public_of(&keys[count - 1], ret) ? 0 : err_set(err, ERR_DATA, "its key is none");
}

static int read_head(struct pulling *pulling, struct peer_head *ret, struct err *err)
{
    autoanswer struct wire_answer keys_answer = {0}, head_answer = {0};
    struct arena arena = {0};
    struct wire_key *keys = NULL;
    struct sign_public key;
    size_t count = 0;
    int code = get(pulling, "/v1/key", &keys_answer, err);
    if (code == 0) {
        code = get(pulling, "/v1/log", &head_answer, err);
    }
    if (code == 0) {
        code = wire_keys_read(body_of(&keys_answer), &arena, &keys, &count, err);
    }
    if (code == 0) {
        code = find_key(keys, count, pulling->peer.key_id, &key, err);
    }
    if (code == 0) {
        code = peer_read_head(body_of(&head_answer), ret, err);
    }
    if (code == 0 && !log_head_verify(&key, &ret->head, &ret->signature)) {
        code = err_set(err, ERR_DATA, "the head of its log is not signed by its key");
    }
    if (code == 0) {
        (void)sign_key_id(ret->key_id, &key);
    }
    arena_done(&arena);
    return code;
}

/* That the tree of `first` entries with this root begins that of the signed head. */
static int check_growth(struct pulling *pulling, uint64_t first, const struct sha256 *root, const char *otherwise,
                        struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    struct merkle_proof proof = {0};
    char path[PATH_SIZE];
    const struct log_head *head = &pulling->head;
    int code = 0;
    if (first > 0 && first < head->size) {
        (void)snprintf(path, sizeof path, "/v1/log/consistency?first=%" PRIu64 "&size=%" PRIu64, first, head->size);
        code = get(pulling, path, &answer, err);
        code = code != 0 ? code : peer_read_proof(body_of(&answer), &proof, err);
    }
    if (code == 0 && !merkle_consistency_holds(first, root, head->size, &head->root, proof.hashes, proof.count)) {
        (void)err_set(err, ERR_DATA, "%s", otherwise);
        (void)err_detail(err, "%d.%" PRIu64 " against the signed %d.%" PRIu64, head->epoch, first, head->epoch,
                         head->size);
        code = err_hint(err, "tell whoever runs %s; what was taken before stays", pulling->peer.url);
    }
    return code;
}

static const struct {
    const char *kind; /* of an event */
    enum pull_state state;
} pull_states[] = {
    {"accepted", PULL_ACCEPTED}, {"released", PULL_ACCEPTED},   {"quarantined", PULL_QUARANTINED},
    {"rejected", PULL_REJECTED}, {"withdrawn", PULL_WITHDRAWN}, {"deleted", PULL_DELETED},
};

/* 0: a kind that nothing is taken of. */
static unsigned state_of_kind(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LENGTH(pull_states); i++) {
        if (text_equal(pull_states[i].kind, kind)) {
            return pull_states[i].state;
        }
    }
    return 0;
}

static bool is_wanted(const struct pull_options *options, const struct peer_entry *entry)
{
    bool wanted = options->contributor_count == 0;
    for (size_t i = 0; !wanted && i < options->contributor_count; i++) {
        wanted = text_equal(options->contributors[i], entry->contributor);
    }
    return wanted && (options->states & state_of_kind(entry->entry.kind)) != 0;
}

/* One line; "" for everything. */
static int write_policy(const struct pull_options *options, char target[PEER_POLICY_SIZE], struct err *err)
{
    struct buf text = BUF(PEER_POLICY_SIZE - 1);
    if (options->states != PULL_ALL) {
        buf_addf(&text, "states %u", options->states);
    }
    for (size_t i = 0; i < options->contributor_count; i++) {
        buf_addf(&text, "%scontributor %s", text.len > 0 ? ", " : "", options->contributors[i]);
    }
    int code = buf_check(&text, NULL);
    if (code != 0) {
        code = err_set(err, ERR_USAGE, "so many contributors are too many: take over everybody's");
    }
    text_copy(target, PEER_POLICY_SIZE, code == 0 ? buf_text(&text) : "");
    buf_done(&text);
    return code;
}

/* An epoch that follows begins from its first entry, and so does another policy; the ids that are here already are met
 * again. */
static int take_head(struct pulling *pulling, struct err *err)
{
    struct peer *peer = &pulling->peer;
    struct peer_head head;
    uint64_t own_size = 0;
    char policy[PEER_POLICY_SIZE];
    int code = peer_own_size(pulling->db, &own_size, err);
    if (code == 0) {
        code = read_head(pulling, &head, err);
    }
    if (code == 0) {
        code = peer_check_other(pulling->db, peer->url, own_size, head.key_id, &head.head, err);
    }
    if (code != 0) {
        return code;
    }
    pulling->head = head.head;
    if (peer->key_id[0] == '\0' || head.head.epoch > peer->head.epoch) {
        peer->edge = (struct merkle_frontier){0};
        peer->next_told = 0;
    } else if (head.head.epoch < peer->head.epoch) {
        return err_set(err, ERR_DATA, "its log is older than the one that was seen before");
    } else {
        code = check_growth(pulling, peer->head.size, &peer->head.root,
                            "its log does not continue the one that was seen before", err);
    }
    if (code == 0) {
        text_copy(peer->key_id, sizeof peer->key_id, head.key_id);
        peer->head = head.head;
        code = write_policy(pulling->options, policy, err);
    }
    if (code == 0 && !text_equal(policy, peer->policy)) {
        text_copy(peer->policy, sizeof peer->policy, policy);
        peer->edge = (struct merkle_frontier){0};
    }
    return code;
}

/* ---------------------------------------------------------------- a page of the feed */

static int add_line(struct pulling *pulling, struct str line, struct merkle_frontier *edge, struct err *err)
{
    struct peer_entry *entry = &pulling->page[pulling->count];
    int code = peer_read_entry(line, entry, err);
    if (code != 0) {
        return code;
    }
    const bool begins = text_equal(entry->entry.kind, LOG_KIND_EPOCH);
    if (entry->epoch != pulling->head.epoch || entry->index != edge->size ||
        begins != (entry->epoch > 1 && entry->index == 0)) {
        return err_set(err, ERR_DATA, "its feed has a gap at %d.%" PRIu64, pulling->head.epoch, edge->size);
    }
    const struct sha256 leaf = log_entry_leaf(&entry->entry);
    merkle_append(edge, &leaf, NULL);
    pulling->count++;
    return 0;
}

/* *ret_edge becomes the edge of the tree with the page, which the signed head covers. */
static int read_page(struct pulling *pulling, struct merkle_frontier *ret_edge, struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    struct merkle_frontier edge = pulling->peer.edge;
    char path[PATH_SIZE], after[64] = "";
    struct str line;
    if (edge.size > 0) {
        (void)snprintf(after, sizeof after, "&after=%d.%" PRIu64, pulling->head.epoch, edge.size - 1);
    }
    (void)snprintf(path, sizeof path, "/v1/feed?limit=%d%s", PAGE, after);
    int code = get(pulling, path, &answer, err);
    struct str rest = body_of(&answer);
    pulling->count = 0;
    while (code == 0 && pulling->count < PAGE && edge.size < pulling->head.size && str_next_line(&rest, &line)) {
        code = add_line(pulling, line, &edge, err);
    }
    if (code == 0 && pulling->count == 0) {
        code = err_set(err, ERR_DATA, "its feed ends before the head that it signed");
    }
    if (code == 0) {
        const struct sha256 root = merkle_root(&edge);
        code = check_growth(pulling, edge.size, &root, "its feed is not what it signed", err);
    }
    if (code == 0) {
        *ret_edge = edge;
    }
    return code;
}

/* ---------------------------------------------------------------- what is done with it */

static void note_refusal(void *context, const struct place *place, const struct err *why)
{
    struct pulling *pulling = context;
    if (why->code == ERR_GONE) {
        return; /* withdrawn or deleted here: so it stays */
    }
    pulling->figures.refused++;
    pulling->options->refused(pulling->options->context, place->file, why);
}

/* Gone there since the page was read: a later entry says why. */
static int take_bundle(struct pulling *pulling, const struct peer_entry *entry, struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    char id[SHA256_ID_SIZE], path[PATH_SIZE];
    (void)sha256_id(id, &entry->entry.submission);
    (void)snprintf(path, sizeof path, "/v1/submissions/%s/bundle", id);
    int code = wire_get(pulling->client, path, &answer, err);
    if (code != 0 || answer.status == 404 || answer.status == 410) {
        return code;
    }
    if (answer.status != 200) {
        return tell_refusal(pulling, path, &answer, err);
    }
    const struct str bytes = body_of(&answer);
    const struct sha256 hash = sha256_of(bytes.data, bytes.len);
    if (!sha256_equal(&hash, &entry->entry.submission)) {
        (void)err_set(err, ERR_DATA, "it hands out other bytes than those that it accepted");
        return err_path(err, "%s", id);
    }
    const struct offered offered = {.place = {.file = id}, .bytes = bytes, .id = id};
    return importer_take(pulling->importer, &offered, err);
}

static int take_bundles(struct pulling *pulling, struct err *err)
{
    const struct importer_options options = {.conninfo = pulling->options->conninfo,
                                             .policy = pulling->options->policy,
                                             .refused = note_refusal,
                                             .context = pulling,
                                             .stop = pulling->options->stop};
    int code = importer_open(&options, &pulling->importer, err);
    for (size_t i = 0; code == 0 && i < pulling->count; i++) {
        const struct peer_entry *entry = &pulling->page[i];
        const bool adds = state_of_kind(entry->entry.kind) == PULL_ACCEPTED && is_wanted(pulling->options, entry);
        if (adds && text_equal(entry->state, "accepted")) {
            code = take_bundle(pulling, entry, err);
        }
    }
    if (code == 0) {
        code = importer_finish(pulling->importer, err);
    }
    const struct importer_figures figures =
        pulling->importer != NULL ? importer_figures(pulling->importer) : (struct importer_figures){0};
    pulling->figures.created += figures.created;
    pulling->figures.duplicates += figures.duplicates;
    importer_free(TAKE_PTR(pulling->importer));
    return code;
}

static int take_decision(struct pulling *pulling, const struct peer_entry *entry, struct err *err)
{
    const unsigned state = state_of_kind(entry->entry.kind);
    uint64_t done = 0;
    bool here = false;
    int code = 0;
    if (entry->has_secret && text_equal(entry->entry.kind, "withdrawn")) {
        struct withdrawn told = {.id = entry->entry.submission, .hops = 1};
        memcpy(told.secret, entry->secret, sizeof told.secret);
        code = withdrawn_take(pulling->db, pulling->peer.url, &told, 1, &done, err);
        pulling->figures.withdrawn += done;
    }
    if (code == 0 && done == 0 && (state & ~(unsigned)PULL_ACCEPTED) != 0 && is_wanted(pulling->options, entry)) {
        code = peer_note(pulling->db, &pulling->peer, &entry->entry, &here, err);
        pulling->figures.noted += here ? 1 : 0;
    }
    return code;
}

static int take_page(struct pulling *pulling, struct err *err)
{
    struct merkle_frontier edge;
    int code = read_page(pulling, &edge, err);
    if (code == 0) {
        code = take_bundles(pulling, err);
    }
    for (size_t i = 0; code == 0 && i < pulling->count; i++) {
        code = take_decision(pulling, &pulling->page[i], err);
    }
    if (code == 0) {
        code = withdrawn_trim(pulling->db, pulling->peer.url, err);
    }
    if (code == 0) {
        pulling->peer.edge = edge;
        pulling->figures.entries += pulling->count;
        code = peer_save(pulling->db, &pulling->peer, clock_wall_us(), err);
    }
    return code;
}

/* Withdrawals of submissions that are not there, a page. */
static int read_told(struct pulling *pulling, size_t *ret_count, struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    char path[PATH_SIZE];
    struct str line;
    int64_t after = pulling->peer.next_told;
    *ret_count = 0;
    (void)snprintf(path, sizeof path, "/v1/withdrawals?limit=%d&after=%" PRId64, PAGE, after);
    int code = wire_get(pulling->client, path, &answer, err);
    if (code != 0 || answer.status == 404) {
        return code; /* an older collector does not tell them */
    }
    if (answer.status != 200) {
        return tell_refusal(pulling, path, &answer, err);
    }
    struct str rest = body_of(&answer);
    while (code == 0 && *ret_count < PAGE && str_next_line(&rest, &line)) {
        code = peer_read_told(line, &after, &pulling->told[*ret_count], err);
        *ret_count += 1;
    }
    if (code == 0) {
        code =
            withdrawn_take(pulling->db, pulling->peer.url, pulling->told, *ret_count, &pulling->figures.withdrawn, err);
    }
    pulling->peer.next_told = after;
    return code;
}

/* Whoever tells without end is heard so far and then at the next call. */
static int take_told(struct pulling *pulling, struct err *err)
{
    size_t count = PAGE;
    int code = 0;
    for (size_t all = 0; code == 0 && count == PAGE && all < WITHDRAWN_KEPT; all += count) {
        code = read_told(pulling, &count, err);
        if (code == 0 && count > 0) {
            code = peer_save(pulling->db, &pulling->peer, clock_wall_us(), err);
        }
    }
    return code != 0 ? code : withdrawn_trim(pulling->db, pulling->peer.url, err);
}

static int pull(struct pulling *pulling, struct err *err)
{
    const struct pull_options *options = pulling->options;
    const struct wire_options wire = {.agent = "crosschip-collector", .answer_max = BUNDLE_BYTES_MAX};
    int code = peer_load(pulling->db, &pulling->peer, err);
    if (code == 0) {
        code = wire_client_open(options->server, &wire, &pulling->client, err);
    }
    if (code == 0) {
        code = take_head(pulling, err);
    }
    if (code == 0) {
        code = peer_save(pulling->db, &pulling->peer, clock_wall_us(), err);
    }
    while (code == 0 && pulling->peer.edge.size < pulling->head.size) {
        if (options->stop != NULL && *options->stop != 0) {
            return err_set(err, ERR_RETRY, "stopped; the same call goes on");
        }
        code = take_page(pulling, err);
        if (code == 0 && options->progress != NULL) {
            options->progress(options->context, pulling->peer.edge.size, pulling->head.size);
        }
    }
    if (code == 0) {
        code = take_told(pulling, err);
    }
    return code != 0 ? code : withdrawn_late(pulling->db, &pulling->figures.withdrawn, err);
}

int pull_all(struct db *db, const struct pull_options *options, struct pull_figures *ret, struct err *err)
{
    struct pulling *pulling = mem_zalloc(1, sizeof *pulling);
    if (pulling == NULL) {
        return mem_error(err);
    }
    pulling->db = db;
    pulling->options = options;
    pulling->peer.url = options->server->name;
    const int code = pull(pulling, err);
    *ret = pulling->figures;
    wire_client_close(pulling->client);
    free(pulling);
    return code;
}
