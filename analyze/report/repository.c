#include "analyze/report/repository.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/process.h"
#include "schema/base/str.h"

#define OUTPUT_BYTES_MAX ((size_t)1 << 20)
#define GIT_LIMIT_MS (10 * 60 * 1000)
#define WORDS_MOST 40

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void repository_done(struct repository *repository)
{
    if (repository->temporary != NULL)
        (void)nftw(repository->temporary, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    arena_done(&repository->arena);
    memset(repository, 0, sizeof(*repository));
}

/* ---- git */

enum git_place {
    IN_REPOSITORY, /* reads and refs */
    IN_TEMPORARY,  /* with the index and the tree of ours */
    IN_CHECKOUT    /* the work tree of the branch, as a person would */
};

/* Variables that a hook or a shell may have set would lead elsewhere; messages are shown, so they are in English. */
static size_t begin_command(const struct repository *repository, enum git_place place, struct arena *arena,
                            const char *words[WORDS_MOST])
{
    static const char *const first[] = {"env",
                                        "-u",
                                        "GIT_DIR",
                                        "-u",
                                        "GIT_WORK_TREE",
                                        "-u",
                                        "GIT_INDEX_FILE",
                                        "-u",
                                        "GIT_OBJECT_DIRECTORY",
                                        "-u",
                                        "GIT_NAMESPACE",
                                        "LC_ALL=C",
                                        "GIT_LITERAL_PATHSPECS=1",
                                        "GIT_TERMINAL_PROMPT=0"};
    static const char *const settings[] = {"-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false",
                                           "-c", "user.useConfigOnly=true"};
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(first); i++)
        words[count++] = first[i];
    if (place == IN_TEMPORARY)
        words[count++] = arena_printf(arena, "GIT_INDEX_FILE=%s/index", repository->temporary);
    words[count++] = "git";
    for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
        words[count++] = settings[i];
    if (place == IN_CHECKOUT || repository->git == NULL) {
        words[count++] = "-C";
        words[count++] = place == IN_CHECKOUT ? repository->checkout : repository->given;
    } else {
        words[count++] = arena_printf(arena, "--git-dir=%s", repository->git);
    }
    if (place == IN_TEMPORARY)
        words[count++] = arena_printf(arena, "--work-tree=%s/tree", repository->temporary);
    return count;
}

/* The exit status of git; its output without the line break at the end, and what it says in case of trouble. */
static int git(const struct repository *repository, enum git_place place, const char *const *arguments, struct buf *out,
               struct buf *said, int *ret_exit, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    const char *words[WORDS_MOST];
    struct process_result result = {.exit_status = -1};
    size_t count = begin_command(repository, place, &arena, words);

    for (size_t i = 0; arguments[i] != NULL && count + 1 < WORDS_MOST; i++)
        words[count++] = arguments[i];
    words[count] = NULL;
    int status = arena_check(&arena, err);

    if (status == 0)
        status = process_run(words, GIT_LIMIT_MS, out, said, &result, err);
    if (status < 0)
        return status;
    if (result.exit_status == 127) {
        (void)err_set(err, ERR_SERVICE, "there is no git here");
        return err_hint(err, "install git, or publish into a folder without --git");
    }
    while (out != NULL && out->len > 0 && out->data[out->len - 1] == '\n')
        out->data[--out->len] = '\0';
    *ret_exit = result.exit_status;
    return 0;
}

/* The first line that tells something. */
static int git_failed(const struct repository *repository, enum err_code code, const char *what, const struct buf *said,
                      struct err *err)
{
    struct str rest = str_slice(buf_text(said), said->len), line = STR("");

    while (str_next_line(&rest, &line) && str_trim(line).len == 0)
        ;
    (void)err_set(err, code, "%s", what);
    (void)err_path(err, "%s", repository->given);
    return line.len > 0 ? err_detail(err, "git: %.*s", (int)line.len, line.data) : -(int)code;
}

