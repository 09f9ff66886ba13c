/* The key of one client: made once, kept private, refused when it is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/proof/client_key.h"

static char folder[] = "/tmp/crosschip-key-XXXXXX";
static char path[64], key_folder[64];

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(key_folder, sizeof key_folder, "%s/config", folder);
    (void)snprintf(path, sizeof path, "%s/config/key", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)rmdir(key_folder);
    return rmdir(folder);
}

static int forget(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static void write_key(const char *text, mode_t mode)
{
    assert_int_equal(file_make_folders(key_folder, 0700, NULL), 0);
    assert_int_equal(file_replace(path, 0600, text, strlen(text), NULL), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static const char one_key[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

static void makes_a_private_key_once(void **state)
{
    (void)state;
    struct client_key key, again;
    struct err err = {0};
    struct stat status;
    assert_int_equal(client_key_load(path, &key, &err), -(int)ERR_NOT_FOUND);
    assert_string_equal(err.path, path);
    assert_int_equal(client_key_load_or_make(path, &key, &err), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 65);
    assert_int_equal(client_key_load_or_make(path, &again, &err), 0);
    assert_memory_equal(&key, &again, sizeof key);
    (void)unlink(path);
    assert_int_equal(client_key_load_or_make(path, &again, &err), 0);
    assert_memory_not_equal(&key, &again, sizeof key);
}

static void reads_a_key_that_was_brought(void **state)
{
    (void)state;
    struct client_key key;
    write_key(one_key, 0600);
    assert_int_equal(client_key_load(path, &key, NULL), 0);
    for (unsigned char i = 0; i < sizeof key.bytes; i++)
        assert_int_equal(key.bytes[i], i);
    write_key(one_key, 0400);
    assert_int_equal(client_key_load_or_make(path, &key, NULL), 0);
    client_key_done(&key);
    assert_int_equal(key.bytes[31], 0);
}

static void refuses_a_key_that_others_may_read(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0640, 0604, 0620, 0610, 0601, 0666};
    for (size_t i = 0; i < ARRAY_LENGTH(open_modes); i++) {
        struct client_key key = {{7}};
        struct err err = {0};
        write_key(one_key, open_modes[i]);
        assert_int_equal(client_key_load_or_make(path, &key, &err), -(int)ERR_NOT_ALLOWED);
        assert_non_null(strstr(err.hint, "chmod 600"));
        assert_non_null(strstr(err.hint, path));
        assert_int_equal(key.bytes[0], 7);
    }
}

static void refuses_what_is_no_key(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "\n", "0001",
                                        "xx0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        struct client_key key = {{7}};
        write_key(wrong[i], 0600);
        assert_int_equal(client_key_load_or_make(path, &key, NULL), -(int)ERR_DATA);
        assert_int_equal(key.bytes[0], 7);
    }
    struct client_key key;
    struct err err = {0};
    assert_int_equal(client_key_load_or_make(folder, &key, &err), -(int)ERR_DATA);
    assert_int_equal(client_key_load_or_make("/dev/null/key", &key, &err), -(int)ERR_IO);
}

static int count_files(void)
{
    int count = 0;
    DIR *open_folder = opendir(key_folder);
    assert_non_null(open_folder);
    while (readdir(open_folder))
        count++;
    (void)closedir(open_folder);
    return count - 2;
}

/* Eight programs that start at once: one key, and no temporary file left. */
static void gives_all_the_same_key(void **state)
{
    (void)state;
    pid_t children[8];
    int results[2];
    assert_int_equal(pipe(results), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(children); i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct client_key key;
            int r = client_key_load_or_make(path, &key, NULL);
            _exit(r == 0 && write(results[1], key.bytes, sizeof key.bytes) == sizeof key.bytes ? 0 : 1);
        }
    }
    struct client_key first, other;
    for (size_t i = 0; i < ARRAY_LENGTH(children); i++) {
        int status = 1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
        assert_int_equal(read(results[0], i == 0 ? first.bytes : other.bytes, sizeof other.bytes), sizeof other.bytes);
        if (i > 0)
            assert_memory_equal(&first, &other, sizeof first);
    }
    (void)close(results[0]);
    (void)close(results[1]);
    assert_int_equal(count_files(), 1);
}

/* Computed with Python: hmac.new(bytes(range(32)), b"run 1", "sha256"), then hashlib.sha256 of it. */
static void derives_secret_and_commitment(void **state)
{
    (void)state;
    struct client_key key;
    char hex[SHA256_HEX_SIZE];
    write_key(one_key, 0600);
    assert_int_equal(client_key_load(path, &key, NULL), 0);
    struct sha256 secret = withdraw_secret(&key, "run 1", 5);
    struct sha256 commitment = withdraw_commitment(&secret);
    assert_string_equal(sha256_hex(hex, &secret), "c8c6e45c39f7eb855d337a9f1d45dd7771cdafe53b3f118cabae90ea85e4634f");
    assert_string_equal(sha256_hex(hex, &commitment),
                        "8706f9b040a0185df469a09ed13a1e5829693779ac64430e7ab94ef3e5d1c292");
    struct sha256 other = withdraw_secret(&key, "run 2", 5);
    assert_false(sha256_equal(&secret, &other));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, NULL, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makes_a_private_key_once), TEST(reads_a_key_that_was_brought), TEST(refuses_a_key_that_others_may_read),
        TEST(refuses_what_is_no_key),   TEST(gives_all_the_same_key),       TEST(derives_secret_and_commitment),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
