/* Options: the order of sources, the spellings of the command line, crosschip.conf, help and exit statuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/base/options.h"
#include "schema/base/str.h"
#include "tests/unit/patience.h"

static char folder[] = "/tmp/crosschip-options-XXXXXX";
static char out[65536], bad[65536];

static void print_pair(void *context, const char *key, const char *value)
{
    (void)context;
    (void)printf(" %s=%s", key, value);
}

/* Prints all that a verb can ask. */
static int run_show(const struct invocation *invocation, struct err *err)
{
    long port = -1;
    int r = option_int(invocation, "port", 1, 65535, &port, err);
    if (r < 0)
        return r;
    const char *format = option_text(invocation, "format");
    const char *server = option_text(invocation, "server");
    (void)printf("format=%s server=%s port=%ld json=%d given=%d", format, server ? server : "-", port,
                 option_flag(invocation, "json"), option_given(invocation, "format"));
    for (size_t i = 0; i < option_count(invocation, "set"); i++)
        (void)printf(" set:%s", option_item(invocation, "set", i));
    for (size_t i = 0; i < argument_count(invocation); i++)
        (void)printf(" [%s]", argument_at(invocation, i));
    config_each(invocation, "baseline.", print_pair, NULL);
    if (option_flag(invocation, "drop"))
        (void)printf(" drop");
    for (size_t i = 0; i < option_count(invocation, "only"); i++)
        (void)printf(" only:%s", option_item(invocation, "only", i));
    if (!text_equal(option_text(invocation, "order"), "up"))
        (void)printf(" order=%s", option_text(invocation, "order"));
    (void)printf("\n");
    return 0;
}

static int run_fail(const struct invocation *invocation, struct err *err)
{
    (void)invocation;
    return err_set(err, ERR_DATA, "bad data");
}

static int run_found(const struct invocation *invocation, struct err *err)
{
    (void)invocation;
    (void)err;
    return 1;
}

static int run_many(const struct invocation *invocation, struct err *err)
{
    (void)invocation;
    (void)err;
    for (int i = 0; i < 100000; i++)
        (void)puts("a line of output");
    return 0;
}

static const struct option show_options[] = {
    {"format", 'f', OPTION_TEXT, "NAME", "auto", "Take the input as this format"},
    {"server", 0, OPTION_TEXT, "URL", NULL, "Send there"},
    {"port", 0, OPTION_TEXT, "N", NULL, "Listen there"},
    {"json", 'j', OPTION_FLAG, NULL, NULL, "Print JSON"},
    {"set", 0, OPTION_LIST, "KEY=VALUE", NULL, "State a fact"},
    {"drop", 'D', OPTION_FLAG_ONCE, NULL, NULL, "Drop it"},
    {"only", 0, OPTION_LIST_ONCE, "NAME", NULL, "Take these"},
    {"order", 0, OPTION_TEXT_ONCE, "ORDER", "up", "Sort so"},
    {0},
};

static const struct verb verbs[] = {
    {"show", "[FILE…|-]", "Show what was asked", "First paragraph.\n\n  as it is", "crosschip-try show a.json",
     show_options, 0, 3, run_show},
    {"run", "-- COMMAND…", "Run a command", NULL, "crosschip-try run -- true", NULL, 1, -1, run_found},
    {"fail", NULL, "Fail", NULL, "crosschip-try fail", NULL, 0, 0, run_fail},
    {"many", NULL, "Print much", NULL, "crosschip-try many", NULL, 0, 0, run_many},
    {0},
};

static const struct program program = {"crosschip-try", "Try the options", "What it does.", verbs};

static char *path_of(const char *name)
{
    char *path = mem_printf("%s/%s", folder, name);
    assert_non_null(path);
    return path;
}

static void read_back(const char *name, char *target, size_t size)
{
    autofree char *path = path_of(name);
    autobuf struct buf buf = BUF(BUF_MIB);
    assert_int_equal(file_read(path, &buf, NULL), 0);
    text_copy(target, size, buf_text(&buf));
}

