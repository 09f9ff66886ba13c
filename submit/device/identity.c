#include "submit/device/identity.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include "schema/base/process.h"
#endif
#include "submit/device/root.h"

/* Shorter texts would be found by chance. Names that many machines share identify nobody, and taking them out
 * would damage the original. */
#define SHORTEST 3

static bool is_shared_name(const char *text)
{
    static const char *const names[] = {"root",   "localhost",   "user",  "admin",  "ubuntu",  "debian",
                                        "linux",  "nobody",      "/",     "/root",  "none",    "docker",
                                        "runner", "test",        "guest", "host",   "0.0.0.0", "127.0.0.1",
                                        "::1",    "localdomain", "macos", "windows"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (text_equal_ignore_case(text, names[i]))
            return true;
    return false;
}

static void add(struct arena *arena, struct identity_list *list, enum private_kind kind, const char *text)
{
    if (text == NULL || strlen(text) < SHORTEST || is_shared_name(text))
        return;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && text_equal(list->items[i].text, text))
            return;
    struct identity *grown = arena_grow(arena, list->items, &list->capacity, list->count + 1, sizeof(*grown));
    char *copy = arena_strdup(arena, text);
    if (grown == NULL || copy == NULL)
        return;
    list->items = grown;
    grown[list->count++] = (struct identity){kind, copy};
}

static void add_host(struct arena *arena, struct identity_list *list)
{
    char host[256] = "";
    if (gethostname(host, sizeof(host) - 1) != 0)
        return;
    add(arena, list, PRIVATE_HOST, host);
    add(arena, list, PRIVATE_HOST, getenv("HOSTNAME"));
    add(arena, list, PRIVATE_HOST, getenv("COMPUTERNAME"));
    char *dot = strchr(host, '.');
    if (dot != NULL) {
        *dot = '\0';
        add(arena, list, PRIVATE_HOST, host);
    }
}

static void add_user(struct arena *arena, struct identity_list *list)
{
    struct passwd entry, *found = NULL;
    char space[4096];
    add(arena, list, PRIVATE_USER, getenv("USER"));
    add(arena, list, PRIVATE_USER, getenv("LOGNAME"));
    add(arena, list, PRIVATE_USER, getenv("SUDO_USER"));
    add(arena, list, PRIVATE_USER, getenv("USERNAME"));
    add(arena, list, PRIVATE_PATH, getenv("HOME"));
    if (getpwuid_r(getuid(), &entry, space, sizeof(space), &found) != 0 || found == NULL)
        return;
    add(arena, list, PRIVATE_USER, found->pw_name);
    add(arena, list, PRIVATE_PATH, found->pw_dir);
    /* The first field of gecos is the full name. */
    char *comma = found->pw_gecos == NULL ? NULL : strchr(found->pw_gecos, ',');
    if (comma != NULL)
        *comma = '\0';
    add(arena, list, PRIVATE_USER, found->pw_gecos);
}

/* "de_CH.UTF-8" and "Europe/Zurich" say where somebody lives; what every machine has after its installation does not.
 */
static void add_place(struct arena *arena, struct identity_list *list, const char *text)
{
    static const char *const common[] = {"C",        "POSIX", "C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US",
                                         "en_US:en", "UTC",   "Etc/UTC", "GMT",    "Universal",   "Etc/UCT"};
    for (size_t i = 0; text != NULL && i < ARRAY_LENGTH(common); i++)
        if (text_equal_ignore_case(text, common[i]))
            return;
    add(arena, list, PRIVATE_USER, text);
}

static void add_locale(struct arena *arena, struct identity_list *list)
{
    static const char *const variables[] = {"LANG",        "LANGUAGE",       "LC_ALL",           "LC_CTYPE",
                                            "LC_MESSAGES", "LC_MONETARY",    "LC_TIME",          "LC_NUMERIC",
                                            "LC_COLLATE",  "LC_MEASUREMENT", "LC_ADDRESS",       "LC_TELEPHONE",
                                            "LC_NAME",     "LC_PAPER",       "LC_IDENTIFICATION"};
    for (size_t i = 0; i < ARRAY_LENGTH(variables); i++) {
        const char *value = getenv(variables[i]);
        add_place(arena, list, value);
        /* Without the encoding too, as most programs print it. */
        const char *dot = value == NULL ? NULL : strchr(value, '.');
        if (dot != NULL && dot - value >= 5)
            add_place(arena, list, arena_strndup(arena, value, (size_t)(dot - value)));
    }
}

static void add_zone(struct arena *arena, struct identity_list *list)
{
    char target[PATH_MAX];
    struct root root;
    char line[256];
    const char *zone = getenv("TZ");
    add_place(arena, list, zone != NULL && zone[0] == ':' ? zone + 1 : zone);
    ssize_t length = readlink("/etc/localtime", target, sizeof(target) - 1);
    if (length > 0) {
        target[length] = '\0';
        const char *at = strstr(target, "zoneinfo/");
        add_place(arena, list, at == NULL ? NULL : at + strlen("zoneinfo/"));
    }
    if (root_open(NULL, &root, NULL) == 0 && root_line(&root, line, sizeof(line), "etc/timezone"))
        add_place(arena, list, line);
}

static void add_addresses(struct arena *arena, struct identity_list *list)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0)
        return;
    for (struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        if (one->ifa_addr == NULL || (one->ifa_flags & IFF_LOOPBACK) != 0)
            continue;
        if (one->ifa_addr->sa_family == AF_INET) {
            struct sockaddr_in address;
            memcpy(&address, one->ifa_addr, sizeof(address));
            add(arena, list, PRIVATE_ADDRESS, inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text)));
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            struct sockaddr_in6 address;
            memcpy(&address, one->ifa_addr, sizeof(address));
            add(arena, list, PRIVATE_ADDRESS, inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof(text)));
        }
    }
    freeifaddrs(all);
}

