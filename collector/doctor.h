/* What may be wrong with a database and the machine it stands on, and what to do about each. */
#ifndef COLLECTOR_DOCTOR_H
#define COLLECTOR_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/database.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/text/table.h"

enum doctor_verdict { DOCTOR_GOOD, DOCTOR_WARNING, DOCTOR_BAD };

/* One row for each thing looked at: check, verdict, found, advice. */
struct doctor {
    struct table findings;
    enum doctor_verdict worst;
};
void doctor_done(struct doctor *doctor);
#define autodoctor cleanup(doctor_done)

/* `sample` bytes of submissions are hashed; 0 = all. Fails only when it cannot go on: what is wrong is a finding. */
int doctor_look(const struct database *database, int64_t sample, struct doctor *ret, struct err *err) must_check;

#endif
