/* /proc/cpuinfo of every architecture. The parser is pure: text in, struct out. */
#ifndef SUBMIT_DEVICE_CPUINFO_H
#define SUBMIT_DEVICE_CPUINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

void cpuinfo_parse(struct str text, struct cpuinfo *ret);

#endif
