#include <stdio.h>

#include "schema/json/json_write.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"
#include "submit/verbs.h"

const struct option device_options[] = {
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"root", 0, OPTION_TEXT_ONCE, "DIR", NULL,
     "read a recorded machine: DIR with proc/, sys/, etc/ and commands/NAME.txt"},
    {"platform", 0, OPTION_TEXT_ONCE, "NAME", NULL, "linux or macos; default: what DIR holds"},
    {0},
};

int cmd_device(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct device device;
    enum device_platform platform;
    autobuf struct buf out = BUF(BUF_MIB);
    int r = device_platform_parse(option_text(invocation, "platform"), &platform, err);
    if (r < 0)
        return r;
    const char *root = option_text(invocation, "root");
    r = device_collect(root, platform, &arena, &device, err);
    if (r < 0)
        return r;
    if (option_flag(invocation, "json")) {
        struct json_writer writer = json_writer(&out, 2);
        device_json_explain(&writer, &device, root, device_platform_of(root, platform));
        buf_addc(&out, '\n');
    } else {
        device_describe(&device, &out);
        device_describe_absent(&device, root, device_platform_of(root, platform), &out);
    }
    r = buf_check(&out, err);
    if (r < 0)
        return r;
    (void)fputs(buf_text(&out), stdout);
    return 0;
}
