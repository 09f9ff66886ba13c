/* Memory in bytes: MemTotal of /proc/meminfo, else a recorded `free`. */
#ifndef SUBMIT_DEVICE_MEMORY_H
#define SUBMIT_DEVICE_MEMORY_H

#include "schema/base/str.h"

/* Bytes, or NAN. */
double meminfo_parse(struct str text);
/* `free`, `free -m`, `free -h`: the total of the line Mem:. Plain numbers are KiB, as free prints them. */
double free_parse(struct str text);

#endif