/* Must exit 0. */
static int git_do(const struct repository *repository, enum git_place place, const char *const *arguments,
                  struct buf *out, const char *what, struct err *err)
{
    autobuf struct buf said = BUF(OUTPUT_BYTES_MAX);
    int exit_status = 0;
    const int status = git(repository, place, arguments, out, &said, &exit_status, err);

    if (status < 0 || exit_status == 0)
        return status;
    return git_failed(repository, ERR_CANNOT_WRITE, what, &said, err);
}

/* What git prints, in the arena; NULL when it exits with something else than 0. */
static int git_ask(struct repository *repository, enum git_place place, const char *const *arguments, const char **ret,
                   struct err *err)
{
    autobuf struct buf out = BUF(OUTPUT_BYTES_MAX);
    int exit_status = 0;
    const int status = git(repository, place, arguments, &out, NULL, &exit_status, err);

    if (status < 0)
        return status;
    *ret = exit_status == 0 ? arena_strdup(&repository->arena, buf_text(&out)) : NULL;
    return arena_check(&repository->arena, err);
}

/* ---- opening */

static bool stays_inside(const char *folder)
{
    struct str rest = str_of(folder), part;

    if (folder[0] == '/' || folder[0] == '\0')
        return false;
    while (str_next_field(&rest, '/', &part))
        if (str_equal(part, STR("..")) || str_equal_ignore_case(part, STR(".git")))
            return false;
    return true;
}

static int find_git(struct repository *repository, struct err *err)
{
    const char *const arguments[] = {"rev-parse", "--absolute-git-dir", NULL};
    autobuf struct buf out = BUF(PATH_MAX), said = BUF(OUTPUT_BYTES_MAX);
    int exit_status = 0;
    const int status = git(repository, IN_REPOSITORY, arguments, &out, &said, &exit_status, err);

    if (status < 0)
        return status;
    if (exit_status != 0) {
        (void)git_failed(repository, ERR_DATA, "this is no git repository that can be used", &said, err);
        return err_hint(err, "name the folder of a repository; git init makes one");
    }
    repository->git = arena_strdup(&repository->arena, buf_text(&out));
    return arena_check(&repository->arena, err);
}

static int check_identity(const struct repository *repository, struct err *err)
{
    static const char *const names[] = {"GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const char *const arguments[] = {"var", names[i], NULL};
        int exit_status = 0;
        const int status = git(repository, IN_REPOSITORY, arguments, NULL, NULL, &exit_status, err);

        if (status < 0)
            return status;
        if (exit_status == 0)
            continue;
        (void)err_set(err, ERR_DATA, "git does not know who commits");
        (void)err_path(err, "%s", repository->given);
        return err_hint(err, "git config user.name NAME and git config user.email ADDRESS in that repository");
    }
    return 0;
}

static int choose_branch(struct repository *repository, const char *branch, struct err *err)
{
    const char *const current[] = {"symbolic-ref", "--short", "-q", "HEAD", NULL};
    const char *const valid[] = {"check-ref-format", "--branch", branch, NULL};
    const char *name = NULL;
    const int status = git_ask(repository, IN_REPOSITORY, branch == NULL ? current : valid, &name, err);

    if (status < 0)
        return status;
    repository->branch = name;
    if (name != NULL && name[0] != '-')
        return 0;
    if (branch != NULL)
        return err_set(err, ERR_USAGE, "--branch: \"%s\" is no name of a branch", branch);
    (void)err_set(err, ERR_DATA, "no branch is checked out there");
    (void)err_path(err, "%s", repository->given);
    return err_hint(err, "name one with --branch");
}

