/* A folder of a branch of a git repository, to publish into and to commit.
 *
 * The folder is taken out of the branch into a temporary one, and its new content becomes a commit on top of the branch
 * through an index of its own: neither the repository's index nor its work tree nor any other branch is touched. Where
 * the branch is checked out somewhere that work tree follows by a fast-forward, and is refused before when it has
 * changes that are not committed. Hooks are not run, nothing is pushed. */
#ifndef ANALYZE_REPORT_REPOSITORY_H
#define ANALYZE_REPORT_REPOSITORY_H

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"

struct repository {
    struct arena arena;
    const char *given;     /* as it was named */
    const char *git;       /* its git folder */
    const char *branch;    /* short name */
    const char *checkout;  /* the work tree where the branch is checked out; NULL = none */
    const char *tip;       /* commit of the branch; NULL = there is no such branch yet */
    const char *start;     /* commit that the next one follows: the tip, else that of HEAD; NULL = none yet */
    const char *temporary; /* owned on disk: an index and the tree below it */
    const char *inside;    /* the folder in the repository */
    const char *place;     /* names branch and folder for good */
    const char *folder;    /* where to publish into: the same below the temporary tree */
};
void repository_done(struct repository *repository);
#define autorepository cleanup(repository_done)

/* `branch` NULL: the one that is checked out. ERR_USAGE: a folder that leaves the repository, no name of a branch.
 * ERR_SERVICE: no git. ERR_DATA: no repository, nobody named for commits, no branch. ERR_CANNOT_WRITE: changes that
 * are not committed. All with what to do. */
int repository_open(const char *path, const char *branch, const char *folder, struct repository *ret,
                    struct err *err) must_check;
/* Commits what stands in the folder. *ret_commit (in the repository's arena): NULL when nothing differs. */
int repository_commit(struct repository *repository, const char *message, const char **ret_commit,
                      struct err *err) must_check;

#endif
