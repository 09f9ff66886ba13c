#include "submit/device/pci.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/chips.h"

#define PCI "sys/bus/pci/devices"
#define FOLDER_MAX 512
#define VENDOR_AMD 0x1002
#define VENDOR_AMD_CPU 0x1022
#define VENDOR_INTEL 0x8086
#define VENDOR_NVIDIA 0x10de

const char *pci_name(struct str ids, unsigned vendor, unsigned part, struct arena *arena)
{
    char vendor_line[8], part_line[8];
    struct str line;
    bool inside = false;
    (void)snprintf(vendor_line, sizeof(vendor_line), "%04x  ", vendor & 0xffff);
    (void)snprintf(part_line, sizeof(part_line), "\t%04x  ", part & 0xffff);
    while (str_next_line(&ids, &line)) {
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (line.data[0] != '\t') {
            if (inside)
                return NULL;
            inside = str_starts_with(line, str_of(vendor_line));
        } else if (inside && str_starts_with(line, str_of(part_line))) {
            return fact_text(arena, str_slice(line.data + 7, line.len - 7));
        }
    }
    return NULL;
}

static bool hex_file(const struct root *root, const char *folder, const char *file, unsigned *ret)
{
    char text[32];
    uint64_t number;
    if (!root_line(root, text, sizeof(text), "%s/%s", folder, file))
        return false;
    const char *digits = text_starts_with(text, "0x") ? text + 2 : text;
    if (!number_parse_uint64_hex(str_of(digits), &number) || number > 0xffffff)
        return false;
    *ret = (unsigned)number;
    return true;
}

static const char *maker(unsigned vendor)
{
    switch (vendor) {
    case VENDOR_AMD:
    case VENDOR_AMD_CPU:
        return "AMD";
    case VENDOR_INTEL:
        return "Intel";
    case VENDOR_NVIDIA:
        return "NVIDIA";
    default:
        return NULL;
    }
}

/* The driver's own name for the product, else pci.ids; servers' management chips (Aspeed, Matrox) are passed over. */
static void add_chip(const struct root *root, const char *folder, struct str ids, const char *kind, struct arena *arena,
                     struct device *device)
{
    unsigned vendor, part;
    char product[256];
    int64_t bytes;
    if (!hex_file(root, folder, "vendor", &vendor) || !hex_file(root, folder, "device", &part) || maker(vendor) == NULL)
        return;
    /* NVML has told already. */
    if (vendor == VENDOR_NVIDIA && chips_has(device, "NVIDIA"))
        return;
    const char *name =
        root_line(root, product, sizeof(product), "%s/product_name", folder) ? fact_text(arena, str_of(product)) : NULL;
    if (name == NULL)
        name = pci_name(ids, vendor, part, arena);
    const char *full =
        name == NULL ? arena_printf(arena, "%s %s %04x", maker(vendor), text_equal(kind, "npu") ? "NPU" : "GPU", part)
        : text_starts_with(name, maker(vendor)) ? name
                                                : arena_printf(arena, "%s %s", maker(vendor), name);
    double memory = root_int(root, &bytes, "%s/mem_info_vram_total", folder) && bytes > 0 ? (double)bytes : (double)NAN;
    chips_add(arena, device, full == NULL ? NULL : fact_text(arena, str_of(full)), kind, memory, COUNT_UNKNOWN);
}

/* PCI classes: 0x03 display, 0x12 processing accelerator. */
static const char *kind_of(const struct root *root, const char *folder)
{
    unsigned class_code;
    if (!hex_file(root, folder, "class", &class_code))
        return NULL;
    return class_code >> 16 == 0x03 ? "gpu" : class_code >> 16 == 0x12 ? "npu" : NULL;
}

