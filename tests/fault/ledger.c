#include "tests/fault/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

void harness_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("Bail out! the harness cannot go on: ", stdout);
    (void)vfprintf(stdout, format, arguments);
    (void)fputc('\n', stdout);
    (void)fflush(stdout);
    va_end(arguments);
    exit(70);
}

enum { SLOTS = 1 << 19 };

/* The place of an id, or the free one where it belongs. */
static size_t slot_of(const struct ledger *ledger, const char *id)
{
    char digits[9] = "";
    memcpy(digits, id + strlen("sha256:"), 8);
    size_t slot = strtoul(digits, NULL, 16) % SLOTS;
    while (ledger->slots[slot] != 0 && strcmp(ledger->items[ledger->slots[slot] - 1].id, id) != 0) {
        slot = (slot + 1) % SLOTS;
    }
    return slot;
}

void ledger_open(struct ledger *ledger, const char *path)
{
    *ledger = (struct ledger){.descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (ledger->descriptor < 0) {
        harness_fail("%s: %s", path, strerror(errno));
    }
    ledger->slots = mem_zalloc(SLOTS, sizeof *ledger->slots);
    if (ledger->slots == NULL) {
        harness_fail("out of memory");
    }
}

void ledger_close(struct ledger *ledger)
{
    (void)close(ledger->descriptor);
    free(ledger->items);
    free(ledger->slots);
}

static void write_line(const struct ledger *ledger, const char *word, const char *id)
{
    char line[128];
    int length = snprintf(line, sizeof line, "%s %s\n", word, id);
    if (write(ledger->descriptor, line, (size_t)length) != length || fdatasync(ledger->descriptor) != 0) {
        harness_fail("the ledger cannot be written: %s", strerror(errno));
    }
}

size_t ledger_generated(struct ledger *ledger, const char *id)
{
    if (ledger->count >= SLOTS / 2 ||
        mem_grow(&ledger->items, &ledger->capacity, ledger->count + 1, sizeof *ledger->items) != 0) {
        harness_fail("too many bundles");
    }
    struct generated *item = &ledger->items[ledger->count];
    *item = (struct generated){0};
    text_copy(item->id, sizeof item->id, id);
    write_line(ledger, "generated", id);
    ledger->slots[slot_of(ledger, id)] = ledger->count + 1;
    return ledger->count++;
}

struct generated *ledger_find(struct ledger *ledger, const char *id)
{
    if (strlen(id) != LEDGER_ID_SIZE - 1) {
        return NULL;
    }
    size_t slot = ledger->slots[slot_of(ledger, id)];
    return slot == 0 ? NULL : &ledger->items[slot - 1];
}

struct generated *ledger_acked(struct ledger *ledger, const char *id)
{
    struct generated *item = ledger_find(ledger, id);
    if (item != NULL && !item->acked) {
        write_line(ledger, "acked", id);
        item->acked = true;
        ledger->acked++;
    }
    return item;
}