/* The named file of every entry of a class: serials of disks and batteries, unique ids of cards. */
static void add_class(const struct root *root, const char *class, const char *file, struct arena *arena,
                      struct identity_list *list)
{
    size_t count;
    char line[256], **names = root_list(root, class, arena, &count);
    for (size_t i = 0; i < count; i++)
        if (root_line(root, line, sizeof(line), "%s/%s/%s", class, names[i], file) && strlen(line) >= 6 &&
            fact_text(arena, str_of(line)) != NULL)
            add(arena, list, PRIVATE_SERIAL, line);
}

static void add_cpu_serial(const struct root *root, struct arena *arena, struct identity_list *list)
{
    autobuf struct buf text = BUF(ROOT_FILE_MAX);
    struct str rest, line;
    if (!root_read(root, "proc/cpuinfo", &text))
        return;
    rest = str_slice(buf_text(&text), text.len);
    while (str_next_line(&rest, &line)) {
        size_t colon = str_find(line, STR(":"), 0);
        if (!str_starts_with(line, STR("Serial")) || colon == SIZE_MAX)
            continue;
        struct str serial = str_trim(str_slice(line.data + colon + 1, line.len - colon - 1));
        char *copy = arena_strndup(arena, serial.data, serial.len);
        if (serial.len >= 6 && strspn(copy == NULL ? "" : copy, "0") < serial.len)
            add(arena, list, PRIVATE_SERIAL, copy);
    }
}

#ifdef __APPLE__
/* "IOPlatformSerialNumber" = "C02…", "IOPlatformUUID" = "…" */
static void add_apple_serials(struct arena *arena, struct identity_list *list)
{
    static const char *const command[] = {"ioreg", "-rd1", "-c", "IOPlatformExpertDevice", NULL};
    static const char *const keys[] = {"\"IOPlatformSerialNumber\" = \"", "\"IOPlatformUUID\" = \""};
    autobuf struct buf text = BUF(1 << 20);
    struct process_result result;
    if (process_run(command, 2000, &text, NULL, &result, NULL) < 0 || result.exit_status != 0)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        struct str all = str_slice(buf_text(&text), text.len);
        size_t at = str_find(all, str_of(keys[i]), 0);
        size_t from = at == SIZE_MAX ? SIZE_MAX : at + strlen(keys[i]);
        size_t to = from == SIZE_MAX ? SIZE_MAX : str_find(all, STR("\""), from);
        if (to != SIZE_MAX)
            add(arena, list, PRIVATE_SERIAL, arena_strndup(arena, all.data + from, to - from));
    }
}
#endif

static void add_files(struct arena *arena, struct identity_list *list)
{
    static const char *const serials[] = {"etc/machine-id",
                                          "proc/sys/kernel/random/boot_id",
                                          "sys/class/dmi/id/product_serial",
                                          "sys/class/dmi/id/product_uuid",
                                          "sys/class/dmi/id/board_serial",
                                          "sys/class/dmi/id/chassis_serial",
                                          "sys/class/dmi/id/chassis_asset_tag",
                                          "sys/class/dmi/id/board_asset_tag",
                                          "sys/firmware/devicetree/base/serial-number"};
    struct root root;
    char line[256];
    size_t count;
    if (root_open(NULL, &root, NULL) < 0)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(serials); i++)
        if (root_line(&root, line, sizeof(line), "%s", serials[i]) && strlen(line) >= 6 &&
            fact_text(arena, str_of(line)) != NULL)
            add(arena, list, PRIVATE_SERIAL, line);
    add_class(&root, "sys/block", "device/serial", arena, list);
    add_class(&root, "sys/block", "device/wwid", arena, list);
    add_class(&root, "sys/block", "serial", arena, list);
    add_class(&root, "sys/class/nvme", "serial", arena, list);
    add_class(&root, "sys/class/power_supply", "serial_number", arena, list);
    add_class(&root, "sys/class/drm", "device/unique_id", arena, list);
    add_cpu_serial(&root, arena, list);
    char **names = root_list(&root, "sys/class/net", arena, &count);
    for (size_t i = 0; i < count; i++)
        if (root_line(&root, line, sizeof(line), "sys/class/net/%s/address", names[i]) && strlen(line) == 17 &&
            !text_equal(line, "00:00:00:00:00:00"))
            add(arena, list, PRIVATE_ADDRESS, line);
}

void identity_collect(struct arena *arena, struct identity_list *ret)
{
    *ret = (struct identity_list){0};
    add_host(arena, ret);
    add_user(arena, ret);
    add_addresses(arena, ret);
    add_files(arena, ret);
#ifdef __APPLE__
    add_apple_serials(arena, ret);
#endif
    add_zone(arena, ret);
    add_locale(arena, ret);
}

static size_t scrub(const struct identity_list *identities, const char **fact)
{
    for (size_t i = 0; *fact != NULL && i < identities->count; i++) {
        if (str_find_ignore_case(str_of(*fact), str_of(identities->items[i].text), 0) == SIZE_MAX)
            continue;
        *fact = NULL;
        return 1;
    }
    return 0;
}

size_t identity_scrub(const struct identity_list *identities, struct device *device)
{
    /* Chip names are the maker's; what an owner or a builder can name is the board, the system and the kernel. */
    return scrub(identities, &device->board) + scrub(identities, &device->os_name) +
           scrub(identities, &device->os_version) + scrub(identities, &device->kernel) +
           scrub(identities, &device->driver);
}