static int find_commits(struct repository *repository, struct err *err)
{
    autofree char *reference = mem_printf("refs/heads/%s^{commit}", repository->branch);
    const char *const of_branch[] = {"rev-parse", "--verify", "-q", reference, NULL};
    const char *const of_head[] = {"rev-parse", "--verify", "-q", "HEAD^{commit}", NULL};
    int status =
        reference == NULL ? mem_error(err) : git_ask(repository, IN_REPOSITORY, of_branch, &repository->tip, err);

    repository->start = repository->tip;
    if (status == 0 && repository->tip == NULL)
        status = git_ask(repository, IN_REPOSITORY, of_head, &repository->start, err);
    return status;
}

/* "worktree PATH", then lines about it, among them "branch refs/heads/NAME". */
static int find_checkout(struct repository *repository, struct err *err)
{
    const char *const arguments[] = {"worktree", "list", "--porcelain", NULL};
    const char *list = NULL;
    const int status = git_ask(repository, IN_REPOSITORY, arguments, &list, err);
    autofree char *wanted = mem_printf("branch refs/heads/%s", repository->branch);
    struct str rest = str_of(list), line, path = STR("");

    if (wanted == NULL)
        return mem_error(err);
    while (status == 0 && str_next_line(&rest, &line)) {
        if (str_starts_with(line, STR("worktree ")))
            path = str_slice(line.data + strlen("worktree "), line.len - strlen("worktree "));
        else if (str_equal(line, str_of(wanted)))
            repository->checkout = arena_strndup(&repository->arena, path.data, path.len);
    }
    return status < 0 ? status : arena_check(&repository->arena, err);
}

static int check_clean(const struct repository *repository, struct err *err)
{
    const char *const arguments[] = {"status", "--porcelain", "--untracked-files=no", NULL};
    autobuf struct buf out = BUF(OUTPUT_BYTES_MAX);

    if (repository->checkout == NULL)
        return 0;
    const int status = git_do(repository, IN_CHECKOUT, arguments, &out, "cannot see what the work tree holds", err);

    if (status < 0 || out.len == 0)
        return status;
    (void)err_set(err, ERR_CANNOT_WRITE, "the branch %s is checked out with changes that are not committed",
                  repository->branch);
    (void)err_path(err, "%s", repository->checkout);
    return err_hint(err, "commit or stash them, or publish to another branch with --branch");
}

/* The folder as the branch has it, in a tree of ours. */
static int take_out(struct repository *repository, struct err *err)
{
    const char *parent = getenv("TMPDIR");
    char *temporary =
        arena_printf(&repository->arena, "%s/crosschip-git.XXXXXX", text_is_empty(parent) ? "/tmp" : parent);
    const char *const read[] = {"read-tree", repository->start, NULL};
    const char *const list[] = {"ls-files", "--", repository->inside, NULL};
    const char *const checkout[] = {"checkout", "-q", "--", repository->inside, NULL};
    const char *held = NULL;

    if (temporary == NULL)
        return mem_error(err);
    if (mkdtemp(temporary) == NULL) {
        (void)err_set(err, ERR_CANNOT_WRITE, "cannot make a temporary folder");
        (void)err_path(err, "%s", temporary);
        return err_hint(err, "set TMPDIR to a folder that this account may write");
    }
    repository->temporary = temporary;
    repository->folder = arena_printf(&repository->arena, "%s/tree/%s", temporary, repository->inside);
    repository->place =
        arena_printf(&repository->arena, "%s:%s:%s", repository->git, repository->branch, repository->inside);
    int status = arena_check(&repository->arena, err);

    if (status == 0)
        status = file_make_folders(repository->folder, 0755, err);
    if (status == 0 && repository->start != NULL)
        status = git_do(repository, IN_TEMPORARY, read, NULL, "cannot read the branch", err);
    if (status == 0)
        status = git_ask(repository, IN_TEMPORARY, list, &held, err);
    if (status == 0 && !text_is_empty(held))
        status = git_do(repository, IN_TEMPORARY, checkout, NULL, "cannot take the folder out of the branch", err);
    return status;
}

