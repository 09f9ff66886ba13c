#include "submit/device/identity.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