/* Runs the program in a child with its output in files; `line` is split at blanks. */
static int call_to(const char *output, const char *line)
{
    char words[1024];
    char *argv[32] = {NULL};
    int argc = 0;
    (void)snprintf(words, sizeof words, "crosschip-try %s", line);
    char *rest = words;
    for (char *word = words; word && *word && argc < 31; word = rest) {
        argv[argc++] = word;
        rest = strchr(word, ' ');
        if (rest)
            *rest++ = '\0';
    }
    autofree char *bad_path = path_of("bad");
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int out_file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int bad_file = open(bad_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (out_file < 0 || bad_file < 0 || dup2(out_file, 1) < 0 || dup2(bad_file, 2) < 0)
            _exit(99);
        int status = program_main(&program, argc, argv);
        _exit(status);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    read_back("bad", bad, sizeof bad);
    return WEXITSTATUS(status);
}

static int call(const char *line)
{
    autofree char *out_path = path_of("out");
    int status = call_to(out_path, line);
    read_back("out", out, sizeof out);
    return status;
}

static void write_conf(const char *name, const char *text)
{
    autofree char *path = path_of(name);
    assert_int_equal(file_replace(path, 0600, text, strlen(text), NULL), 0);
    assert_int_equal(setenv("CROSSCHIP_CONFIG", path, 1), 0);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? setenv("CROSSCHIP_CONFIG", "/dev/null", 1) : -1;
}

static int forget(void **state)
{
    (void)state;
    (void)unsetenv("CROSSCHIP_FORMAT");
    (void)unsetenv("CROSSCHIP_JSON");
    (void)unsetenv("CROSSCHIP_SET");
    (void)unsetenv("CROSSCHIP_PORT");
    return setenv("CROSSCHIP_CONFIG", "/dev/null", 1);
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"out", "bad", "c.conf", "crosschip/crosschip.conf", "crosschip"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autofree char *path = path_of(names[i]);
        if (unlink(path) != 0)
            (void)rmdir(path);
    }
    return rmdir(folder);
}

static void takes_flag_before_environment_before_file_before_default(void **state)
{
    (void)state;
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=auto server=- port=-1 json=0 given=0\n");
    write_conf("c.conf", "format = file\njson = yes\n");
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=file server=- port=-1 json=1 given=0\n");
    (void)setenv("CROSSCHIP_FORMAT", "environment", 1);
    (void)setenv("CROSSCHIP_JSON", "no", 1);
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=environment server=- port=-1 json=0 given=0\n");
    assert_int_equal(call("show --format line --json"), 0);
    assert_string_equal(out, "format=line server=- port=-1 json=1 given=1\n");
    (void)setenv("CROSSCHIP_FORMAT", "", 1);
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=file server=- port=-1 json=0 given=0\n");
}

static void replaces_whole_lists(void **state)
{
    (void)state;
    write_conf("c.conf", "set = a=1\nset = b=2\n");
    assert_int_equal(call("show"), 0);
    assert_non_null(strstr(out, " set:a=1 set:b=2\n"));
    (void)setenv("CROSSCHIP_SET", "c=3", 1);
    assert_int_equal(call("show"), 0);
    assert_non_null(strstr(out, "json=0 given=0 set:c=3\n"));
    assert_int_equal(call("show --set d=4 --set=e=5"), 0);
    assert_non_null(strstr(out, "given=0 set:d=4 set:e=5\n"));
}

