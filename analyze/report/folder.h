/* Whose a folder is that is to be published into. */
#ifndef ANALYZE_REPORT_FOLDER_H
#define ANALYZE_REPORT_FOLDER_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* ERR_DATA when it (open as `folder`) holds files and none is a publication's. */
int folder_check_ours(int folder, const char *name, struct err *err) must_check;

#endif
