/* What one submission costs at intake and behind it, one after the other on one connection.
 *
 *   follow CONNINFO COUNT CONTRIBUTORS
 *
 * Stores COUNT bundles of bundles.h, of CONTRIBUTORS contributors in turn (intake, in batches), then seals, judges,
 * observes and summarises them all. Prints a line: microseconds of wall time a submission for each step ("intake",
 * "seal", "judge", "observe", "summarise"), and "cells". */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/follow/observe.h"
#include "collector/follow/summarise.h"
#include "collector/intake/intake.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "tests/bench/ingest/bundles.h"

enum { CONTRIBUTORS_MOST = 100000 };

static void check(int code, const struct err *err)
{
    if (code != 0) {
        fprintf(stderr, "follow: %s\n", err->text);
        exit(69);
    }
}

static void store(struct db *db, struct bundle_kind *kinds, int64_t count, int64_t contributors)
{
    static struct prepared *items[INTAKE_BATCH_MAX];
    static struct outcome outcomes[INTAKE_BATCH_MAX];
    struct err err;
    for (int64_t at = 0; at < count;) {
        size_t batch = 0;
        for (; batch < INTAKE_BATCH_MAX && at < count; batch++, at++) {
            struct bundle_kind *kind = &kinds[at % BUNDLE_KINDS];
            struct intake_policy policy = {.proved = true, .origin = "http"};
            const uint32_t contributor = (uint32_t)(at % contributors) + 1;
            memcpy(policy.contributor_key, &contributor, sizeof contributor);
            bundle_put_number(kind->text.data + kind->number_at, (uint64_t)at);
            check(intake_check(str_slice(kind->text.data, kind->text.len), NULL, &policy, &items[batch], &err), &err);
        }
        check(intake_store(db, items, batch, clock_wall_us(), outcomes, &err), &err);
        for (size_t i = 0; i < batch; i++) {
            check(outcomes[i].kind == OUTCOME_CREATED ? 0 : err_set(&err, ERR_FOUND, "a bundle was there before"),
                  &err);
            prepared_free(items[i]);
        }
    }
}

static void seal_all(struct db *db)
{
    struct sealer sealer = {0};
    struct sealing sealing;
    struct err err;
    do {
        check(log_seal(db, &sealer, clock_wall_us(), &sealing, &err), &err);
    } while (sealing.entries > 0);
}

static void judge_all(struct db *db)
{
    struct piece piece;
    struct err err;
    do {
        check(judge_round(db, clock_wall_us(), &piece, &err), &err);
    } while (piece.behind > 0);
}

/* In turn, as the collector does it. */
static void follow_all(struct db *db, int64_t *ret_observing_us, int64_t *ret_summarising_us)
{
    struct piece observed, summarised;
    struct err err;
    do {
        const int64_t begun_us = clock_monotonic_us();
        check(observe_round(db, &observed, &err), &err);
        const int64_t observed_us = clock_monotonic_us();
        check(summarise_round(db, &summarised, &err), &err);
        *ret_observing_us += observed_us - begun_us;
        *ret_summarising_us += clock_monotonic_us() - observed_us;
    } while (observed.behind + summarised.behind > 0);
}

int main(int argc, char **argv)
{
    struct bundle_kind kinds[BUNDLE_KINDS];
    int64_t count = 0, contributors = 0, observing_us = 0, summarising_us = 0;
    autodb struct db *db = NULL;
    autoresult struct db_result *cells = NULL;
    struct err err;
    if (argc != 4 || !number_parse_int64(str_of(argv[2]), &count) ||
        !number_parse_int64(str_of(argv[3]), &contributors) || count < 1 || contributors < 1 ||
        contributors > CONTRIBUTORS_MOST) {
        fprintf(stderr, "usage: follow CONNINFO COUNT CONTRIBUTORS\n");
        return 64;
    }
    check(db_connect(argv[1], &(struct db_options){.writes = true}, &db, &err), &err);
    bundles_make(kinds);
    const int64_t begun_us = clock_monotonic_us();
    store(db, kinds, count, contributors);
    const int64_t stored_us = clock_monotonic_us();
    seal_all(db);
    const int64_t sealed_us = clock_monotonic_us();
    judge_all(db);
    const int64_t judged_us = clock_monotonic_us();
    follow_all(db, &observing_us, &summarising_us);
    check(db_query(db, "select count(*) from cell", NULL, &cells, &err), &err);
    printf("intake %.1f seal %.1f judge %.1f observe %.1f summarise %.1f cells %" PRId64 "\n",
           (double)(stored_us - begun_us) / (double)count, (double)(sealed_us - stored_us) / (double)count,
           (double)(judged_us - sealed_us) / (double)count, (double)observing_us / (double)count,
           (double)summarising_us / (double)count, db_int64(cells, 0, 0));
    bundles_done(kinds);
    return 0;
}
