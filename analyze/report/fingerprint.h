/* Names and versions of the fonts and libraries that decide about the bytes of pictures. Another process looks: this
 * one must not open fonts. Asked early, while this process is small and waits for what it reads, the answer costs no
 * time. */
#ifndef ANALYZE_REPORT_FINGERPRINT_H
#define ANALYZE_REPORT_FINGERPRINT_H

#include "analyze/report/workers.h"

struct fingerprint {
    struct workers workers;
    struct buf text;
    bool asked, known;
};
#define FINGERPRINT ((struct fingerprint){.text = BUF((size_t)1 << 16)})
void fingerprint_done(struct fingerprint *fingerprint);
#define autofingerprint cleanup(fingerprint_done)

/* Begins to look; before this process has a second thread. What fails is told by fingerprint_take. */
void fingerprint_ask(struct fingerprint *fingerprint);
/* Waits for the answer, asking where nobody did. *ret lives as long as `fingerprint`. */
int fingerprint_take(struct fingerprint *fingerprint, const char **ret, struct err *err) must_check;

#endif
