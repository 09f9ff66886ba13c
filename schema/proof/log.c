#include "schema/proof/log.h"

#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "schema/proof/merkle.h"

/* Longer than any of the texts: they cannot fail. */
enum { TEXT_MOST = 512 };

void log_entry_text(struct buf *out, const struct log_entry *entry)
{
    char id[SHA256_ID_SIZE] = "-", detail[SHA256_HEX_SIZE], at[CLOCK_TEXT_SIZE];
    if (!text_equal(entry->kind, LOG_KIND_EPOCH))
        (void)sha256_id(id, &entry->submission);
    buf_addf(out, "crosschip-entry-1\n%s\n%s\n%d\n%s\n%s\n", entry->kind, id, entry->revision,
             clock_format(at, entry->at_us), sha256_hex(detail, &entry->detail));
}

void log_head_text(struct buf *out, const struct log_head *head)
{
    char root[SHA256_HEX_SIZE], at[CLOCK_TEXT_SIZE];
    buf_addf(out, "crosschip-head-1\n%d\n%llu\n%s\n%s\n", head->epoch, (unsigned long long)head->size,
             sha256_hex(root, &head->root), clock_format(at, head->at_us));
}

/* Numbers of another spelling are found because the text is written again and compared. */
bool log_head_parse(struct str *rest, struct log_head *ret)
{
    autobuf struct buf again = BUF(TEXT_MOST);
    const struct str whole = *rest;
    struct str lines[5];
    struct log_head head = {0};
    int64_t epoch, size;
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        if (!str_next_line(rest, &lines[i]))
            return false;
    }
    if (!number_parse_int64(lines[1], &epoch) || epoch < 1 || epoch > INT32_MAX ||
        !number_parse_int64(lines[2], &size) || size < 0 || !sha256_parse_hex(lines[3], &head.root) ||
        !clock_parse(lines[4], &head.at_us))
        return false;
    head.epoch = (int)epoch;
    head.size = (uint64_t)size;
    log_head_text(&again, &head);
    if (again.len > whole.len || memcmp(whole.data, again.data, again.len) != 0)
        return false;
    *ret = head;
    return true;
}

struct sha256 log_entry_leaf(const struct log_entry *entry)
{
    autobuf struct buf text = BUF(TEXT_MOST);
    log_entry_text(&text, entry);
    return merkle_leaf(text.data, text.len);
}

struct sha256 log_head_hash(const struct log_head *head)
{
    autobuf struct buf text = BUF(TEXT_MOST);
    log_head_text(&text, head);
    return sha256_of(text.data, text.len);
}

struct signature log_head_sign(const struct sign_pair *pair, const struct log_head *head)
{
    autobuf struct buf text = BUF(TEXT_MOST);
    log_head_text(&text, head);
    return sign_text(pair, str_slice(text.data, text.len));
}

bool log_head_verify(const struct sign_public *key, const struct log_head *head, const struct signature *signature)
{
    autobuf struct buf text = BUF(TEXT_MOST);
    log_head_text(&text, head);
    return sign_verify(key, str_slice(text.data, text.len), signature);
}