/* A variable that somebody forgot must not drop or choose anything. */
static void takes_what_acts_once_from_the_line_only(void **state)
{
    (void)state;
    write_conf("c.conf", "drop = yes\nonly = a\norder = down\nformat = file\n");
    assert_int_equal(setenv("CROSSCHIP_DROP", "yes", 1), 0);
    assert_int_equal(setenv("CROSSCHIP_ONLY", "b", 1), 0);
    assert_int_equal(setenv("CROSSCHIP_ORDER", "down", 1), 0);
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=file server=- port=-1 json=0 given=0\n");
    assert_int_equal(call("show -D --only c --only=d --order in"), 0);
    assert_string_equal(out, "format=file server=- port=-1 json=0 given=0 drop only:c only:d order=in\n");
    assert_int_equal(call("show --drop=yes"), 64);
    assert_int_equal(call("show --help"), 0);
    assert_non_null(strstr(out, "CROSSCHIP_FORMAT"));
    assert_null(strstr(out, "CROSSCHIP_DROP"));
    assert_null(strstr(out, "CROSSCHIP_ONLY"));
    assert_null(strstr(out, "CROSSCHIP_ORDER"));
    assert_non_null(strstr(out, "(default: up)"));
    (void)unsetenv("CROSSCHIP_DROP");
    (void)unsetenv("CROSSCHIP_ONLY");
    (void)unsetenv("CROSSCHIP_ORDER");
}

static void reads_all_spellings(void **state)
{
    (void)state;
    static const char *const same[] = {"show --format x a", "show --format=x a", "show -f x a",
                                       "show -fx a",        "show a -f x",       "show --format y -f x a",
                                       "-q show -f x a",    "show -f x -- a",    "show -vf x a"};
    for (size_t i = 0; i < ARRAY_LENGTH(same); i++) {
        assert_int_equal(call(same[i]), 0);
        assert_string_equal(out, "format=x server=- port=-1 json=0 given=1 [a]\n");
    }
    assert_int_equal(call("show -jf= -"), 0);
    assert_string_equal(out, "format== server=- port=-1 json=1 given=1 [-]\n");
    assert_int_equal(call("show -- -f --json"), 0);
    assert_string_equal(out, "format=auto server=- port=-1 json=0 given=0 [-f] [--json]\n");
    assert_int_equal(call("show --format --json"), 0);
    assert_string_equal(out, "format=--json server=- port=-1 json=0 given=1\n");
}

