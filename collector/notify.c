#include "collector/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

void notify_manager(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* the abstract namespace of Linux */
    }
    autoclose int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (descriptor < 0 ||
        sendto(descriptor, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address, length) < 0) {
        log_warning("the service manager cannot be told: its socket does not take it");
    }
}

void notify_reloading(void)
{
    char text[80];
    (void)snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic_us());
    notify_manager(text);
}
