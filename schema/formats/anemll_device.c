/* system_info of ANEMLL-Bench as a device: three layouts in its history. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/formats/anemll_document.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define GIB 0x1p30

static int text_member(struct reading *reading, const struct json *object, const char *path, const char *key,
                       const char **target, struct err *err)
{
    const char *text = NULL;
    int result = json_member_string(object, path, key, JSON_OPTIONAL, &text, err);
    if (result == 0 && text != NULL)
        *target = reader_text(&reading->arena, str_of(text));
    return result;
}

static int count_member(const struct json *object, const char *path, const char *key, int64_t *target, struct err *err)
{
    double number = MISSING;
    int result = reader_member_number(object, path, key, &number, err);
    if (result == 0 && number >= 1 && number < 1e6)
        *target = (int64_t)number;
    return result;
}

static int memory_member(const struct json *object, const char *path, const char *key, double *target, struct err *err)
{
    double number = MISSING;
    int result = reader_member_number(object, path, key, &number, err);
    if (result == 0 && number > 0)
        *target = round(number * GIB);
    return result;
}

/* "macOS Sequoia 15.3.1 (24D70)": the version is what begins with a digit. */
static void set_macos(struct reading *reading, const char *text)
{
    struct device *device = &reading->device;
    if (text == NULL)
        return;
    device->os_name = "macOS";
    const char *version = strpbrk(text, "0123456789");
    if (version != NULL)
        device->os_version = arena_strdup(&reading->arena, version);
}

static int nested_parts(const struct json *info, struct reading *reading, struct err *err)
{
    struct device *device = &reading->device;
    const struct json *os = NULL, *cpu = NULL, *ram = NULL;
    int result = json_member_object(info, "system_info", "os", JSON_OPTIONAL, &os, err);
    if (result == 0)
        result = json_member_object(info, "system_info", "cpu", JSON_OPTIONAL, &cpu, err);
    if (result == 0)
        result = json_member_object(info, "system_info", "ram", JSON_OPTIONAL, &ram, err);
    if (result == 0)
        result = text_member(reading, os, "system_info.os", "name", &device->os_name, err);
    if (result == 0)
        result = text_member(reading, os, "system_info.os", "release", &device->kernel, err);
    if (result == 0)
        result = text_member(reading, cpu, "system_info.cpu", "brand", &device->chip, err);
    if (result == 0)
        result = text_member(reading, cpu, "system_info.cpu", "architecture", &device->architecture, err);
    if (result == 0)
        result = count_member(cpu, "system_info.cpu", "cores", &device->cores, err);
    if (result == 0)
        result = count_member(cpu, "system_info.cpu", "threads", &device->threads, err);
    if (result == 0)
        result = memory_member(ram, "system_info.ram", "total_gb", &device->memory_bytes, err);
    return result;
}

/* examples/profile_local_model.py: the same facts without groups. os_version is the kernel's whole string: left. */
static int flat_parts(const struct json *info, struct reading *reading, struct err *err)
{
    struct device *device = &reading->device;
    const char *shown = NULL;
    int result = text_member(reading, info, "system_info", "os", &device->os_name, err);
    if (result == 0)
        result = text_member(reading, info, "system_info", "cpu_model", &device->chip, err);
    if (result == 0)
        result = memory_member(info, "system_info", "memory_gb", &device->memory_bytes, err);
    if (result == 0)
        result = text_member(reading, info, "system_info", "os_display", &shown, err);
    if (result == 0 && text_starts_with(shown, "macOS"))
        set_macos(reading, shown);
    return result;
}

int anemll_read_device(const struct json *info, struct reading *reading, struct err *err)
{
    struct device *device = &reading->device;
    bool flat = json_is(json_get(info, "os"), JSON_STRING) || json_get(info, "cpu_model") != NULL;
    int result = flat ? flat_parts(info, reading, err) : nested_parts(info, reading, err);
    if (result == 0)
        result = text_member(reading, info, "system_info", "mac_model", &device->board, err);
    const char *macos = NULL;
    if (result == 0)
        result = text_member(reading, info, "system_info", "macos_version", &macos, err);
    if (result == 0)
        set_macos(reading, macos);
    return result;
}
