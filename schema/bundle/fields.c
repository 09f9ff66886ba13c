#include "schema/bundle/fields.h"

#include <string.h>

#include "schema/bundle/types.h"

#define ROW(type, key, kind, member)                                                                                   \
    {                                                                                                                  \
        key, kind, offsetof(type, member)                                                                              \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        NULL, FIELD_NAME, 0                                                                                            \
    }

const struct field device_fields[] = {
    ROW(struct device, "chip", FIELD_NAME, chip),
    ROW(struct device, "cpu_count", FIELD_COUNT, cpu_count),
    ROW(struct device, "cores", FIELD_COUNT, cores),
    ROW(struct device, "threads", FIELD_COUNT, threads),
    ROW(struct device, "usable_threads", FIELD_COUNT, usable_threads),
    ROW(struct device, "gpu_cores", FIELD_COUNT, gpu_cores),
    ROW(struct device, "memory_bytes", FIELD_NUMBER, memory_bytes),
    ROW(struct device, "memory_type", FIELD_NAME, memory_type),
    ROW(struct device, "board", FIELD_NAME, board),
    ROW(struct device, "architecture", FIELD_NAME, architecture),
    ROW(struct device, "os_name", FIELD_NAME, os_name),
    ROW(struct device, "os_version", FIELD_NAME, os_version),
    ROW(struct device, "kernel", FIELD_NAME, kernel),
    ROW(struct device, "driver", FIELD_NAME, driver),
    ROW(struct device, "virtualization", FIELD_NAME, virtualization),
    END,
};

const struct field core_kind_fields[] = {
    ROW(struct core_kind, "name", FIELD_NAME, name),
    ROW(struct core_kind, "cores", FIELD_COUNT, cores),
    ROW(struct core_kind, "threads", FIELD_COUNT, threads),
    END,
};

const struct field device_chip_fields[] = {
    ROW(struct device_chip, "name", FIELD_NAME, name),
    ROW(struct device_chip, "kind", FIELD_NAME, kind),
    ROW(struct device_chip, "count", FIELD_COUNT, count),
    ROW(struct device_chip, "cores", FIELD_COUNT, cores),
    ROW(struct device_chip, "memory_bytes", FIELD_NUMBER, memory_bytes),
    END,
};

const struct field workload_fields[] = {
    ROW(struct workload, "model", FIELD_NAME, model),
    ROW(struct workload, "model_as_given", FIELD_NAME, model_as_given),
    ROW(struct workload, "quantization", FIELD_NAME, quantization),
    ROW(struct workload, "backend", FIELD_NAME, backend),
    ROW(struct workload, "mode", FIELD_NAME, mode),
    ROW(struct workload, "task", FIELD_NAME, task),
    ROW(struct workload, "category", FIELD_NAME, category),
    ROW(struct workload, "model_bytes", FIELD_NUMBER, model_bytes),
    ROW(struct workload, "model_parameters", FIELD_NUMBER, model_parameters),
    END,
};

const struct field measurement_fields[] = {
    ROW(struct measurement, "name", FIELD_NAME, metric),
    ROW(struct measurement, "unit", FIELD_NAME, unit),
    ROW(struct measurement, "n", FIELD_COUNT, n),
    ROW(struct measurement, "mean", FIELD_NUMBER, mean),
    ROW(struct measurement, "stddev", FIELD_NUMBER, stddev),
    ROW(struct measurement, "min", FIELD_NUMBER, min),
    ROW(struct measurement, "max", FIELD_NUMBER, max),
    ROW(struct measurement, "median", FIELD_NUMBER, median),
    ROW(struct measurement, "original_unit", FIELD_NAME, original_unit),
    ROW(struct measurement, "original_value", FIELD_NUMBER, original_value),
    END,
};

static void *member(void *object, const struct field *field)
{
    return (char *)object + field->offset;
}

const char **field_name(void *object, const struct field *field)
{
    return member(object, field);
}

int64_t *field_count(void *object, const struct field *field)
{
    return member(object, field);
}

double *field_number(void *object, const struct field *field)
{
    return member(object, field);
}

const char *field_name_of(const void *object, const struct field *field)
{
    const char *name = NULL;
    memcpy(&name, (const char *)object + field->offset, sizeof name);
    return name;
}

int64_t field_count_of(const void *object, const struct field *field)
{
    int64_t count = 0;
    memcpy(&count, (const char *)object + field->offset, sizeof count);
    return count;
}

double field_number_of(const void *object, const struct field *field)
{
    double number = 0;
    memcpy(&number, (const char *)object + field->offset, sizeof number);
    return number;
}
