/* What a person sees before anything goes. */
#ifndef SUBMIT_PREVIEW_H
#define SUBMIT_PREVIEW_H

#include "submit/pack.h"

void preview_bundle(const struct input *input, const struct packed *packed, struct buf *into);

#endif
