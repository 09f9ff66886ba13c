/* A device as JSON: what `device --json` prints and `--device FILE` reads back.
 * Every fact of the table in facts.c is a member; unknown ones are null. */
#ifndef SUBMIT_DEVICE_DEVICE_JSON_H
#define SUBMIT_DEVICE_DEVICE_JSON_H

#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/json/json_write.h"
#include "submit/device/device.h"

void device_json_write(struct json_writer *writer, const struct device *device);
/* The same, and under "absent" why each unknown fact is unknown. `root` and `platform` as device_collect found them. */
void device_json_explain(struct json_writer *writer, const struct device *device, const char *root,
                         enum device_platform platform);
/* Strings live in `arena`. -ERR_SYNTAX, or -ERR_DATA with the path of the member that is not as it should be; unknown
 * members are ignored. */
int device_json_read(struct str text, struct arena *arena, struct device *ret, struct err *err) must_check;

#endif
