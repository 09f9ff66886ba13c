/* What the files of the log share. */
#ifndef COLLECTOR_FOLLOW_LOG_ROWS_H
#define COLLECTOR_FOLLOW_LOG_ROWS_H

#include "collector/follow/log.h"

/* The head from the first row of log_head.sql or log_head_lock.sql. */
int log_head_of_row(const struct db_result *row, struct log_head *ret, struct err *err) must_check;

#endif
