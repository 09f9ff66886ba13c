#include "submit/device/macos.h"

#include <stdio.h>

#include "schema/base/process.h"
#include "schema/base/number.h"
#include "submit/device/device.h"
#include "submit/device/mac_models.h"
#include "submit/device/macos_profile.h"
#include "submit/device/macos_recorded.h"
#include "submit/device/macos_sysctl.h"
#include "submit/device/os.h"

#define LIVE_LIMIT_MS 2000

static bool is_darwin(const struct root *root)
{
    static const char *const commands[] = {"uname-a", "uname", "uname-s"};
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        autobuf struct buf text = BUF(64 << 10);
        if (root_command(root, commands[i], &text) && text_starts_with(buf_text(&text), "Darwin"))
            return true;
    }
    return false;
}

bool macos_looks_like(const struct root *root)
{
    size_t count;
    struct arena arena = {0};
    bool mac = is_darwin(root) || macos_is_recorded(root);
    char **names = root_list(root, "commands", &arena, &count);
    for (size_t i = 0; i < count && !mac; i++)
        mac = text_starts_with(names[i], "system_profiler") || text_equal(names[i], "sw_vers.txt") ||
              text_starts_with(names[i], "pmset") || text_starts_with(names[i], "sysctl-n-hw.memsize") ||
              text_starts_with(names[i], "sysctl-n-machdep.");
    autobuf struct buf text = BUF(2 * ROOT_FILE_MAX);
    if (!mac && macos_sysctl_listing(root, &arena, &text)) {
        struct str listing = str_slice(buf_text(&text), text.len);
        mac = str_find(listing, STR("machdep.cpu."), 0) != SIZE_MAX ||
              str_find(listing, STR("hw.perflevel0"), 0) != SIZE_MAX ||
              str_find(listing, STR("hw.memsize"), 0) != SIZE_MAX;
    }
    arena_done(&arena);
    return mac;
}

static void read_profiles(const struct root *root, struct arena *arena, struct device *device)
{
    size_t count = 0;
    char **names = root->live ? NULL : root_list(root, "commands", arena, &count);
    for (size_t i = 0; names != NULL && i < count; i++) {
        char path[PATH_MAX];
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (!text_starts_with(names[i], "system_profiler") ||
            snprintf(path, sizeof(path), "commands/%s", names[i]) >= (int)sizeof(path) || !root_read(root, path, &text))
            continue;
        struct str content = str_trim(str_slice(buf_text(&text), text.len));
        if (content.len > 0 && (content.data[0] == '{' || content.data[0] == '['))
            macos_profile_json(content, arena, device);
        else
            macos_profile_text(content, arena, device);
    }
}

/* `"gpu-core-count" = 40` in what ioreg prints of the class AGXAccelerator. */
static void read_gpu_cores(const struct root *root, struct arena *arena, struct device *device)
{
    static const char *const command[] = {"ioreg", "-r", "-c", "AGXAccelerator", "-d", "1", NULL};
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    struct process_result result;
    (void)arena;
    if (root->live ? process_run(command, LIVE_LIMIT_MS, &text, NULL, &result, NULL) < 0 || result.exit_status != 0
                   : !root_command(root, "ioreg-AGXAccelerator", &text) && !root_command(root, "ioreg", &text))
        return;
    struct str content = str_slice(buf_text(&text), text.len), value;
    size_t at = str_find(content, STR("\"gpu-core-count\""), 0);
    if (at == SIZE_MAX)
        return;
    struct str rest = str_slice(content.data + at, content.len - at);
    int64_t cores;
    if (str_next_line(&rest, &value) && (at = str_find(value, STR("="), 0)) != SIZE_MAX &&
        number_parse_int64(str_trim(str_slice(value.data + at + 1, value.len - at - 1)), &cores) && cores > 0 &&
        device->gpu_cores == COUNT_UNKNOWN)
        device->gpu_cores = cores;
}

static void set_text(const char **fact, struct arena *arena, struct str text)
{
    if (*fact == NULL)
        *fact = fact_text(arena, text);
}

static void read_versions(const struct root *root, struct arena *arena, struct device *device)
{
    static const char key[] = "ProductVersion:";
    autobuf struct buf versions = BUF(64 << 10), name = BUF(64 << 10);
    char line[256];
    struct str kernel = STR(""), machine = STR(""), rest, field;
    if (root_command(root, "sw_vers", &versions)) {
        rest = str_slice(buf_text(&versions), versions.len);
        while (str_next_line(&rest, &field))
            if (str_starts_with(field, str_of(key)))
                set_text(&device->os_version, arena,
                         str_slice(field.data + sizeof(key) - 1, field.len - (sizeof(key) - 1)));
    }
    if (root_command(root, "uname-a", &name)) {
        uname_parse(str_slice(buf_text(&name), name.len), &kernel, &machine);
        set_text(&device->kernel, arena, kernel);
        set_text(&device->architecture, arena, machine);
    }
    if (root_line(root, line, sizeof(line), "commands/uname-m.txt"))
        set_text(&device->architecture, arena, str_of(line));
    /* Python's platform(): "macOS-27.0.1-arm64-arm-64bit" */
    if (!root->live && root_line(root, line, sizeof(line), "commands/uname-platform.txt") &&
        text_starts_with(line, "macOS-")) {
        rest = str_of(line + 6);
        if (str_next_field(&rest, '-', &field))
            set_text(&device->os_version, arena, field);
        if (str_next_field(&rest, '-', &field))
            set_text(&device->architecture, arena, field);
    }
}

void macos_read(const struct root *root, struct arena *arena, struct device *device)
{
    macos_sysctl_read(root, arena, device);
    read_profiles(root, arena, device);
    read_gpu_cores(root, arena, device);
    read_versions(root, arena, device);
    macos_recorded_read(root, arena, device);
    /* A program under Rosetta is not told the chip; most models have one only. */
    if (device->chip == NULL)
        device->chip = mac_model_chip(device->board);
    if (device->threads == COUNT_UNKNOWN && text_starts_with(device->chip, "Apple"))
        device->threads = device->cores;
    /* What was given by --platform is no fact of the recording. */
    if (device_has_facts(device) || root->live || macos_looks_like(root))
        device->os_name = "macOS";
}
