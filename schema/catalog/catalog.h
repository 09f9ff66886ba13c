/* Chips, models, quantisations, backends and metrics, and how to find them from
 * what tools print.
 *
 * The data files of this room are compiled in; everything here is constant,
 * thread-safe and needs no set-up. Names are found by rules (vendor words, core
 * counts, clock, memory and board suffixes removed; words compared without case
 * and punctuation) plus a short list of exceptions. A name that matches nothing
 * is kept as it is by the caller and never guessed. */
#ifndef SCHEMA_CATALOG_CATALOG_H
#define SCHEMA_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"

/* A chip and one of its variants ("10C/16G": CPU cores, GPU cores; for cards the memory, "80 GB"). Where variants have
 * as many GPU cores and other CPUs, one entry stands for all of them ("14-core GPU"): most names tell the GPU cores
 * alone. A chip that exists in one form has one entry with variant "". All entries of a chip stand together. */
struct chip {
    const char *name; /* "Apple M1 Pro", "NVIDIA GeForce RTX 4090" */
    const char *variant;
    const char *vendor;       /* Apple, AMD, NVIDIA, Intel, Qualcomm, … */
    const char *kind;         /* soc, cpu, gpu, npu */
    const char *family;       /* "M", "GeForce RTX" */
    const char *generation;   /* "M1", "Ada Lovelace" */
    const char *tier;         /* "", "Pro", "Max", "Ultra", "Ti" */
    int year;                 /* 0 = not known */
    int cpu_cores, gpu_cores; /* 0 = not known or none */
    double memory_gib;        /* of a card; NAN when it does not tell variants apart */
    const char *memory_type;  /* "HBM3"; "" = not known */
    double bandwidth_gb_s;    /* rated; NAN = not known */
    const char *source;
};

/* Facts that tell variants apart; 0 / NAN = not known. */
struct chip_facts {
    int64_t cpu_cores, gpu_cores;
    double memory_gib;
    const char *board; /* Mac16,1 */
};

#define CHIP_CANDIDATES_MAX 8
struct chip_match {
    const char *chip;          /* canonical name; NULL = matches nothing */
    const char *variant;       /* NULL = not known (several are possible) */
    const struct chip *entry;  /* of chip and variant; NULL when the variant is not known */
    double bandwidth_max_gb_s; /* largest rated one of the possible variants: the bound of the physics check; NAN */
    const char
        *candidates[CHIP_CANDIDATES_MAX]; /* when chip is NULL: nearest names; when the variant is NULL: the variants */
    size_t candidate_count;
    int count; /* "2x RTX 4090", "RTX 4090 x2": 2; 1 when not stated */
};
/* Always fills *ret. `facts` may be NULL; facts inside the name ("(7-core GPU)", "12P+4E+40GPU", "80GB") count too. */
void catalog_match_chip(const char *raw, const struct chip_facts *facts, struct chip_match *ret);
/* What names mean that no rule here knows, as the caller's moderators decided: of chips or of models, in the order of
 * names (strcmp). A name counts in its exact bytes, and only where the catalogue itself finds nothing. */
struct catalog_alias {
    const char *name, *target, *variant; /* variant of a chip; "" = as the facts tell */
};
struct catalog_aliases {
    const struct catalog_alias *items;
    size_t count;
};
/* NULL when there is none. `aliases` may be NULL. */
const struct catalog_alias *catalog_alias(const struct catalog_aliases *aliases, const char *name);
/* As catalog_match_chip, and then by the aliases. */
void catalog_match_chip_or_alias(const char *raw, const struct chip_facts *facts, const struct catalog_aliases *aliases,
                                 struct chip_match *ret);
/* The highest dense rate of a chip on a backend in any type of four bits or more, as its maker states it, in 10^12
 * operations a second; NAN = not known. */
double catalog_peak_tflops(const char *chip, const char *backend);
/* Exact canonical names; variant NULL: the first entry, for what all entries of a chip share. */
const struct chip *catalog_chip(const char *name, const char *variant);
const struct chip *catalog_chips(size_t *ret_count); /* in natural order */
/* A variant is what was asked for: the same, or one of those that "14-core GPU" stands for. Both NULL or "" are no
 * variant, and are the same. */
bool catalog_variant_is(const char *variant, const char *wanted);
/* Natural order: vendor, generation by year, tier (base < Pro < Max < Ultra), variant; unknown names last, compared
 * naturally. */
int catalog_compare_chips(const char *name_a, const char *variant_a, const char *name_b, const char *variant_b);
/* Short name for charts: without vendor prefix where that stays unique ("M1 Max", "RTX 4090"). Returns a pointer into
 * name. */
const char *catalog_short_chip_name(const char *name);
/* The variant as charts print it: "32c" GPU cores for an SoC, "80 GB" for a card. */
void catalog_variant_label(const struct chip *chip, struct buf *into);

struct model {
    const char *name; /* "Llama 2 7B" */
    const char *family;
    double parameters, active_parameters; /* counts; NAN = not known */
    const char *source;
};
/* NULL = matches nothing. Takes "LLaMA 7B v2", "llama 7B mostly Q4_0", "meta-llama/Llama-2-7b-hf",
 * "llama-2-7b.Q4_0.gguf". `parameters` and `bytes` as a file states them (NAN when not) may settle which one a vague
 * name ("llama 7B") means. */
const struct model *catalog_match_model(const char *raw, double parameters, double bytes);
const struct model *catalog_model(const char *name);
/* Canonical quantisation inside a raw text ("llama 7B mostly Q4_0" gives "Q4_0"), NULL = none found. */
const char *catalog_match_quantization(const char *raw);
/* Weight bytes of a model in a quantisation where a source states them; NAN = not known. quantization may be NULL or ""
 * for a model that is one file and has one size ("llama_lm_head"). */
double catalog_model_bytes(const char *model, const char *quantization);
/* Canonical backend ("MTL" gives "Metal"); NULL = not known. */
const char *catalog_match_backend(const char *raw);

struct metric {
    const char *name;      /* "generation_throughput" */
    const char *unit;      /* "tok/s" */
    const char *direction; /* "higher" or "lower" */
    const char *title;     /* "Generation throughput", for charts and tables */
};
const struct metric *catalog_metric(const char *name);
/* Its title; `name` itself where the catalogue does not know it. */
const char *catalog_metric_title(const char *name);
const struct metric *catalog_metrics(size_t *ret_count);
/* Factor that turns a value in `unit` into the metric's unit; NAN when it does not convert. */
double catalog_unit_factor(const char *unit, const char *metric_unit);

#endif