int repository_open(const char *path, const char *branch, const char *folder, struct repository *ret, struct err *err)
{
    autorepository struct repository repository = {.given = path, .inside = folder};

    if (!stays_inside(folder)) {
        (void)err_set(err, ERR_USAGE, "with --git, DIR is a folder of the repository");
        (void)err_path(err, "%s", folder);
        return err_hint(err, "a path such as reports, seen from the top of the repository; \".\" is the top itself");
    }
    int status = find_git(&repository, err);

    if (status == 0)
        status = check_identity(&repository, err);
    if (status == 0)
        status = choose_branch(&repository, branch, err);
    if (status == 0)
        status = find_commits(&repository, err);
    if (status == 0)
        status = find_checkout(&repository, err);
    if (status == 0)
        status = check_clean(&repository, err);
    if (status == 0)
        status = take_out(&repository, err);
    if (status < 0)
        return status;
    *ret = repository;
    memset(&repository, 0, sizeof(repository));
    return 0;
}

/* ---- committing */

static int move_branch(struct repository *repository, const char *commit, struct err *err)
{
    autofree char *reference = mem_printf("refs/heads/%s", repository->branch);
    const char *const follow[] = {"merge", "--ff-only", "-q", commit, NULL};
    const char *const update[] = {"update-ref", "-m",   "crosschip-analyze publish",
                                  reference,    commit, repository->tip != NULL ? repository->tip : "",
                                  NULL};

    if (reference == NULL)
        return mem_error(err);
    if (repository->checkout == NULL)
        return git_do(repository, IN_REPOSITORY, update, NULL, "the branch cannot be moved", err);
    const int status = git_do(repository, IN_CHECKOUT, follow, NULL, "the branch cannot be moved", err);

    return status < 0 ? err_hint(err, "the branch and its work tree are as before") : status;
}

static int make_commit(struct repository *repository, const char *tree, const char *message, const char **ret,
                       struct err *err)
{
    autofree char *file = mem_printf("%s/message", repository->temporary);
    const char *const arguments[] = {"commit-tree",     tree, "-F", file, repository->start != NULL ? "-p" : NULL,
                                     repository->start, NULL};
    autobuf struct buf out = BUF(OUTPUT_BYTES_MAX);

    if (file == NULL)
        return mem_error(err);
    int status = file_replace(file, 0600, message, strlen(message), err);

    if (status == 0)
        status = git_do(repository, IN_TEMPORARY, arguments, &out, "cannot commit", err);
    if (status < 0)
        return status;
    *ret = arena_strdup(&repository->arena, buf_text(&out));
    return arena_check(&repository->arena, err);
}

int repository_commit(struct repository *repository, const char *message, const char **ret_commit, struct err *err)
{
    const char *const add[] = {"add", "-A", "-f", "--", repository->inside, NULL};
    const char *const write[] = {"write-tree", NULL};
    autofree char *start = mem_printf("%s^{tree}", repository->start != NULL ? repository->start : "");
    const char *const before[] = {"rev-parse", "--verify", "-q", start, NULL};
    const char *tree = NULL, *old = NULL, *commit = NULL;
    int status =
        start == NULL ? mem_error(err) : git_do(repository, IN_TEMPORARY, add, NULL, "cannot add the files", err);

    if (status == 0)
        status = git_ask(repository, IN_TEMPORARY, write, &tree, err);
    if (status == 0 && tree == NULL)
        status = err_set(err, ERR_CANNOT_WRITE, "git cannot write the tree");
    if (status == 0 && repository->start != NULL)
        status = git_ask(repository, IN_REPOSITORY, before, &old, err);
    if (status < 0)
        return status;
    *ret_commit = NULL;
    if (text_equal(tree, old))
        return 0;
    status = make_commit(repository, tree, message, &commit, err);
    if (status == 0)
        status = move_branch(repository, commit, err);
    if (status == 0)
        *ret_commit = commit;
    return status;
}
