#include "schema/bundle/redact.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/bundle/redact_find.h"

struct cut_list {
    struct cut *items;
    size_t count, capacity;
};

/* Distinct texts so far, by content: an open hash table of indexes into the text. */
struct text_table {
    struct text_entry {
        struct str text;
        size_t number; /* 0 = free */
    } * entries;
    size_t capacity, count;
};

const char *redact_kind_word(enum private_kind kind)
{
    switch (kind) {
    case PRIVATE_HOST:
        return "host";
    case PRIVATE_USER:
        return "user";
    case PRIVATE_PATH:
        return "path";
    case PRIVATE_PROMPT:
        return "prompt";
    case PRIVATE_TEXT:
        return "text";
    case PRIVATE_ADDRESS:
        return "address";
    case PRIVATE_SERIAL:
        return "serial";
    }
    return "text";
}

static bool is_text_kind(enum private_kind kind)
{
    return kind == PRIVATE_PROMPT || kind == PRIVATE_TEXT;
}

static int add_cut(struct cut_list *list, struct cut cut, struct err *err)
{
    if (mem_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items) < 0)
        return mem_error(err);
    list->items[list->count++] = cut;
    return 0;
}

/* A marked folder: its separator stands behind it, plain or escaped. */
static bool is_folder(struct str text, size_t to)
{
    return to < text.len && (text.data[to] == '/' || (text.data[to] == '\\' && to + 1 < text.len &&
                                                      strchr("\"nrtbfu", text.data[to + 1]) == NULL));
}

/* The cut of one marked span: within the text, without the quotes around a string, of a path only the folders. */
static bool cut_of_span(struct str text, const struct private_span *span, struct cut *ret)
{
    if (span->offset >= text.len || span->length == 0)
        return false;
    size_t from = span->offset;
    size_t to = span->length < text.len - from ? from + span->length : text.len;
    if (to - from >= 2 && text.data[from] == '"' && text.data[to - 1] == '"') {
        from++;
        to--;
    }
    if (span->kind == PRIVATE_PATH && !is_folder(text, to))
        return redact_path_cut(text, from, to, ret);
    *ret = (struct cut){from, to, span->kind};
    return to > from;
}

static int add_spans(struct str text, const struct private_span *spans, size_t count, struct cut_list *cuts,
                     struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct cut cut = {0};
        if (cut_of_span(text, &spans[i], &cut) && add_cut(cuts, cut, err) < 0)
            return -ERR_MEMORY;
    }
    return 0;
}

/* The identities worth looking for, and with which bytes they can begin in the text. */
struct search {
    const struct identity **wanted;
    size_t count;
    bool first[256];
};

static int prepare(struct search *search, const struct identity *identities, size_t count, struct err *err)
{
    /* Paths, mail addresses and numbers in hexadecimal; then the first letters of secrets and of the names of such. */
    for (const char *digit = "/\\@0123456789abcdefABCDEF-~ghsxnpbGHSXNPB"; *digit != '\0'; digit++)
        search->first[(unsigned char)*digit] = true;
    search->wanted = mem_zalloc(count + 1, sizeof *search->wanted);
    if (search->wanted == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++) {
        if (identities[i].text == NULL || redact_is_common(&identities[i]))
            continue;
        search->wanted[search->count++] = &identities[i];
        unsigned char first = (unsigned char)identities[i].text[0];
        search->first[first] = true;
        if (first >= 'a' && first <= 'z')
            search->first[first - 32] = true;
        if (first >= 'A' && first <= 'Z')
            search->first[first + 32] = true;
    }
    return 0;
}

/* The longest thing to cut at `at`, so that a full name goes whole and not only the account name that begins it. */
static bool find_at(struct str text, size_t at, const struct search *search, struct cut *ret)
{
    struct cut longest = {0}, cut = {0};
    for (size_t i = 0; i < search->count; i++)
        if (redact_find_identity(text, at, search->wanted[i], &cut) && cut.to - cut.from > longest.to - longest.from)
            longest = cut;
    if (longest.to == 0)
        return redact_find_shape(text, at, ret) || redact_find_secret(text, at, ret);
    *ret = longest;
    return true;
}

static int add_found(struct str text, const struct identity *identities, size_t count, struct cut_list *cuts,
                     struct err *err)
{
    struct search search = {0};
    int result = prepare(&search, identities, count, err);
    for (size_t at = 0; result == 0 && at < text.len;) {
        struct cut cut = {0};
        if (!search.first[(unsigned char)text.data[at]] || !find_at(text, at, &search, &cut)) {
            at++;
            continue;
        }
        result = add_cut(cuts, cut, err);
        at = cut.to > at ? cut.to : at + 1;
    }
    free(search.wanted);
    return result;
}

