/* A person at a terminal: questions on stderr, answers from standard input. */
#ifndef SUBMIT_TERMINAL_H
#define SUBMIT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* True when both ends are a terminal and nobody asked for silence (-q): a pipe is never asked. */
bool terminal_can_ask(void);
/* One line, trimmed, at most size - 1 bytes of valid UTF-8; asks again when it is neither. True with the answer, ""
 * when the person has none; false at the end of input. */
bool terminal_ask(const char *question, char *target, size_t size);
/* The same without showing what is typed; the terminal is put right again also when a signal ends the program.
 * -ERR_NOT_FOUND at the end of input. */
int terminal_ask_secret(const char *question, char *target, size_t size, struct err *err) must_check;

#endif
