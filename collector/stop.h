/* SIGTERM and SIGINT ask the program to stop, SIGHUP to read its files again; whoever serves waits for that here. */
#ifndef COLLECTOR_STOP_H
#define COLLECTOR_STOP_H

#include <signal.h>
#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* Not zero once a signal came. */
extern volatile sig_atomic_t stop_requested;

/* True once after each SIGHUP. */
bool stop_take_reload(void);
/* Installs the handlers and ignores SIGPIPE. */
int stop_install(struct err *err) must_check;
/* Waits for a signal, at most `limit_ms`; true when it asks to stop. */
bool stop_wait(int limit_ms);
/* Threads that are started between the two calls never run the handlers. */
void stop_hold(void);
void stop_release(void);

#endif