static int compare_cuts(const void *left, const void *right)
{
    const struct cut *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to > b->to ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Overlapping cuts become one, of the kind of the larger part. */
static void merge(struct cut_list *cuts)
{
    if (cuts->count == 0)
        return;
    qsort(cuts->items, cuts->count, sizeof *cuts->items, compare_cuts);
    size_t kept = 0;
    for (size_t i = 1; i < cuts->count; i++) {
        struct cut *last = &cuts->items[kept];
        const struct cut *next = &cuts->items[i];
        if (next->from >= last->to) {
            cuts->items[++kept] = *next;
            continue;
        }
        if (next->to - next->from > last->to - last->from)
            last->kind = next->kind;
        if (next->to > last->to)
            last->to = next->to;
    }
    cuts->count = kept + 1;
}

static size_t hash_text(struct str text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bit */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32);
}

/* The number of a text: of its first appearance, from 1. The table has more entries than there are cuts. */
static size_t text_number(struct text_table *table, struct str text)
{
    size_t slot = hash_text(text) & (table->capacity - 1);
    while (table->entries[slot].number != 0 && !str_equal(table->entries[slot].text, text))
        slot = (slot + 1) & (table->capacity - 1);
    struct text_entry *entry = &table->entries[slot];
    if (entry->number == 0)
        *entry = (struct text_entry){text, ++table->count};
    return entry->number;
}

static void write_cuts(struct str text, const struct cut_list *cuts, struct text_table *table, struct buf *into,
                       struct redact_counts *counts)
{
    size_t at = 0;
    for (size_t i = 0; i < cuts->count; i++) {
        const struct cut *cut = &cuts->items[i];
        buf_add(into, text.data + at, cut->from - at);
        if (is_text_kind(cut->kind))
            buf_addf(into, "[text:%zu]", text_number(table, str_slice(text.data + cut->from, cut->to - cut->from)));
        else
            buf_addf(into, "[removed:%s]", redact_kind_word(cut->kind));
        counts->of[cut->kind]++;
        at = cut->to;
    }
    buf_add(into, text.data + at, text.len - at);
}

/* A host that a reader marks may stand in a comment of the same file, too: one with a hyphen, a dot or a digit is no
 * word of a benchmark. Appends them to a copy of the identities; NULL when there is no memory. */
static struct identity *with_marked_hosts(struct str text, const struct private_span *spans, size_t span_count,
                                          const struct identity *identities, size_t *count, struct arena *arena)
{
    enum { HOST_SHORTEST = 5 };
    struct identity *all = arena_alloc(arena, *count + span_count + 1, sizeof *all);
    if (all != NULL && *count > 0)
        memcpy(all, identities, *count * sizeof *all);
    for (size_t i = 0; all != NULL && i < span_count; i++) {
        struct cut cut = {0};
        if (spans[i].kind != PRIVATE_HOST || !cut_of_span(text, &spans[i], &cut) || cut.to - cut.from < HOST_SHORTEST)
            continue;
        char *host = arena_strndup(arena, text.data + cut.from, cut.to - cut.from);
        bool known = host == NULL || strpbrk(host, "-.0123456789") == NULL || strpbrk(host, "[] \\") != NULL;
        for (size_t j = 0; !known && j < *count; j++)
            known = text_equal(all[j].text, host);
        if (!known)
            all[(*count)++] = (struct identity){PRIVATE_HOST, host};
    }
    return all;
}

int redact_text(struct str text, const struct private_span *spans, size_t span_count, const struct identity *identities,
                size_t identity_count, struct buf *into, struct redact_counts *ret_counts, struct err *err)
{
    struct arena arena = {0};
    struct cut_list cuts = {0};
    struct text_table table = {.capacity = 16};
    struct redact_counts counts = {{0}};
    if (text.data == NULL)
        text = STR("");
    const struct identity *all = with_marked_hosts(text, spans, span_count, identities, &identity_count, &arena);
    int result = all == NULL ? mem_error(err) : add_spans(text, spans, span_count, &cuts, err);
    if (result == 0)
        result = add_found(text, all, identity_count, &cuts, err);
    merge(&cuts);
    while (table.capacity < 2 * cuts.count)
        table.capacity *= 2;
    table.entries = mem_zalloc(table.capacity, sizeof *table.entries);
    if (result == 0 && table.entries == NULL)
        result = mem_error(err);
    if (result == 0)
        write_cuts(text, &cuts, &table, into, &counts);
    free(cuts.items);
    free(table.entries);
    arena_done(&arena);
    if (result == 0)
        result = buf_check(into, err);
    if (result == 0)
        *ret_counts = counts;
    return result;
}

int redact_note(struct str text, const struct identity *identities, size_t identity_count, struct buf *into,
                struct redact_counts *ret_counts, struct err *err)
{
    return redact_text(text, NULL, 0, identities, identity_count, into, ret_counts, err);
}
