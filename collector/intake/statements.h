/* The SQL of collector/sql, compiled in. */
#ifndef COLLECTOR_INTAKE_STATEMENTS_H
#define COLLECTOR_INTAKE_STATEMENTS_H

/* Text of "submission_insert" and so on; a name that is not there is a programming error (asserted). */
const char *statement(const char *name);

#endif
