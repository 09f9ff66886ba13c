/* Files: whole reads with a ceiling, replacement that leaves old or new bytes and nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"

static char folder[] = "/tmp/crosschip-file-XXXXXX";

static char *path_of(const char *name)
{
    char *path = mem_printf("%s/%s", folder, name);
    assert_non_null(path);
    return path;
}

static void write_plain(const char *path, const char *text)
{
    struct err err = {0};
    assert_int_equal(file_replace(path, 0644, text, strlen(text), &err), 0);
}

/* Entries of the test folder, so that a forgotten temporary file shows. */
static int count_entries(void)
{
    DIR *open_folder = opendir(folder);
    assert_non_null(open_folder);
    int count = 0;
    for (struct dirent *entry = readdir(open_folder); entry; entry = readdir(open_folder))
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    (void)closedir(open_folder);
    return count;
}

static int make_test_folder(void **state)
{
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_test_folder(void **state)
{
    (void)state;
    DIR *open_folder = opendir(folder);
    if (!open_folder)
        return -1;
    for (struct dirent *entry = readdir(open_folder); entry; entry = readdir(open_folder)) {
        autofree char *path = path_of(entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && unlink(path) != 0)
            (void)rmdir(path);
    }
    (void)closedir(open_folder);
    return rmdir(folder);
}

static void replaces_and_reads(void **state)
{
    (void)state;
    autofree char *path = path_of("a.json");
    struct err err = {0};
    struct stat status;
    assert_int_equal(file_replace(path, 0600, "one\0two", 7, &err), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    autobuf struct buf buf = BUF(7);
    assert_int_equal(file_read(path, &buf, &err), 0);
    assert_int_equal(buf.len, 7);
    assert_memory_equal(buf.data, "one\0two", 7);
    write_plain(path, "");
    buf_reset(&buf);
    assert_int_equal(file_read(path, &buf, &err), 0);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf_text(&buf), "");
    assert_true(file_exists(path));
    assert_int_equal(unlink(path), 0);
    assert_false(file_exists(path));
    assert_int_equal(count_entries(), 0);
}

static void replaces_without_flushing(void **state)
{
    (void)state;
    autofree char *path = path_of("picture.png");
    struct err err = {0};
    struct stat status;
    write_plain(path, "before");
    assert_int_equal(file_replace_unflushed(path, 0640, "after", 5, &err), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 5);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(count_entries(), 1);
    assert_int_equal(file_replace_unflushed(folder, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(count_entries(), 0);
}

static void reads_up_to_the_limit(void **state)
{
    (void)state;
    autofree char *path = path_of("large");
    size_t size = 300001;
    autofree char *bytes = mem_zalloc(size, 1);
    assert_non_null(bytes);
    memset(bytes, 'x', size);
    struct err err = {0};
    assert_int_equal(file_replace(path, 0644, bytes, size, &err), 0);
    autobuf struct buf fits = BUF(300001), small = BUF(300000);
    assert_int_equal(file_read(path, &fits, &err), 0);
    assert_int_equal(fits.len, size);
    assert_int_equal(file_read(path, &small, &err), -(int)ERR_LIMIT);
    assert_string_equal(err.path, path);
    assert_int_equal(unlink(path), 0);
}

static void names_what_cannot_be_read(void **state)
{
    (void)state;
    autofree char *missing = path_of("missing");
    autobuf struct buf buf = BUF(100);
    struct err err = {0};
    assert_int_equal(file_read(missing, &buf, &err), -(int)ERR_NOT_FOUND);
    assert_string_equal(err.path, missing);
    assert_int_equal(file_read(missing, &buf, NULL), -(int)ERR_NOT_FOUND);
    assert_int_equal(file_read(folder, &buf, &err), -(int)ERR_DATA);
    assert_non_null(strstr(err.text, "folder"));
}

static void keeps_the_old_bytes_when_the_disk_is_full(void **state)
{
    (void)state;
    autofree char *path = path_of("kept");
    autofree char *bytes = mem_zalloc(200000, 1);
    assert_non_null(bytes);
    write_plain(path, "old");
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100000;
    struct err err = {0};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int r = file_replace(path, 0644, bytes, 200000, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(r, -(int)ERR_CANNOT_WRITE);
    assert_string_equal(err.path, path);
    autobuf struct buf buf = BUF(100);
    assert_int_equal(file_read(path, &buf, &err), 0);
    assert_string_equal(buf_text(&buf), "old");
    assert_int_equal(count_entries(), 1);
    assert_int_equal(unlink(path), 0);
}

static void hints_at_a_full_disk(void **state)
{
    (void)state;
    autoclose int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0)
        skip();
    struct err err = {0};
    assert_int_equal(file_write_all(full, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "No space left"));
    assert_non_null(strstr(err.hint, "space"));
}

static void refuses_places_where_no_file_can_be(void **state)
{
    (void)state;
    autofree char *nowhere = path_of("no/such/file");
    autofree char *slash = path_of("");
    autofree char *file = path_of("plain");
    autofree char *below = path_of("plain/x");
    struct err err = {0};
    assert_int_equal(file_replace(nowhere, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.hint, "folder"));
    assert_int_equal(file_replace(slash, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_int_equal(file_replace(folder, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    write_plain(file, "x");
    assert_int_equal(file_replace(below, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_int_equal(file_make_folders(below, 0755, &err), -(int)ERR_CANNOT_WRITE);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(count_entries(), 0);
}

/* A rename over /dev/stdout or /dev/full would take it from every process of the machine. */
static void writes_to_pipes_and_devices_and_leaves_them(void **state)
{
    (void)state;
    autofree char *pipe_path = path_of("pipe");
    autofree char *link_path = path_of("full");
    struct err err = {0};
    struct stat found;
    char bytes[8] = "";
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    autoclose int reader = open(pipe_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    assert_int_equal(file_replace(pipe_path, 0644, "one", 3, &err), 0);
    assert_int_equal(read(reader, bytes, sizeof bytes - 1), 3);
    assert_string_equal(bytes, "one");
    assert_true(lstat(pipe_path, &found) == 0 && S_ISFIFO(found.st_mode));
    /* Through a link of our own: were the device replaced, this test would break it for others. */
    assert_int_equal(symlink("/dev/full", link_path), 0);
    assert_int_equal(file_replace(link_path, 0644, "x", 1, &err), -(int)ERR_CANNOT_WRITE);
    assert_true(lstat(link_path, &found) == 0 && S_ISLNK(found.st_mode));
    struct file_writer writer;
    assert_int_equal(file_writer_begin(pipe_path, 0644, &writer, &err), -(int)ERR_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "pipe"));
    assert_int_equal(unlink(pipe_path), 0);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(count_entries(), 0);
}

/* A link in the place of the file is replaced, what it points at stays. */
static void does_not_follow_a_link(void **state)
{
    (void)state;
    autofree char *victim = path_of("victim");
    autofree char *link_path = path_of("link");
    write_plain(victim, "precious");
    assert_int_equal(symlink(victim, link_path), 0);
    write_plain(link_path, "new");
    struct stat status;
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    autobuf struct buf buf = BUF(100);
    assert_int_equal(file_read(victim, &buf, NULL), 0);
    assert_string_equal(buf_text(&buf), "precious");
    assert_int_equal(unlink(victim), 0);
    assert_int_equal(unlink(link_path), 0);
}

static void makes_folders(void **state)
{
    (void)state;
    autofree char *deep = path_of("a/b//c/");
    struct err err = {0};
    assert_int_equal(file_make_folders(deep, 0755, &err), 0);
    assert_int_equal(file_make_folders(deep, 0755, &err), 0);
    assert_int_equal(file_sync_folder(deep, &err), 0);
    static const char *const parts[] = {"a/b/c", "a/b", "a"};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        autofree char *part = path_of(parts[i]);
        assert_int_equal(rmdir(part), 0);
    }
    assert_int_equal(file_sync_folder(deep, &err), -(int)ERR_CANNOT_WRITE);
}

static void reads_small_facts(void **state)
{
    (void)state;
    autofree char *path = path_of("fact");
    autofree char *pipe_path = path_of("pipe");
    autoclose int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char text[8];
    write_plain(path, " 4500 \n");
    assert_true(file_read_text_at(directory, "fact", text, sizeof text));
    assert_string_equal(text, "4500");
    write_plain(path, "12345678");
    assert_false(file_read_text_at(directory, "fact", text, sizeof text));
    assert_string_equal(text, "");
    assert_int_equal(file_replace(path, 0644, "Pi 5\0", 5, NULL), 0);
    assert_true(file_read_text_at(directory, "fact", text, sizeof text));
    assert_string_equal(text, "Pi 5");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_false(file_read_text_at(directory, "pipe", text, sizeof text));
    assert_false(file_read_text_at(directory, ".", text, sizeof text));
    assert_false(file_read_text_at(directory, "missing", text, sizeof text));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(pipe_path), 0);
}

static void knows_base_names(void **state)
{
    (void)state;
    assert_string_equal(file_base_name("a/b/c.json"), "c.json");
    assert_string_equal(file_base_name("c.json"), "c.json");
    assert_string_equal(file_base_name("a/"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_and_reads),
        cmocka_unit_test(replaces_without_flushing),
        cmocka_unit_test(reads_up_to_the_limit),
        cmocka_unit_test(names_what_cannot_be_read),
        cmocka_unit_test(keeps_the_old_bytes_when_the_disk_is_full),
        cmocka_unit_test(hints_at_a_full_disk),
        cmocka_unit_test(refuses_places_where_no_file_can_be),
        cmocka_unit_test(writes_to_pipes_and_devices_and_leaves_them),
        cmocka_unit_test(does_not_follow_a_link),
        cmocka_unit_test(makes_folders),
        cmocka_unit_test(reads_small_facts),
        cmocka_unit_test(knows_base_names),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
