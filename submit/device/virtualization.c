#include "submit/device/virtualization.h"

#include <string.h>

struct sign {
    const char *text, *word;
};

static const char *find_sign(const struct sign *signs, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_find_ignore_case(text, str_of(signs[i].text), 0) != SIZE_MAX)
            return signs[i].word;
    return NULL;
}

const char *vm_of_product(const char *vendor, const char *product)
{
    static const struct sign signs[] = {
        {"VMware", "vmware"},
        {"VirtualBox", "virtualbox"},
        {"innotek", "virtualbox"},
        {"QEMU", "kvm"},
        {"KVM", "kvm"},
        {"Bochs", "kvm"},
        {"OpenStack", "kvm"},
        {"Google Compute Engine", "kvm"},
        {"Amazon EC2", "kvm"},
        {"Apple Virtualization", "apple"},
        {"Parallels", "parallels"},
        {"Xen", "xen"},
        {"HVM domU", "xen"},
        {"Firecracker", "kvm"},
        {"DigitalOcean", "kvm"},
        {"Hetzner vServer", "kvm"},
        {"Alibaba Cloud ECS", "kvm"},
    };
    const char *word = product == NULL ? NULL : find_sign(signs, ARRAY_LENGTH(signs), str_of(product));
    if (word == NULL && vendor != NULL)
        word = find_sign(signs, ARRAY_LENGTH(signs), str_of(vendor));
    /* Microsoft also builds machines: only its "Virtual Machine" is one. Metal instances of EC2 are none. */
    if (word == NULL && vendor != NULL && product != NULL && text_starts_with(vendor, "Microsoft") &&
        text_equal(product, "Virtual Machine"))
        word = "hyper-v";
    if (product != NULL && text_ends_with(product, ".metal"))
        word = NULL;
    return word;
}

const char *vm_of_kernel(const char *text)
{
    struct str kernel = str_of(text);
    if (str_find_ignore_case(kernel, STR("microsoft"), 0) == SIZE_MAX)
        return NULL;
    /* The first generation had its own numbering ("4.4.0-19041-Microsoft"); kernels of the second are real ones. */
    return str_find(kernel, STR("-Microsoft"), 0) != SIZE_MAX ? "wsl" : "wsl2";
}

const char *container_of_cgroup(struct str text)
{
    static const struct sign signs[] = {{"kubepods", "kubernetes"}, {"docker", "docker"}, {"libpod", "podman"},
                                        {"lxc.payload", "lxc"},     {"/lxc/", "lxc"},     {"containerd", "container"}};
    return find_sign(signs, ARRAY_LENGTH(signs), text);
}

static const char *find_vm(const struct root *root, bool hypervisor_flag)
{
    char vendor[256], product[256], line[1024];
    const char *word = NULL;
    if (root_line(root, line, sizeof(line), "proc/sys/kernel/osrelease") ||
        root_line(root, line, sizeof(line), "proc/version"))
        word = vm_of_kernel(line);
    if (word != NULL)
        return word;
    bool has_vendor = root_line(root, vendor, sizeof(vendor), "sys/class/dmi/id/sys_vendor");
    bool has_product = root_line(root, product, sizeof(product), "sys/class/dmi/id/product_name");
    word = vm_of_product(has_vendor ? vendor : NULL, has_product ? product : NULL);
    if (word != NULL)
        return word;
    if (root_line(root, line, sizeof(line), "sys/hypervisor/type") && text_equal(line, "xen"))
        return "xen";
    if (root_exists(root, "sys/firmware/devicetree/base/hypervisor"))
        return "vm";
    autobuf struct buf text = BUF(64 << 10);
    if (root_read(root, "proc/sysinfo", &text)) {
        struct str info = str_slice(buf_text(&text), text.len);
        if (str_find(info, STR("KVM/"), 0) != SIZE_MAX)
            return "kvm";
        if (str_find(info, STR("z/VM"), 0) != SIZE_MAX)
            return "z/vm";
        if (str_find(info, STR("LPAR Number"), 0) != SIZE_MAX)
            return "lpar";
    }
    return hypervisor_flag ? "vm" : NULL;
}

static const char *find_container(const struct root *root)
{
    autobuf struct buf text = BUF(64 << 10);
    if (root_exists(root, ".dockerenv"))
        return "docker";
    if (root_exists(root, "run/.containerenv"))
        return "podman";
    if (root_read(root, "proc/self/cgroup", &text))
        return container_of_cgroup(str_slice(buf_text(&text), text.len));
    return NULL;
}

void virtualization_read(const struct root *root, bool hypervisor_flag, struct arena *arena, struct device *device)
{
    const char *vm = find_vm(root, hypervisor_flag), *container = find_container(root);
    if (vm != NULL && container != NULL)
        device->virtualization = arena_printf(arena, "%s+%s", vm, container);
    else
        device->virtualization = vm != NULL ? vm : container;
}
