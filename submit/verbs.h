/* The verbs of crosschip-submit; each stands in its own cmd_*.c. */
#ifndef SUBMIT_VERBS_H
#define SUBMIT_VERBS_H

#include "schema/base/options.h"

extern const struct option send_options[], check_options_table[], device_options[], formats_options[], chip_options[],
    queue_options[], status_options[], login_options[], withdraw_options[], claim_options[], run_options[],
    bench_options_table[], trust_options[];

int cmd_send(const struct invocation *invocation, struct err *err);
int cmd_run(const struct invocation *invocation, struct err *err);
int cmd_bench(const struct invocation *invocation, struct err *err);
int cmd_check(const struct invocation *invocation, struct err *err);
int cmd_device(const struct invocation *invocation, struct err *err);
int cmd_formats(const struct invocation *invocation, struct err *err);
int cmd_chip(const struct invocation *invocation, struct err *err);
int cmd_queue(const struct invocation *invocation, struct err *err);
int cmd_status(const struct invocation *invocation, struct err *err);
int cmd_login(const struct invocation *invocation, struct err *err);
int cmd_withdraw(const struct invocation *invocation, struct err *err);
int cmd_claim(const struct invocation *invocation, struct err *err);
int cmd_trust(const struct invocation *invocation, struct err *err);

#endif
