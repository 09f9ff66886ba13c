#include "submit/device/nvml.h"

#include <dlfcn.h>
#include <math.h>
#include <string.h>

#include "submit/device/chips.h"
#include "submit/device/extras.h"

/* From NVIDIA's NVML API reference: every function returns 0 when it worked. */
#define NAME_SIZE 96
#define VERSION_SIZE 80
#define CARDS_MAX 64

struct nvml_memory {
    unsigned long long total, free, used; /* bytes */
};

struct nvml {
    void *library;
    int (*init)(void);
    int (*shutdown)(void);
    int (*count)(unsigned *);
    int (*handle)(unsigned, void **);
    int (*name)(void *, char *, unsigned);
    int (*memory)(void *, struct nvml_memory *);
    int (*driver)(char *, unsigned);
    int (*cuda)(int *);
    /* Older drivers lack some of these. */
    int (*temperature)(void *, int, unsigned *);
    int (*power)(void *, unsigned *); /* mW */
    int (*clock)(void *, int, unsigned *);
    int (*reasons)(void *, unsigned long long *);
};

/* ISO C has no conversion from an object pointer to a function pointer; POSIX promises that they are alike. */
static bool find(void *library, const char *name, void *target, size_t size)
{
    void *symbol = dlsym(library, name);
    memcpy(target, &symbol, size);
    return symbol != NULL;
}
#define FIND(nvml, member, name) find((nvml)->library, name, &(nvml)->member, sizeof((nvml)->member))

static bool open_library(struct nvml *nvml)
{
    /* The loader's own search first, then where WSL and NixOS keep it. */
    static const char *const places[] = {"libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1",
                                         "/run/opengl-driver/lib/libnvidia-ml.so.1"};
    for (size_t i = 0; i < ARRAY_LENGTH(places) && nvml->library == NULL; i++)
        nvml->library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
    return nvml->library != NULL && FIND(nvml, init, "nvmlInit_v2") && FIND(nvml, shutdown, "nvmlShutdown") &&
           FIND(nvml, count, "nvmlDeviceGetCount_v2") && FIND(nvml, handle, "nvmlDeviceGetHandleByIndex_v2") &&
           FIND(nvml, name, "nvmlDeviceGetName") && FIND(nvml, memory, "nvmlDeviceGetMemoryInfo") &&
           FIND(nvml, driver, "nvmlSystemGetDriverVersion") && FIND(nvml, cuda, "nvmlSystemGetCudaDriverVersion_v2");
}

static void read_versions(const struct nvml *nvml, struct arena *arena, struct device *device)
{
    char text[VERSION_SIZE] = "";
    int cuda = 0;
    if (nvml->driver(text, sizeof(text) - 1) == 0)
        device->driver = fact_text(arena, str_of(text));
    /* 12040 is 12.4. */
    if (nvml->cuda(&cuda) == 0 && cuda > 0)
        extras_word(arena, device, EXTRA_CUDA, arena_printf(arena, "%d.%d", cuda / 1000, cuda % 1000 / 10));
}

static bool read_cards(const struct nvml *nvml, struct arena *arena, struct device *device)
{
    unsigned count = 0;
    bool found = false;
    if (nvml->count(&count) != 0)
        return false;
    for (unsigned i = 0; i < count && i < CARDS_MAX; i++) {
        void *handle = NULL;
        char name[NAME_SIZE] = "";
        struct nvml_memory memory = {0};
        if (nvml->handle(i, &handle) != 0 || nvml->name(handle, name, sizeof(name) - 1) != 0)
            continue;
        /* Chips that share the machine's memory have none of their own. */
        bool known = nvml->memory(handle, &memory) == 0 && memory.total > 0;
        chips_add(arena, device, fact_text(arena, str_of(name)), "gpu", known ? (double)memory.total : (double)NAN,
                  COUNT_UNKNOWN);
        found = true;
    }
    return found;
}

bool nvml_read(struct arena *arena, struct device *device)
{
    struct nvml nvml = {.library = NULL};
    bool found = false;
    if (open_library(&nvml) && nvml.init() == 0) {
        read_versions(&nvml, arena, device);
        found = read_cards(&nvml, arena, device);
        (void)nvml.shutdown();
    }
    if (nvml.library != NULL)
        (void)dlclose(nvml.library);
    return found;
}

/* ---------------------------------------------------------------- while something runs */

#define SENSOR_GPU 0
#define CLOCK_SM 1
/* Bits of the reasons: hardware, thermal (of software and of hardware) and power brake slowdown. A card at its power
 * limit does what it is made for. */
#define SLOWED_DOWN 0xE8ULL

static void watch_card(const struct nvml *nvml, void *handle, struct nvml_state *state)
{
    unsigned number = 0;
    unsigned long long reasons = 0;
    if (nvml->temperature != NULL && nvml->temperature(handle, SENSOR_GPU, &number) == 0 && number > 0 &&
        !(number <= state->temperature))
        state->temperature = number;
    if (nvml->power != NULL && nvml->power(handle, &number) == 0)
        state->power_w = (isnan(state->power_w) ? 0 : state->power_w) + number / 1e3;
    if (nvml->clock != NULL && nvml->clock(handle, CLOCK_SM, &number) == 0 && !(number <= state->clock_mhz))
        state->clock_mhz = number;
    if (nvml->reasons != NULL && nvml->reasons(handle, &reasons) == 0)
        state->throttled = state->throttled == 1 || (reasons & SLOWED_DOWN) != 0;
}

bool nvml_watch(struct nvml_state *ret)
{
    static struct nvml nvml;
    static enum { UNTRIED, OPEN, MISSING } library = UNTRIED;
    unsigned count = 0;
    *ret = (struct nvml_state){(double)NAN, (double)NAN, (double)NAN, -1};
    if (library == UNTRIED) {
        library = open_library(&nvml) && nvml.init() == 0 ? OPEN : MISSING;
        if (library == OPEN) {
            (void)FIND(&nvml, temperature, "nvmlDeviceGetTemperature");
            (void)FIND(&nvml, power, "nvmlDeviceGetPowerUsage");
            (void)FIND(&nvml, clock, "nvmlDeviceGetClockInfo");
            (void)FIND(&nvml, reasons, "nvmlDeviceGetCurrentClocksThrottleReasons");
        }
    }
    if (library == MISSING || nvml.count(&count) != 0)
        return false;
    for (unsigned i = 0; i < count && i < CARDS_MAX; i++) {
        void *handle = NULL;
        if (nvml.handle(i, &handle) == 0)
            watch_card(&nvml, handle, ret);
    }
    return count > 0;
}
