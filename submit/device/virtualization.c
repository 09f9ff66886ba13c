#include "submit/device/virtualization.h"

#include <string.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

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
        {"Alibaba Cloud", "kvm"},
        {"Tencent Cloud", "kvm"},
        {"Linode", "kvm"},
        {"Vultr", "kvm"},
        {"Scaleway", "kvm"},
        {"OVHcloud", "kvm"},
        {"Nutanix AHV", "kvm"},
        {"oVirt", "kvm"},
        {"RHEV Hypervisor", "kvm"},
        {"BHYVE", "bhyve"},
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

const char *vm_of_hypervisor(struct str vendor)
{
    static const struct sign signs[] = {
        {"KVM", "kvm"},
        {"TCG", "kvm"},
        {"QEMU", "kvm"},
        {"VMware", "vmware"},
        {"Xen", "xen"},
        {"Microsoft", "hyper-v"},
        {"Oracle", "virtualbox"},
        {"VBox", "virtualbox"},
        {"Parallels", "parallels"},
        {"prl hyperv", "parallels"},
        {" lrpepyh", "parallels"},
        {"bhyve", "bhyve"},
    };
    const char *word = find_sign(signs, ARRAY_LENGTH(signs), vendor);
    return word == NULL ? "vm" : word;
}

const char *vm_of_pci(struct str devices, bool guest)
{
    /* Vendor and device: VirtualBox's graphics and guest service, VMware's, Xen's, Parallels', QEMU's bridges. */
    static const struct sign signs[] = {
        {"80eebeef", "virtualbox"}, {"80eecafe", "virtualbox"}, {"15ad0405", "vmware"},  {"15ad0740", "vmware"},
        {"58530001", "xen"},        {"1ab84005", "parallels"},  {"14145353", "hyper-v"}, {"1b360008", "kvm"},
        {"1b36000d", "kvm"},        {"1b36000c", "kvm"},        {"12341111", "kvm"}};
    struct str line;
    const char *word = NULL;
    while (word == NULL && str_next_line(&devices, &line)) {
        struct str rest = line, bus, id;
        if (!str_next_field(&rest, '\t', &bus) || !str_next_field(&rest, '\t', &id) || id.len != 8)
            continue;
        word = find_sign(signs, ARRAY_LENGTH(signs), id);
        if (word == NULL && guest && str_starts_with(id, STR("1af4")))
            word = "kvm";
    }
    return word;
}

const char *container_of_mounts(struct str text)
{
    static const struct sign signs[] = {
        {"/docker/", "docker"}, {"/containers/storage/", "podman"}, {"io.containerd.", "container"}, {"/lxc/", "lxc"}};
    struct str line;
    while (str_next_line(&text, &line))
        /* Device, parent, numbers, root, mount point: "/" as the fifth. */
        if (str_find(line, STR(" / / "), 0) != SIZE_MAX)
            return find_sign(signs, ARRAY_LENGTH(signs), line);
    return NULL;
}

/* The hypervisor's signature in CPUID; only a guest of a live x86 machine has one. */
static const char *vm_of_cpuid(const struct root *root)
{
#if defined(__x86_64__) || defined(__i386__)
    unsigned largest, text[4] = {0};
    if (!root->live)
        return NULL;
    __cpuid(0x40000000, largest, text[0], text[1], text[2]);
    return largest < 0x40000000 ? "vm" : vm_of_hypervisor(str_of((const char *)text));
#else
    (void)root;
    return NULL;
#endif
}

static const char *vm_of_sysinfo(const struct root *root)
{
    autobuf struct buf text = BUF(64 << 10);
    if (!root_read(root, "proc/sysinfo", &text))
        return NULL;
    struct str info = str_slice(buf_text(&text), text.len);
    if (str_find(info, STR("KVM/"), 0) != SIZE_MAX)
        return "kvm";
    if (str_find(info, STR("z/VM"), 0) != SIZE_MAX)
        return "z/vm";
    return str_find(info, STR("LPAR Number"), 0) != SIZE_MAX ? "lpar" : NULL;
}

static const char *vm_of_cards(const struct root *root, bool guest)
{
    autobuf struct buf text = BUF(1 << 20);
    return root_read(root, "proc/bus/pci/devices", &text) ? vm_of_pci(str_slice(buf_text(&text), text.len), guest)
                                                          : NULL;
}

static const char *find_vm(const struct root *root, bool hypervisor_flag, bool is_x86)
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
    word = vm_of_sysinfo(root);
    if (word == NULL)
        word = vm_of_cards(root, hypervisor_flag || !is_x86);
    if (word == NULL && hypervisor_flag)
        word = vm_of_cpuid(root);
    return word == NULL && hypervisor_flag ? "vm" : word;
}

static const char *container_word(const char *name)
{
    static const char *const words[] = {"docker", "podman", "lxc", "systemd-nspawn", "wsl", "rkt", "proot"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (text_equal(words[i], name))
            return words[i];
    return text_starts_with(name, "lxc") ? "lxc" : "container";
}

static const char *find_container(const struct root *root)
{
    autobuf struct buf text = BUF(64 << 10);
    if (root_exists(root, ".dockerenv"))
        return "docker";
    if (root_exists(root, "run/.containerenv"))
        return "podman";
    char line[64];
    const char *word = NULL;
    /* Written by whoever starts a container with systemd inside: "docker", "lxc", "systemd-nspawn". */
    if (root_line(root, line, sizeof(line), "run/systemd/container"))
        word = container_word(line);
    if (word == NULL && root_read(root, "proc/self/cgroup", &text))
        word = container_of_cgroup(str_slice(buf_text(&text), text.len));
    buf_reset(&text);
    if (word == NULL && root_read(root, "proc/self/mountinfo", &text))
        word = container_of_mounts(str_slice(buf_text(&text), text.len));
    return word;
}

void virtualization_read(const struct root *root, bool hypervisor_flag, struct arena *arena, struct device *device)
{
    bool is_x86 = text_equal(device->architecture, "x86_64") || text_equal(device->architecture, "i686");
    const char *vm = find_vm(root, hypervisor_flag, is_x86), *container = find_container(root);
    if (vm != NULL && container != NULL)
        device->virtualization = arena_printf(arena, "%s+%s", vm, container);
    else
        device->virtualization = vm != NULL ? vm : container;
}
