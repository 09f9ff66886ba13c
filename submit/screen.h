/* What child.c needs of the screen. */
#ifndef SUBMIT_SCREEN_H
#define SUBMIT_SCREEN_H

#include <stddef.h>

#include "schema/base/attributes.h"

struct screen;

/* Passes bytes of the child on to a descriptor; clears the progress line first. Negative when nobody takes them. */
int screen_write(struct screen *screen, int descriptor, const char *bytes, size_t length) must_check;

#endif
