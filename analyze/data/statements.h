/* The text of analyze/sql/NAME. For this room. */
#ifndef ANALYZE_DATA_STATEMENTS_H
#define ANALYZE_DATA_STATEMENTS_H

const char *analyze_statement(const char *name); /* "" = there is none */

#endif