/* Every numbered entry of a class ("card0", not its connector "card0-DP-1") with the device behind it. */
static void read_class(const struct root *root, const char *class, const char *prefix, const char *kind, struct str ids,
                       struct arena *arena, struct device *device)
{
    size_t count;
    char **names = root_list(root, class, arena, &count);
    for (size_t i = 0; i < count; i++) {
        char folder[FOLDER_MAX];
        int64_t number;
        if (!text_starts_with(names[i], prefix) || !number_parse_int64(str_of(names[i] + strlen(prefix)), &number) ||
            snprintf(folder, sizeof(folder), "%s/%s/device", class, names[i]) >= (int)sizeof(folder))
            continue;
        add_chip(root, folder, ids, kind, arena, device);
    }
}

/* The class before the first colon behind the address: "01:00.0 VGA compatible controller [0300]: NVIDIA …". */
static const char *kind_of_line(struct str line)
{
    static const struct {
        const char *class, *kind;
    } classes[] = {{"VGA compatible controller", "gpu"},
                   {"3D controller", "gpu"},
                   {"Display controller", "gpu"},
                   {"Processing accelerators", "npu"}};
    size_t blank = str_find(line, STR(" "), 0);
    if (blank == SIZE_MAX || blank > 12)
        return NULL;
    struct str rest = str_slice(line.data + blank + 1, line.len - blank - 1);
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++)
        if (str_starts_with(rest, str_of(classes[i].class)))
            return classes[i].kind;
    return NULL;
}

bool pci_parse_lspci(struct str text, struct arena *arena, struct device *device)
{
    static const char *const makers[] = {"NVIDIA", "Advanced Micro Devices", "AMD", "ATI", "Intel"};
    struct str line;
    bool found = false;
    while (str_next_line(&text, &line)) {
        const char *kind = kind_of_line(line);
        size_t colon = str_find(line, STR(": "), 0), revision = str_find(line, STR(" (rev "), 0);
        if (kind == NULL || colon == SIZE_MAX)
            continue;
        struct str name = str_slice(line.data + colon + 2, (revision == SIZE_MAX ? line.len : revision) - colon - 2);
        /* "[10de:2684]", which -nn adds. */
        size_t ids = name.len > 11 ? name.len - 11 : 0;
        if (ids > 0 && name.data[ids] == '[' && name.data[ids + 5] == ':')
            name = str_trim(str_slice(name.data, ids));
        for (size_t i = 0; i < ARRAY_LENGTH(makers); i++) {
            if (!str_starts_with(name, str_of(makers[i])))
                continue;
            chips_add(arena, device, fact_text(arena, name), kind, (double)NAN, COUNT_UNKNOWN);
            found = true;
            break;
        }
    }
    return found;
}

static bool read_lspci(const struct root *root, struct arena *arena, struct device *device)
{
    static const char *const names[] = {"lspci", "lspci-nn", "lspci-v", "lspci-vv", "lspci-nnk"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_command(root, names[i], &text) && pci_parse_lspci(str_slice(buf_text(&text), text.len), arena, device))
            return true;
    }
    return false;
}

void pci_read(const struct root *root, struct arena *arena, struct device *device)
{
    static const char *const places[] = {"usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids"};
    size_t count;
    char **names = root_list(root, PCI, arena, &count);
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    for (size_t i = 0; i < ARRAY_LENGTH(places) && text.len == 0; i++)
        (void)root_read(root, places[i], &text);
    struct str ids = str_slice(buf_text(&text), text.len);
    for (size_t i = 0; i < count; i++) {
        char folder[FOLDER_MAX];
        if (snprintf(folder, sizeof(folder), PCI "/%s", names[i]) >= (int)sizeof(folder))
            continue;
        const char *kind = kind_of(root, folder);
        if (kind != NULL)
            add_chip(root, folder, ids, kind, arena, device);
    }
    if (count > 0 || read_lspci(root, arena, device))
        return;
    /* A recording often holds the classes alone. */
    read_class(root, "sys/class/drm", "card", "gpu", ids, arena, device);
    read_class(root, "sys/class/accel", "accel", "npu", ids, arena, device);
}
