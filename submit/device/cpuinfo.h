/* /proc/cpuinfo of every architecture. The parser is pure: text in, struct out. */
#ifndef SUBMIT_DEVICE_CPUINFO_H
#define SUBMIT_DEVICE_CPUINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

#define CPUINFO_PARTS_MAX 8

/* Cores of one kind as Arm's main ID register names them. */
struct cpu_part {
    unsigned implementer, part;
    int64_t count;
};

struct cpuinfo {
    struct str name;          /* of the CPU; slices of the text, empty = not stated */
    struct str generic_name;  /* a name that only tells the architecture: "ARMv8 Processor rev 1 (v8l)" */
    struct str vendor;        /* "GenuineIntel" */
    struct str revision;      /* Arm boards: "Revision"; of a Raspberry Pi it names the chip */
    struct str hardware;      /* Arm boards: "Hardware" */
    struct str board;         /* Arm boards: "Model" */
    const char *architecture; /* when the text shows it: x86_64, aarch64, riscv64, …; NULL */
    int64_t processors;       /* logical CPUs listed; COUNT_UNKNOWN */
    int64_t packages, cores;  /* from physical and core ids, or "cpu cores"; COUNT_UNKNOWN */
    int64_t threads;          /* "siblings" of an excerpt that lists fewer CPUs; COUNT_UNKNOWN */
    bool hypervisor;
    struct cpu_part parts[CPUINFO_PARTS_MAX];
    size_t part_count;
};

/* The maker as people call it: "Intel", "AMD"; what stands there where there is no other name; NULL when empty. */
const char *cpu_vendor_name(struct str vendor, struct arena *arena);
/* The chip that the revision code of a Raspberry Pi tells: "a02082" is a BCM2837. NULL when it is no such code. */
const char *raspberry_chip(struct str revision);
void cpuinfo_parse(struct str text, struct cpuinfo *ret);

#endif
