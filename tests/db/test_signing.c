/* The signing key: made once, known to the database, and no other is taken for it. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/intake/signing.h"
#include "schema/base/mem.h"

#define NOW INT64_C(1763712000123456)

static void test_one_key(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autofree char *folder = harness_make_folder();
    autofree char *path = mem_printf("%s/signing.key", folder), *other = mem_printf("%s/other.key", folder);
    autosigner struct signer first = {0}, again = {0}, refused = {0};
    autobuf struct buf keys = BUF(BUF_MIB);
    struct err err;
    struct stat status;
    harness_ok(signer_open(db, path, NOW, &first, &err), &err);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    harness_ok(signer_open(db, path, NOW + 5, &again, &err), &err);
    assert_string_equal(first.key_id, again.key_id);
    assert_memory_equal(first.pair.public.bytes, again.pair.public.bytes, sizeof first.pair.public.bytes);
    /* A file that is not there is not made anew, … */
    harness_refused(signer_open(db, other, NOW, &refused, &err), ERR_NOT_FOUND, &err);
    assert_int_not_equal(access(other, F_OK), 0);
    assert_non_null(strstr(err.hint, "--signing-key"));
    /* … and another key is not taken for it. */
    FILE *file = fopen(other, "w");
    assert_non_null(file);
    assert_true(fputs("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(other, 0600), 0);
    harness_refused(signer_open(db, other, NOW, &refused, &err), ERR_DATA, &err);
    assert_int_equal(harness_number(db, "select count(*) from signing_key"), 1);
    harness_ok(signing_keys_write(db, &keys, &err), &err);
    assert_non_null(strstr(keys.data, first.key_id));
    assert_non_null(strstr(keys.data, "\"created_at\":\"2025-11-21T08:00:00.123456Z\",\"retired_at\":null,"
                                      "\"signed_by\":null,\"signature\":null"));
    harness_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_key, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
