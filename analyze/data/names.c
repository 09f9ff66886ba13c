#include "analyze/data/names.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 1024

void names_done(struct names *names)
{
    free(names->items);
    free(names->lengths);
    free(names->hashes);
    free(names->slots);
    memset(names, 0, sizeof(*names));
}

/* FNV-1a over eight bytes at a time, then mixed (the finaliser of MurmurHash3). */
static uint64_t hash_of(struct str text)
{
    uint64_t hash = 14695981039346656037U ^ text.len, word;
    size_t at = 0;

    for (; at + sizeof(word) <= text.len; at += sizeof(word)) {
        memcpy(&word, text.data + at, sizeof(word));
        hash = (hash ^ word) * 1099511628211U;
        hash ^= hash >> 29;
    }
    for (; at < text.len; at++)
        hash = (hash ^ (unsigned char)text.data[at]) * 1099511628211U;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
    return hash ^ (hash >> 33);
}

/* Where the text is, or would be. */
static size_t slot_of(const struct names *names, struct str text, uint64_t hash)
{
    size_t slot = hash & (names->slot_count - 1);

    while (names->slots[slot] != 0) {
        const size_t number = names->slots[slot] - 1;

        if (names->hashes[number] == hash && names->lengths[number] == text.len &&
            memcmp(names->items[number], text.data, text.len) == 0)
            break;
        slot = (slot + 1) & (names->slot_count - 1);
    }
    return slot;
}

static bool make_room(struct names *names)
{
    if (names->slot_count > 2 * names->count)
        return true;
    const size_t slots = names->slot_count > 0 ? 2 * names->slot_count : SLOTS_FIRST;
    size_t *made = mem_zalloc(slots, sizeof(*made));

    if (made == NULL)
        return false;
    for (size_t i = 0; i < names->count; i++) {
        size_t slot = names->hashes[i] & (slots - 1);

        while (made[slot] != 0)
            slot = (slot + 1) & (slots - 1);
        made[slot] = i + 1;
    }
    free(names->slots);
    names->slots = made;
    names->slot_count = slots;
    return true;
}

size_t names_number(struct names *names, struct arena *arena, struct str text)
{
    if (!make_room(names))
        return NAMES_NONE;
    const uint64_t hash = hash_of(text);
    const size_t slot = slot_of(names, text, hash);

    if (names->slots[slot] != 0)
        return names->slots[slot] - 1;
    const char *copy = arena_strndup(arena, text.data, text.len);

    if (copy == NULL || mem_grow(&names->items, &names->capacity, names->count + 1, sizeof(*names->items)) < 0 ||
        mem_grow(&names->lengths, &names->length_capacity, names->count + 1, sizeof(*names->lengths)) < 0 ||
        mem_grow(&names->hashes, &names->hash_capacity, names->count + 1, sizeof(*names->hashes)) < 0)
        return NAMES_NONE;
    names->items[names->count] = copy;
    names->lengths[names->count] = text.len;
    names->hashes[names->count] = hash;
    names->slots[slot] = ++names->count;
    return names->count - 1;
}

size_t names_find(const struct names *names, struct str text)
{
    return names->slot_count > 0 ? names->slots[slot_of(names, text, hash_of(text))] - 1 : NAMES_NONE;
}

const char *names_text(struct names *names, struct arena *arena, const char *text)
{
    if (text_is_empty(text))
        return "";
    const size_t number = names_number(names, arena, str_of(text));

    return number != NAMES_NONE ? names->items[number] : "";
}
