#include "analyze/data/intervals.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"

#define HEAD "crosschip intervals 1"
#define MOST ((size_t)1 << 17) /* kept: 12 MiB of text; twice as many while some of them may not be needed again */
#define BITS_DIGITS 16

struct kept_interval {
    struct sha256 key;
    double low, high; /* NAN: none could be made */
    bool asked;
};

void intervals_done(struct intervals *intervals)
{
    free(intervals->items);
    free(intervals->slots);
    buf_done(&intervals->scratch);
    *intervals = INTERVALS;
}

/* ---- what an interval follows from */

/* Each value with where it begins a contributor or a device: their numbers change when others come. */
static bool add_values(struct buf *into, const struct evidence *evidence)
{
    const uint64_t count = evidence->value_count;

    buf_add(into, &count, sizeof(count));
    for (size_t i = 0; i < evidence->value_count; i++) {
        const struct nested_value *value = &evidence->values[i], *before = i > 0 ? value - 1 : NULL;
        const bool contributor = before == NULL || before->contributor != value->contributor;
        if (before != NULL && nested_compare(before, value) > 0)
            return false; /* who begins would not tell who belongs together */
        const char begins = contributor ? 'c' : before->device != value->device ? 'd' : 's';

        buf_addc(into, begins);
        buf_add(into, &value->value, sizeof(value->value));
    }
    return into->failed == 0;
}

bool intervals_key(struct intervals *intervals, const struct intervals_of *of, struct sha256 *ret)
{
    const char direction = (char)('0' + of->direction);

    if (intervals == NULL)
        return false;
    struct buf *text = &intervals->scratch;

    buf_reset(text);
    buf_add(text, intervals->program.bytes, sizeof(intervals->program.bytes));
    for (size_t i = 0; i < ARRAY_LENGTH(of->names); i++) {
        const char *name = of->names[i] != NULL ? of->names[i] : "";

        buf_add(text, name, strlen(name) + 1);
    }
    buf_addc(text, direction);
    if (!add_values(text, of->base) || !add_values(text, of->other))
        return false;
    *ret = sha256_of(buf_text(text), text->len);
    return true;
}

bool intervals_side_key(struct intervals *intervals, const char *name, const struct evidence *evidence,
                        struct sha256 *ret)
{
    if (intervals == NULL)
        return false;
    struct buf *text = &intervals->scratch;

    buf_reset(text);
    buf_add(text, intervals->program.bytes, sizeof(intervals->program.bytes));
    buf_add(text, name, strlen(name) + 1);
    if (!add_values(text, evidence))
        return false;
    *ret = sha256_of(buf_text(text), text->len);
    return true;
}

/* ---- the table */

static size_t *slot_of(const struct intervals *intervals, const struct sha256 *key)
{
    size_t slot;

    memcpy(&slot, key->bytes, sizeof(slot));
    for (slot &= intervals->slot_count - 1; intervals->slots[slot] != 0;
         slot = (slot + 1) & (intervals->slot_count - 1))
        if (sha256_equal(&intervals->items[intervals->slots[slot] - 1].key, key))
            break;
    return &intervals->slots[slot];
}

/* At most half of the slots are taken. */
static bool make_room(struct intervals *intervals)
{
    if (mem_grow(&intervals->items, &intervals->capacity, intervals->count + 1, sizeof(*intervals->items)) < 0)
        return false;
    if (2 * (intervals->count + 1) <= intervals->slot_count)
        return true;
    const size_t more = intervals->slot_count > 0 ? 2 * intervals->slot_count : 1024;
    size_t *slots = mem_zalloc(more, sizeof(*slots));

    if (slots == NULL)
        return false;
    free(intervals->slots);
    intervals->slots = slots;
    intervals->slot_count = more;
    for (size_t i = 0; i < intervals->count; i++)
        *slot_of(intervals, &intervals->items[i].key) = i + 1;
    return true;
}

bool intervals_find(struct intervals *intervals, const struct sha256 *key, struct verdict *verdict)
{
    const size_t number = intervals->slot_count > 0 ? *slot_of(intervals, key) : 0;

    if (number == 0)
        return false;
    struct kept_interval *kept = &intervals->items[number - 1];

    kept->asked = true;
    intervals->found++;
    if (!isnan(kept->low)) {
        verdict->low = kept->low;
        verdict->high = kept->high;
    }
    return true;
}

static void keep(struct intervals *intervals, const struct kept_interval *kept)
{
    if (intervals->count == 2 * MOST || !make_room(intervals))
        return;
    size_t *slot = slot_of(intervals, &kept->key);

    if (*slot != 0)
        return;
    intervals->items[intervals->count] = *kept;
    *slot = ++intervals->count;
}

void intervals_add(struct intervals *intervals, const struct sha256 *key, const struct verdict *verdict)
{
    const struct kept_interval kept = {*key, verdict->low, verdict->high, true};

    intervals->added++;
    keep(intervals, &kept);
}

/* ---- as text: a head, the hash of what follows, and a line "KEY LOW HIGH" for each */

static void put_bits(struct buf *into, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    buf_addf(into, " %016" PRIx64, bits);
}

/* What nobody asked for this time may be asked for next time: of a page that was kept as it stood. */
static void print_lines(const struct intervals *intervals, bool asked, size_t *left, struct buf *into)
{
    char hex[SHA256_HEX_SIZE];

    for (size_t i = 0; *left > 0 && i < intervals->count; i++) {
        const struct kept_interval *kept = &intervals->items[i];

        if (kept->asked != asked)
            continue;
        buf_adds(into, sha256_hex(hex, &kept->key));
        put_bits(into, kept->low);
        put_bits(into, kept->high);
        buf_addc(into, '\n');
        --*left;
    }
}

void intervals_print(const struct intervals *intervals, struct buf *into)
{
    autobuf struct buf lines = BUF(INTERVALS_BYTES_MAX);
    char hex[SHA256_HEX_SIZE];
    size_t left = MOST;

    print_lines(intervals, true, &left, &lines);
    print_lines(intervals, false, &left, &lines);
    const struct sha256 hash = sha256_of(buf_text(&lines), lines.len);

    if (lines.failed != 0)
        return;
    buf_addf(into, HEAD "\n%s\n", sha256_hex(hex, &hash));
    buf_add(into, buf_text(&lines), lines.len);
}

static bool take_bits(struct str field, double *ret)
{
    unsigned char bytes[BITS_DIGITS / 2];
    uint64_t bits = 0;

    if (field.len != BITS_DIGITS || !hex_decode(field, bytes, sizeof(bytes)))
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bits = bits << 8 | bytes[i];
    memcpy(ret, &bits, sizeof(bits));
    return true;
}

static bool take_line(struct str line, struct kept_interval *ret)
{
    struct str key, low, high;

    *ret = (struct kept_interval){.asked = false};
    return str_next_field(&line, ' ', &key) && str_next_field(&line, ' ', &low) && str_next_field(&line, ' ', &high) &&
           line.len == 0 && sha256_parse_hex(key, &ret->key) && take_bits(low, &ret->low) &&
           take_bits(high, &ret->high);
}

void intervals_read(struct intervals *intervals, struct str text)
{
    struct str line;
    struct sha256 said;
    struct kept_interval kept;

    if (!str_next_line(&text, &line) || !str_equal(line, STR(HEAD)) || !str_next_line(&text, &line) ||
        !sha256_parse_hex(line, &said))
        return;
    const struct sha256 hash = sha256_of(text.data, text.len);

    if (!sha256_equal(&hash, &said))
        return;
    while (str_next_line(&text, &line))
        if (take_line(line, &kept))
            keep(intervals, &kept);
}
