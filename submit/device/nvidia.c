#include "submit/device/nvidia.h"

#include <math.h>
#include <stdio.h>

#include "schema/base/process.h"
#include "submit/device/chips.h"
#include "submit/device/extras.h"
#include "submit/device/nvml.h"

#define LIVE_LIMIT_MS 2000
/* Recordings of one machine: more files than this are no recording. */
#define FILES_MAX 32

enum form { FORM_QUERY, FORM_XML, FORM_CSV, FORM_LIST, FORM_TABLE, FORM_NONE };

/* By content: people name recordings in many ways. A table that cut a name ("RTX 2080 ...") comes after the list. */
static enum form form_of(struct str text)
{
    struct str head = str_slice(text.data, text.len < 4096 ? text.len : 4096);
    if (str_has(head, "<nvidia_smi_log"))
        return FORM_XML;
    if (str_has(head, "NVSMI LOG"))
        return FORM_QUERY;
    if (str_has(head, "| NVIDIA-SMI"))
        return FORM_TABLE;
    if (str_starts_with(str_trim(head), STR("GPU ")) && str_has(head, "(UUID"))
        return FORM_LIST;
    return str_has(head, ",") ? FORM_CSV : FORM_NONE;
}

/* The topology and the second capture of a pair, under load, tell nothing new. */
static bool is_of_interest(const char *name)
{
    struct str text = str_of(name);
    return text_starts_with(name, "nvidia-smi") && !str_has(text, "topo") && !str_has(text, "load") &&
           !str_has(text, "dmon") && !str_has(text, "pmon") && !str_has(text, "compute-apps") &&
           !str_has(text, "version");
}

static bool parse(enum form form, struct str text, struct arena *arena, struct device *device)
{
    switch (form) {
    case FORM_QUERY:
        return nvidia_parse_query(text, arena, device);
    case FORM_XML:
        return nvidia_parse_xml(text, arena, device);
    case FORM_CSV:
        return nvidia_parse_csv(text, arena, device);
    case FORM_LIST:
        return nvidia_parse_list(text, arena, device);
    case FORM_TABLE:
        return nvidia_parse_table(text, arena, device);
    case FORM_NONE:
        break;
    }
    return false;
}

/* The best form that is there; a table before the list, unless it cut a name. */
static bool read_smi(const struct root *root, struct arena *arena, struct device *device)
{
    static const enum form order[] = {FORM_QUERY, FORM_XML, FORM_CSV, FORM_TABLE, FORM_LIST, FORM_TABLE};
    size_t count;
    char **names = root_list(root, "commands", arena, &count);
    for (size_t pass = 0; pass < ARRAY_LENGTH(order); pass++) {
        for (size_t i = 0, files = 0; i < count && files < FILES_MAX; i++) {
            char path[PATH_MAX];
            autobuf struct buf text = BUF(ROOT_FILE_MAX);
            if (!is_of_interest(names[i]) ||
                snprintf(path, sizeof(path), "commands/%s", names[i]) >= (int)sizeof(path) ||
                !root_read(root, path, &text))
                continue;
            files++;
            struct str content = str_slice(buf_text(&text), text.len);
            bool cut = order[pass] == FORM_TABLE && pass + 1 < ARRAY_LENGTH(order) && str_has(content, "... ");
            if (form_of(content) == order[pass] && !cut && parse(order[pass], content, arena, device))
                return true;
        }
    }
    return false;
}

static bool read_recorded(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    return read_smi(root, arena, device) ||
           (root_command(root, "deviceQuery", &text) &&
            nvidia_parse_device_query(str_slice(buf_text(&text), text.len), arena, device));
}

static bool read_driver(const struct root *root, struct arena *arena, struct device *device)
{
    size_t count;
    bool found = false;
    char **names = root_list(root, "proc/driver/nvidia/gpus", arena, &count);
    for (size_t i = 0; i < count; i++) {
        char path[512];
        autobuf struct buf text = BUF(64 << 10);
        int length = snprintf(path, sizeof(path), "proc/driver/nvidia/gpus/%s/information", names[i]);
        if (length < 0 || (size_t)length >= sizeof(path) || !root_read(root, path, &text))
            continue;
        struct str rest = str_slice(buf_text(&text), text.len), line;
        while (str_next_line(&rest, &line)) {
            if (!str_starts_with(line, STR("Model:")))
                continue;
            chips_add(arena, device, fact_text(arena, str_slice(line.data + 6, line.len - 6)), "gpu", (double)NAN,
                      COUNT_UNKNOWN);
            found = true;
        }
    }
    return found;
}

/* "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue …": the first word that is a version. */
static void read_driver_version(const struct root *root, struct arena *arena, struct device *device)
{
    char line[256];
    struct str rest, word;
    if (device->driver != NULL || !root_line(root, line, sizeof(line), "proc/driver/nvidia/version"))
        return;
    rest = str_of(line);
    while (str_next_field(&rest, ' ', &word)) {
        if (word.len > 4 && word.data[0] >= '0' && word.data[0] <= '9' && str_has(word, ".")) {
            device->driver = fact_text(arena, word);
            return;
        }
    }
}

static bool read_live(struct arena *arena, struct device *device)
{
    static const char *const command[] = {"nvidia-smi", "--query-gpu=name,memory.total,driver_version",
                                          "--format=csv,noheader", NULL};
    autobuf struct buf out = BUF(1 << 20);
    struct process_result result;
    if (nvml_read(arena, device))
        return true;
    if (process_run(command, LIVE_LIMIT_MS, &out, NULL, &result, NULL) < 0 || result.exit_status != 0)
        return false;
    return nvidia_parse_csv(str_slice(buf_text(&out), out.len), arena, device);
}

void nvidia_read(const struct root *root, struct arena *arena, struct device *device)
{
    bool driver = root_exists(root, "proc/driver/nvidia/version") || root_exists(root, "dev/nvidiactl") ||
                  root_exists(root, "dev/dxg");
    /* Without a driver nothing answers, and asking costs time. */
    bool found = root->live ? driver && read_live(arena, device) : read_recorded(root, arena, device);
    if (!found)
        (void)read_driver(root, arena, device);
    read_driver_version(root, arena, device);
}
