#include "submit/device/pci.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/chips.h"

#define PCI "sys/bus/pci/devices"
#define VENDOR_AMD 0x1002
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

static bool hex_file(const struct root *root, const char *name, const char *file, unsigned *ret)
{
    char text[32];
    uint64_t number;
    if (!root_line(root, text, sizeof(text), PCI "/%s/%s", name, file))
        return false;
    const char *digits = text_starts_with(text, "0x") ? text + 2 : text;
    if (!number_parse_uint64_hex(str_of(digits), &number) || number > 0xffffff)
        return false;
    *ret = (unsigned)number;
    return true;
}

static const char *maker(unsigned vendor)
{
    return vendor == VENDOR_AMD ? "AMD" : vendor == VENDOR_INTEL ? "Intel" : vendor == VENDOR_NVIDIA ? "NVIDIA" : NULL;
}

/* The driver's own name for the product, else pci.ids; servers' management chips (Aspeed, Matrox) are passed over. */
static void add_card(const struct root *root, const char *address, struct str ids, struct arena *arena,
                     struct device *device)
{
    unsigned class_code, vendor, part;
    char product[256];
    int64_t bytes;
    if (!hex_file(root, address, "class", &class_code) || class_code >> 16 != 0x03 ||
        !hex_file(root, address, "vendor", &vendor) || !hex_file(root, address, "device", &part) ||
        maker(vendor) == NULL)
        return;
    if (vendor == VENDOR_NVIDIA && chips_has(device, "NVIDIA"))
        return;
    const char *name = root_line(root, product, sizeof(product), PCI "/%s/product_name", address)
                           ? fact_text(arena, str_of(product))
                           : NULL;
    if (name == NULL)
        name = pci_name(ids, vendor, part, arena);
    const char *full = name == NULL                            ? arena_printf(arena, "%s GPU %04x", maker(vendor), part)
                       : text_starts_with(name, maker(vendor)) ? name
                                                               : arena_printf(arena, "%s %s", maker(vendor), name);
    double memory =
        root_int(root, &bytes, PCI "/%s/mem_info_vram_total", address) && bytes > 0 ? (double)bytes : (double)NAN;
    chips_add(arena, device, full, "gpu", memory, COUNT_UNKNOWN);
}

void pci_read(const struct root *root, struct arena *arena, struct device *device)
{
    static const char *const places[] = {"usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids"};
    size_t count;
    char **names = root_list(root, PCI, arena, &count);
    autobuf struct buf ids = BUF(ROOT_FILE_MAX);
    if (count == 0)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(places) && ids.len == 0; i++)
        (void)root_read(root, places[i], &ids);
    for (size_t i = 0; i < count; i++)
        add_card(root, names[i], str_slice(buf_text(&ids), ids.len), arena, device);
}
