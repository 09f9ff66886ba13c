/* What only a person can say of a result: which device exactly, how it was cooled
 * and where it stood, a title, what was changed, when it was measured.
 *
 * Options answer beforehand. On a terminal the rest is asked once a call; what
 * concerns the device is remembered in a file of its own (0600) below
 * XDG_CONFIG_HOME, and from then on goes with every result of this machine. A
 * pipe is never asked. All answers are redacted like any other text. */
#ifndef SUBMIT_PERSON_H
#define SUBMIT_PERSON_H

#include <stdbool.h>

#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"
#include "schema/bundle/redact.h"
#include "schema/bundle/types.h"
#include "submit/device/identity.h"

/* Options that answer beforehand, of every verb that sends; --date is of those that read files. */
#define PERSON_OPTIONS                                                                                                 \
    {"device-model", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "which device exactly, as its maker sells it"},                \
        {"cooling", 0, OPTION_TEXT, "TEXT", NULL, "how the machine was cooled: fan, passive, water, …"},               \
        {"environment", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "where it stood: room, temperature, dock, lid closed, …"},  \
        {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "what this series of results is about"},                          \
        {"change", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "what was changed since the result before"},                     \
    {                                                                                                                  \
        "ask", 0, OPTION_FLAG_ONCE, NULL, NULL, "ask again what is remembered of this device"                          \
    }

enum answer { ANSWER_DEVICE_MODEL, ANSWER_COOLING, ANSWER_ENVIRONMENT, ANSWER_TITLE, ANSWER_CHANGE, ANSWER_COUNT };

struct person {
    const struct invocation *invocation;
    const struct identity_list *identities;
    struct arena arena;
    bool asks, asked_of_device, asked_of_result;
    const char *texts[ANSWER_COUNT]; /* redacted; NULL = none */
    struct redact_counts removed;
};
/* Reads the options; -ERR_USAGE for one that a bundle cannot hold. `identities` is borrowed. */
int person_open(const struct invocation *invocation, const struct identity_list *identities, struct person *ret,
                struct err *err) must_check;
void person_done(struct person *person);
/* Adds the answers to a reading, after asking for what is missing: `facts` are those of this machine when it ran here,
 * else NULL, and then nothing is asked or remembered of the device. *ret_cooling may be NULL. */
int person_complete(struct person *person, const struct device *facts, struct reading *reading,
                    const char **ret_cooling, struct err *err) must_check;

#endif
