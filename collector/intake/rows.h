/* Runs and measurements of one bundle as rows of a binary COPY. */
#ifndef COLLECTOR_INTAKE_ROWS_H
#define COLLECTOR_INTAKE_ROWS_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "collector/intake/intake.h"
#include "schema/bundle/bundle.h"
#include "schema/checks/checks.h"

/* Table and columns in the order in which rows_encode puts them. */
#define ROWS_RUN                                                                                                       \
    "run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, ran_at, "                   \
    "ran_at_local, tool, tool_version, workload, device, setup, conditions, labels, flags)"
#define ROWS_MEASUREMENT                                                                                               \
    "measurement (submission_id, ordinal, run_no, series_key, metric, unit, direction, unit_given, "                   \
    "value_given, n, mean, stddev, stddev_kind, min, max, median, samples, flags)"

/* A run that names no chip, of a device that names none. */
#define ROWS_CHIP_UNSTATED "unstated"

/* Fills run_rows and measurement_rows of *prepared, whose hash is set. ERR_DATA with the path of a value that no
 * column takes, ERR_LIMIT when the rows grow beyond INTAKE_ROWS_MAX. */
int rows_encode(const struct bundle *bundle, const struct findings *findings, struct prepared *prepared,
                struct err *err) must_check;

#endif