/* Exit status, and what must stand on stderr. */
static void refuses_with_a_hint(void **state)
{
    (void)state;
    static const struct {
        const char *line, *error, *hint;
    } cases[] = {
        {"", "verb is missing", "--help"},
        {"shwo", "no verb shwo", "Did you mean crosschip-try show?"},
        {"entirely", "no verb entirely", "--help lists"},
        {"show --fromat x", "no option --fromat", "Did you mean --format?"},
        {"show --serv=x", "no option --serv=x", "Did you mean --server?"},
        {"show --zzzzzzzz", "no option --zzzzzzzz", "--help lists"},
        {"show -Z", "no option -Z", "--help"},
        {"show --json=yes", "--json takes no value", NULL},
        {"show --format", "--format needs a value: NAME", "--help"},
        {"show -f", "--format needs a value: NAME", "--help"},
        {"show a b c d", "\"d\" is one argument too many", "Usage: crosschip-try show"},
        {"fail x", "\"x\" is one argument too many", "Usage: crosschip-try fail"},
        {"run", "-- COMMAND… is missing", "Usage: crosschip-try run"},
        {"run -m x", "no option -m", "after --"},
        {"--bogus", "no option --bogus", "after the verb"},
        {"help shwo", "no verb shwo", "show?"},
        {"show --port 0", "--port: \"0\" is no whole number from 1 to 65535", NULL},
        {"show --port 65536", "--port: \"65536\"", NULL},
        {"show --port 8x", "--port: \"8x\"", NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        int status = call(cases[i].line);
        if (status != 64 || out[0] != '\0' || strncmp(bad, "error: ", 7) != 0 || !strstr(bad, cases[i].error))
            fail_msg("\"%s\": exit %d: %s", cases[i].line, status, bad);
        const char *hint = strstr(bad, "\nhint: ");
        if (cases[i].hint && (!hint || !strstr(hint, cases[i].hint)))
            fail_msg("\"%s\": %s", cases[i].line, bad);
    }
}

static void says_where_a_bad_value_stands(void **state)
{
    (void)state;
    (void)setenv("CROSSCHIP_PORT", "none", 1);
    assert_int_equal(call("show"), 64);
    assert_non_null(strstr(bad, "error: CROSSCHIP_PORT: \"none\""));
    (void)unsetenv("CROSSCHIP_PORT");
    write_conf("c.conf", "# ports\n\nport = 70000\n");
    assert_int_equal(call("show"), 64);
    assert_non_null(strstr(bad, "c.conf:3: \"70000\""));
    assert_int_equal(call("show --port 7"), 0);
    write_conf("c.conf", "\njson = perhaps\n");
    assert_int_equal(call("show"), 64);
    assert_non_null(strstr(bad, "c.conf:2: \"perhaps\" is neither yes nor no"));
    (void)setenv("CROSSCHIP_JSON", "2", 1);
    assert_int_equal(call("show"), 64);
    assert_non_null(strstr(bad, "CROSSCHIP_JSON: \"2\" is neither yes nor no"));
}

static void reads_conf_files(void **state)
{
    (void)state;
    write_conf("c.conf", "\xEF\xBB\xBF  format=  a b  # comment\r\n"
                         "server = \"http://x/#y\" # quoted\n"
                         "baseline.llama.cpp = 'M1 \"Max\"'\n"
                         "baseline.Llama 2 7B = \"M1 \\\"Max\\\" \\\\ x\"\n"
                         "baseline.llama.cpp = M2#not a comment\n"
                         "set=\n"
                         "   # end\n");
    assert_int_equal(call("show"), 0);
    assert_string_equal(out, "format=a b server=http://x/#y port=-1 json=0 given=0 set:"
                             " baseline.Llama 2 7B=M1 \"Max\" \\ x baseline.llama.cpp=M2#not a comment\n");
    static const struct {
        const char *text, *error;
    } wrong[] = {
        {"format = a\nnonsense\n", "c.conf:2: there is no ="},
        {"= x\n", "c.conf:1: this is no key"},
        {"two words = x\n", "c.conf:1: this is no key"},
        {"[section]\n", "c.conf:1: there is no ="},
        {"[a = b]\n", "c.conf:1: this is no key"},
        {"\n\nformat = \"open\n", "c.conf:3: the quotes"},
        {"format = \"x\" y\n", "c.conf:1: the quotes"},
        {"format = \xff\n", "c.conf:1: this line is no text"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        write_conf("c.conf", wrong[i].text);
        int status = call("show");
        if (status != 64 || !strstr(bad, wrong[i].error) || !strstr(bad, "hint: "))
            fail_msg("conf %zu: exit %d: %s", i, status, bad);
    }
    (void)setenv("CROSSCHIP_CONFIG", "/nowhere/c.conf", 1);
    assert_int_equal(call("show"), 64);
    assert_non_null(strstr(bad, "/nowhere/c.conf: there is no such file"));
    assert_int_equal(call("--help"), 0);
}

static void finds_the_file_of_the_user(void **state)
{
    (void)state;
    autofree char *own = path_of("crosschip");
    assert_int_equal(mkdir(own, 0700), 0);
    write_conf("crosschip/crosschip.conf", "format = own\n");
    (void)unsetenv("CROSSCHIP_CONFIG");
    (void)setenv("XDG_CONFIG_HOME", folder, 1);
    assert_int_equal(call("show"), 0);
    assert_non_null(strstr(out, "format=own "));
    (void)setenv("XDG_CONFIG_HOME", "relative", 1);
    (void)setenv("HOME", "/nonexistent", 1);
    assert_int_equal(call("show"), 0);
    assert_null(strstr(out, "format=own "));
}

static void helps(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_us();
    assert_int_equal(call("--help"), 0);
    assert_true(clock_monotonic_us() - before < 1000000 * patience());
    assert_string_equal(bad, "");
    static const char *const wanted[] = {"Usage: crosschip-try VERB",
                                         "Try the options",
                                         "What it does.",
                                         "Show what was asked",
                                         "-q, --quiet",
                                         "CROSSCHIP_QUIET",
                                         "Example:\n  crosschip-try show a.json"};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        if (!strstr(out, wanted[i]))
            fail_msg("--help lacks \"%s\": %s", wanted[i], out);
    static const char *const lines[] = {"show --help", "help show", "show -h", "show a --help --bogus",
                                        "-v show --help"};
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        assert_int_equal(call(lines[i]), 0);
        assert_non_null(strstr(out, "Usage: crosschip-try show [options] [FILE…|-]\n"));
        assert_non_null(strstr(out, "  -f, --format NAME         Take the input as this format (default: auto)\n"
                                    "                            [CROSSCHIP_FORMAT]\n"));
        assert_non_null(strstr(out, "      --set KEY=VALUE       State a fact; may be repeated [CROSSCHIP_SET]\n"));
        assert_non_null(strstr(out, "First paragraph.\n\n  as it is\n"));
        assert_non_null(strstr(out, "Example:\n  crosschip-try show a.json\n"));
    }
    for (const char *line = out; line; line = strchr(line + 1, '\n')) {
        const char *end = strchr(line + 1, '\n');
        assert_true(!end || utf8_length(str_slice(line + 1, (size_t)(end - line - 1))) < 80);
    }
    assert_int_equal(call("--version"), 0);
    assert_string_equal(out, "crosschip-try " CROSSCHIP_VERSION "\n");
    assert_int_equal(call("show --version"), 0);
    assert_string_equal(out, "crosschip-try " CROSSCHIP_VERSION "\n");
}

static void dumps_its_tables(void **state)
{
    (void)state;
    assert_int_equal(call("--dump-options"), 0);
    assert_non_null(strstr(out, "show\tformat\ttext\tNAME\tauto\tTake the input as this format\tf\n"));
    assert_non_null(strstr(out, "show\tjson\tflag\t\t\tPrint JSON\tj\n"));
    assert_non_null(strstr(out, "fail\tquiet\tflag\t\t\t"));
    assert_int_equal(call("--dump-verbs"), 0);
    assert_non_null(strstr(out, "crosschip-try\t\tTry the options\tWhat it does.\t" CROSSCHIP_VERSION "\n"));
    assert_non_null(strstr(out, "\tFirst paragraph.\\n\\n  as it is\tcrosschip-try show a.json\n"));
}

static void exits_as_the_design_says(void **state)
{
    (void)state;
    assert_int_equal(call("fail"), 65);
    assert_string_equal(bad, "error: bad data\n");
    assert_int_equal(call("run -- x -y"), 1);
    assert_string_equal(bad, "");
}

static void notices_a_full_disk(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    static const char *const lines[] = {"--help", "show", "many", "--version", "--dump-options"};
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        assert_int_equal(call_to("/dev/full", lines[i]), 74);
        assert_string_equal(bad, "error: standard output cannot be written: No space left on device\n"
                                 "hint: Free some space on that disk, or write it elsewhere.\n");
    }
    assert_int_equal(call_to("/dev/full", "fail"), 65);
}

/* As in `crosschip-try many | head -1`. */
static void ends_quietly_when_nobody_reads(void **state)
{
    (void)state;
    autofree char *bad_path = path_of("bad");
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int bad_file = open(bad_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        char name[] = "crosschip-try", verb[] = "many";
        char *argv[] = {name, verb, NULL};
        if (bad_file < 0 || dup2(ends[1], 1) < 0 || dup2(bad_file, 2) < 0)
            _exit(99);
        _exit(program_main(&program, 2, argv));
    }
    (void)close(ends[1]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    read_back("bad", bad, sizeof bad);
    assert_string_equal(bad, "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, NULL, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_flag_before_environment_before_file_before_default),
        TEST(replaces_whole_lists),
        TEST(takes_what_acts_once_from_the_line_only),
        TEST(reads_all_spellings),
        TEST(refuses_with_a_hint),
        TEST(says_where_a_bad_value_stands),
        TEST(reads_conf_files),
        TEST(finds_the_file_of_the_user),
        TEST(helps),
        TEST(dumps_its_tables),
        TEST(exits_as_the_design_says),
        TEST(notices_a_full_disk),
        TEST(ends_quietly_when_nobody_reads),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
