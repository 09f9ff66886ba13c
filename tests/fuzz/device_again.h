/* What the targets of device facts ask of every device that was read. */
#ifndef TESTS_FUZZ_DEVICE_AGAIN_H
#define TESTS_FUZZ_DEVICE_AGAIN_H

#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"

static void device_as_json(const struct device *device, struct buf *into)
{
    struct json_writer writer = json_writer(into, 0);
    device_json_write(&writer, device);
}

/* Written as JSON and read again it is the same. */
static void check_device(const struct device *device)
{
    if (!device_has_facts(device))
        return;
    autobuf struct buf first = BUF((size_t)16 * BUF_MIB), second = BUF((size_t)16 * BUF_MIB);
    struct arena arena = {0};
    struct device again;
    struct err err = {0};
    device_as_json(device, &first);
    if (device_json_read(str_slice(buf_text(&first), first.len), &arena, &again, &err) < 0)
        abort();
    device_as_json(&again, &second);
    if (first.len != second.len || memcmp(buf_text(&first), buf_text(&second), first.len) != 0)
        abort();
    arena_done(&arena);
}

#endif
