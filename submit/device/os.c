#include "submit/device/os.h"

#include <string.h>
#include <sys/utsname.h>

static struct str unquote(struct str value)
{
    value = str_trim(value);
    if (value.len >= 2 && (value.data[0] == '"' || value.data[0] == '\'') && value.data[value.len - 1] == value.data[0])
        return str_slice(value.data + 1, value.len - 2);
    return value;
}

void os_release_parse(struct str text, struct os_release *ret)
{
    *ret = (struct os_release){.name = STR("")};
    struct str line;
    while (str_next_line(&text, &line)) {
        if (str_starts_with(line, STR("NAME=")))
            ret->name = unquote(str_slice(line.data + 5, line.len - 5));
        else if (str_starts_with(line, STR("VERSION_ID=")))
            ret->version = unquote(str_slice(line.data + 11, line.len - 11));
        else if (str_starts_with(line, STR("PRETTY_NAME=")))
            ret->pretty = unquote(str_slice(line.data + 12, line.len - 12));
    }
}

struct str kernel_of_version(struct str text)
{
    static const char prefix[] = "Linux version ";
    struct str word = STR("");
    if (!str_starts_with(text, STR("Linux version ")))
        return word;
    struct str rest = str_slice(text.data + sizeof(prefix) - 1, text.len - (sizeof(prefix) - 1));
    return str_next_field(&rest, ' ', &word) ? str_trim(word) : STR("");
}

void uname_parse(struct str text, struct str *ret_kernel, struct str *ret_machine)
{
    static const char *const machines[] = {"x86_64",  "aarch64", "arm64", "armv7l", "armv6l",     "i686",
                                           "riscv64", "ppc64le", "ppc64", "s390x",  "loongarch64"};
    struct str rest = str_trim(text), word;
    *ret_kernel = STR("");
    *ret_machine = STR("");
    for (size_t i = 0; str_next_field(&rest, ' ', &word); i++) {
        if (i == 2)
            *ret_kernel = word;
        for (size_t j = 0; i > 2 && j < ARRAY_LENGTH(machines); j++)
            if (str_equal(word, str_of(machines[j])))
                *ret_machine = word;
    }
}

static void read_release(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf text = BUF(64 << 10);
    struct os_release release;
    if (!root_read(root, "etc/os-release", &text)) {
        buf_reset(&text);
        if (!root_read(root, "usr/lib/os-release", &text))
            return;
    }
    os_release_parse(str_slice(buf_text(&text), text.len), &release);
    device->os_name = fact_text(arena, release.name.len > 0 ? release.name : release.pretty);
    device->os_version = fact_text(arena, release.version);
}

static void read_uname(const struct root *root, struct arena *arena, struct device *device)
{
    struct str kernel = STR(""), machine = STR("");
    autobuf struct buf text = BUF(64 << 10);
    struct utsname name;
    if (root->live && uname(&name) == 0) {
        device->kernel = fact_text(arena, str_of(name.release));
        device->architecture = fact_text(arena, str_of(name.machine));
        return;
    }
    if (root_command(root, "uname-a", &text)) {
        uname_parse(str_slice(buf_text(&text), text.len), &kernel, &machine);
        device->kernel = fact_text(arena, kernel);
        device->architecture = fact_text(arena, machine);
    }
}

void os_read(const struct root *root, struct arena *arena, struct device *device)
{
    char line[1024];
    read_release(root, arena, device);
    read_uname(root, arena, device);
    if (device->kernel == NULL && root_line(root, line, sizeof(line), "proc/sys/kernel/osrelease"))
        device->kernel = fact_text(arena, str_of(line));
    if (device->kernel == NULL && root_line(root, line, sizeof(line), "proc/version"))
        device->kernel = fact_text(arena, kernel_of_version(str_of(line)));
    if (device->os_name == NULL && device->kernel != NULL)
        device->os_name = "Linux";
}
