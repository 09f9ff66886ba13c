/* snapshot.json: the name of a publication that others cite, with the hash of every file.
 *
 * It is true for the bytes beside it: the next publication without a name deletes it. */
#ifndef ANALYZE_REPORT_SNAPSHOT_H
#define ANALYZE_REPORT_SNAPSHOT_H

#include "analyze/report/publication.h"

#define SNAPSHOT_PATH "snapshot.json"

/* ERR_USAGE unless 1 to 64 letters, digits, '.', '-', '_' that begin with a letter or digit. */
int snapshot_check_name(const char *name, struct err *err) must_check;
/* Adds it to a publication that is otherwise complete. */
int snapshot_make(const struct report *report, const char *name, struct publication *publication,
                  struct err *err) must_check;

struct snapshot_check {
    size_t files, same;
    bool named; /* there is a snapshot.json; else only the presence of files was looked at */
    struct arena arena;
    const char *name, *hash; /* NULL unless named */
    const char **problems;   /* "charts/x.svg: differs" */
    size_t problem_count, problem_capacity;
};
void snapshot_check_done(struct snapshot_check *check);
#define autosnapshot cleanup(snapshot_check_done)
/* Compares a folder with its snapshot.json, or without one with data/manifest.json. ERR_NOT_FOUND when there is
 * neither, ERR_DATA when it cannot be read; differences are no error. */
int snapshot_verify(const char *folder, struct snapshot_check *ret, struct err *err) must_check;

#endif
