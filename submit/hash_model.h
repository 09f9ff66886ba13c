/* The SHA-256 of the model files that a benchmark names, for `--hash-model`: it
 * travels as a label beside the base name, so that two files of one name can be
 * told apart. */
#ifndef SUBMIT_HASH_MODEL_H
#define SUBMIT_HASH_MODEL_H

#include "schema/bundle/types.h"
#include "submit/input.h"

#define HASH_MODEL_LABEL "model_sha256"

/* The one model file that `reading` names (in its marked paths, as the file writes them), hashed: hex in `arena`.
 * -ERR_NOT_FOUND when none of them is a file here, -ERR_USAGE when several are and nothing tells which run used which. */
int hash_model(const struct input *input, const struct reading *reading, struct arena *arena, const char **ret,
               struct err *err) must_check;

#endif
