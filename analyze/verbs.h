/* The verbs of crosschip-analyze, a file each, the reports of four tools in one. */
#ifndef ANALYZE_VERBS_H
#define ANALYZE_VERBS_H

#include "schema/base/options.h"

int verb_table(const struct invocation *invocation, struct err *err);
int verb_compare(const struct invocation *invocation, struct err *err);
int verb_check(const struct invocation *invocation, struct err *err);
int verb_modes(const struct invocation *invocation, struct err *err);
int verb_parallel(const struct invocation *invocation, struct err *err);
int verb_quantization(const struct invocation *invocation, struct err *err);
int verb_history(const struct invocation *invocation, struct err *err);
int verb_quality(const struct invocation *invocation, struct err *err);
int verb_scaling(const struct invocation *invocation, struct err *err);
int verb_efficiency(const struct invocation *invocation, struct err *err);
int verb_distribution(const struct invocation *invocation, struct err *err);
int verb_export(const struct invocation *invocation, struct err *err);
int verb_coverage(const struct invocation *invocation, struct err *err);
int verb_audit(const struct invocation *invocation, struct err *err);
int verb_verify_publication(const struct invocation *invocation, struct err *err);
int verb_report(const struct invocation *invocation, struct err *err);
int verb_publish(const struct invocation *invocation, struct err *err);

#endif
