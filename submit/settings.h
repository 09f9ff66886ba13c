/* What a contributor says beside the file: --set NAME=VALUE, and where things of this program lie. */
#ifndef SUBMIT_SETTINGS_H
#define SUBMIT_SETTINGS_H

#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"
#include "schema/bundle/types.h"
#include "schema/formats/mapping.h"

/* option_text, option_flag and option_count for options that not every verb that sends has. */
const char *settings_text(const struct invocation *invocation, const char *name);
bool settings_flag(const struct invocation *invocation, const char *name);
size_t settings_count(const struct invocation *invocation, const char *name);

/* Applies every --set to all runs: model, quantization, backend, mode, task, category, chip, and any other
 * name as a parameter (number, true, false or a word). -ERR_USAGE for what is not NAME=VALUE. */
int settings_apply(const struct invocation *invocation, struct reading *reading, struct err *err) must_check;
/* The same without a reading: whether all are well formed, and no name is a misspelt one; one that only may be so is
 * warned of. */
int settings_check(const struct invocation *invocation, struct err *err) must_check;

/* The first option of this call, without its dashes, that says something about the bundle or how it is made; NULL when
 * the file alone makes it. What is remembered of this device and asked is none. */
const char *settings_changing(const struct invocation *invocation);
/* -ERR_USAGE when such an option is given for what is a bundle already. `path` names it. */
int settings_leave_alone(const struct invocation *invocation, const char *path, struct err *err) must_check;

/* settings_apply for one name and value from elsewhere. */
int settings_set(struct reading *reading, const char *name, const char *value, struct err *err) must_check;
/* True when no run states it, of "chip" and "model"; a model only where something was generated or inferred. */
bool settings_misses(const struct reading *reading, const char *name);
/* --map, and --set beside it. Without --map it holds nothing. -ERR_USAGE with the fields that there are. */
int settings_mapping(const struct invocation *invocation, struct mapping *ret, struct err *err) must_check;

/* --spool, else XDG_DATA_HOME/crosschip/spool, else ~/.local/share/crosschip/spool; in the arena. */
int settings_spool(const struct invocation *invocation, struct arena *arena, const char **ret,
                   struct err *err) must_check;
/* --key, else client.key beside the spool. */
int settings_key(const struct invocation *invocation, struct arena *arena, const char **ret,
                 struct err *err) must_check;

#endif
