#include "schema/bundle/bundle.h"

#include <string.h>

#include "schema/proof/hash.h"

const char bundle_consent[] =
    "I measured these results or may share them. They may be stored, checked, published and reused by anybody "
    "under the licence named here.";

void bundle_done(struct bundle *bundle)
{
    reading_free(bundle->reading);
    *bundle = (struct bundle){0};
}

bool bundle_is(struct str bytes)
{
    static const char first[] = "\"crosschip\"";
    const struct str start = str_trim(bytes);
    const size_t at = start.len > 0 && start.data[0] == '{' ? str_find(start, str_of(first), 0) : SIZE_MAX;
    if (at >= 64)
        return false;
    const size_t behind = at + strlen(first);
    const struct str rest = str_trim(str_slice(start.data + behind, start.len - behind));
    return rest.len > 1 && rest.data[0] == ':' &&
           str_starts_with(str_trim(str_slice(rest.data + 1, rest.len - 1)), STR("\""));
}

const char *bundle_id(struct str bytes, char target[BUNDLE_ID_SIZE])
{
    _Static_assert(BUNDLE_ID_SIZE == SHA256_ID_SIZE, "the same text");
    struct sha256 hash = sha256_of(bytes.data, bytes.len);
    return sha256_id(target, &hash);
}

bool bundle_original_hash(const struct bundle *bundle, uint8_t ret_hash[BUNDLE_HASH_SIZE])
{
    if (bundle->original.text.data == NULL)
        return false;
    struct sha256 hash = sha256_of(bundle->original.text.data, bundle->original.text.len);
    _Static_assert(BUNDLE_HASH_SIZE == sizeof hash.bytes, "SHA-256");
    memcpy(ret_hash, hash.bytes, sizeof hash.bytes);
    return true;
}

const char bundle_no_commitment[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* Two bundles of one original had one secret. */
static const char *subject_before(const struct bundle *bundle, char target[BUNDLE_SUBJECT_SIZE])
{
    struct sha256 hash, replaced;
    if (bundle_original_hash(bundle, hash.bytes))
        (void)sha256_hex(target, &hash);
    else if (bundle->run_id != NULL)
        text_copy(target, BUNDLE_SUBJECT_SIZE, bundle->run_id);
    const size_t length = strlen(target);
    if (length > 0 && bundle->replaces != NULL && sha256_parse_id(str_of(bundle->replaces), &replaced))
        (void)sha256_hex(target + length, &replaced);
    return target;
}

const char *bundle_subject(const struct bundle *bundle, struct str bytes, char target[BUNDLE_SUBJECT_SIZE])
{
    target[0] = '\0';
    if (text_equal(bundle->version, "1.0"))
        return subject_before(bundle, target);
    const size_t at = bundle->withdraw == NULL ? SIZE_MAX : str_find(bytes, str_of(bundle->withdraw), 0);
    if (at == SIZE_MAX)
        return target;
    const size_t behind = at + strlen(bundle->withdraw);
    const struct str parts[] = {str_slice(bytes.data, at), str_of(bundle_no_commitment),
                                str_slice(bytes.data + behind, bytes.len - behind)};
    const struct sha256 hash = sha256_of_parts(parts, ARRAY_LENGTH(parts));
    return sha256_hex(target, &hash);
}

bool bundle_commit(struct buf *bytes, const char *commitment)
{
    static const char key[] = "\"withdraw\":\"";
    const size_t at = str_find(str_slice(bytes->data, bytes->len), str_of(key), 0);
    const size_t length = sizeof bundle_no_commitment - 1;
    if (at == SIZE_MAX || strlen(commitment) != length || bytes->len - at < strlen(key) + length)
        return false;
    memcpy(bytes->data + at + strlen(key), commitment, length);
    return true;
}
