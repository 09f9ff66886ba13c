#include "schema/proof/client_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"

#define FILE_SIZE 65    /* 64 digits and a newline */
#define SUBJECT_MOST 64 /* bytes: two hashes */

void client_key_done(struct client_key *key)
{
    proof_wipe(key, sizeof *key);
}

static int at_path(const char *path, int r, struct err *err)
{
    return err ? err_path(err, "%s", path) : r;
}

static int open_error(int reason, struct err *err)
{
    if (reason == ENOENT)
        return err_set(err, ERR_NOT_FOUND, "there is no key file");
    if (reason == EACCES)
        return err_set(err, ERR_NOT_ALLOWED, "the key may not be read by this account");
    return err_set_errno(err, ERR_IO, reason, "the key cannot be read");
}

static int check_mode(int descriptor, const char *path, struct err *err)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return err_set_errno(err, ERR_IO, errno, "the key cannot be read");
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_DATA, "is no file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return 0;
    int r = err_set(err, ERR_NOT_ALLOWED, "other accounts may read or change this key (mode %03o)",
                    (unsigned)(status.st_mode & 0777));
    return err ? err_hint(err, "Run: chmod 600 %s", path) : r;
}

static int load_open(int descriptor, const char *path, struct client_key *ret, struct err *err)
{
    int r = check_mode(descriptor, path, err);
    if (r < 0)
        return r;
    autobuf struct buf text = BUF(4096);
    r = file_read_descriptor(descriptor, &text, err);
    if (r < 0)
        return r;
    bool valid = hex_decode(str_trim(str_slice(text.data, text.len)), ret->bytes, sizeof ret->bytes);
    if (text.data)
        proof_wipe(text.data, text.len);
    if (valid)
        return 0;
    r = err_set(err, ERR_DATA, "holds no key: 64 hexadecimal digits are expected");
    return err ? err_hint(err, "Bring the file back from a backup; without it, submissions that were sent with this "
                               "key cannot be withdrawn.")
               : r;
}

int client_key_load(const char *path, struct client_key *ret, struct err *err)
{
    struct client_key key = {0};
    autoclose int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    int r = descriptor < 0 ? open_error(errno, err) : load_open(descriptor, path, &key, err);
    if (r == 0)
        *ret = key;
    client_key_done(&key);
    return r < 0 ? at_path(path, r, err) : 0;
}

static int write_key(const char *path, struct err *err)
{
    unsigned char bytes[sizeof(struct client_key)];
    char text[FILE_SIZE + 1];
    int r = random_bytes(bytes, sizeof bytes, err);
    if (r == 0) {
        (void)hex_encode(text, bytes, sizeof bytes);
        text[FILE_SIZE - 1] = '\n';
        r = file_replace(path, 0600, text, FILE_SIZE, err);
    }
    proof_wipe(bytes, sizeof bytes);
    proof_wipe(text, sizeof text);
    return r;
}

/* link fails when the name exists: whoever comes second finds the first one's key,
 * and never half of one. Where a file system has no links, rename must do. */
static int publish(const char *from, const char *path, struct err *err)
{
    bool linked = link(from, path) == 0;
    if (linked || errno == EEXIST) {
        (void)unlink(from);
        return 0;
    }
    if (rename(from, path) == 0)
        return 0;
    int r = file_write_error(errno, err);
    (void)unlink(from);
    return r;
}

static int make_folder_of(const char *path, char **ret_folder, struct err *err)
{
    size_t length = (size_t)(file_base_name(path) - path);
    autofree char *folder = length == 0 ? mem_strdup(".") : mem_strndup(path, length > 1 ? length - 1 : length);
    if (!folder)
        return mem_error(err);
    int r = file_make_folders(folder, 0700, err);
    if (r == 0)
        *ret_folder = TAKE_PTR(folder);
    return r;
}

static int make_key(const char *path, struct err *err)
{
    unsigned char suffix[8];
    char digits[2 * sizeof suffix + 1];
    autofree char *folder = NULL;
    int r = make_folder_of(path, &folder, err);
    if (r == 0)
        r = random_bytes(suffix, sizeof suffix, err);
    if (r < 0)
        return r;
    autofree char *fresh = mem_printf("%s.%s", path, hex_encode(digits, suffix, sizeof suffix));
    if (!fresh)
        return mem_error(err);
    r = write_key(fresh, err);
    if (r == 0)
        r = publish(fresh, path, err);
    return r == 0 ? file_sync_folder(folder, err) : at_path(path, r, err);
}

int client_key_load_or_make(const char *path, struct client_key *ret, struct err *err)
{
    int r = client_key_load(path, ret, err);
    if (r != -(int)ERR_NOT_FOUND)
        return r;
    r = make_key(path, err);
    return r < 0 ? r : client_key_load(path, ret, err);
}

struct sha256 withdraw_secret(const struct client_key *key, const void *message, size_t length)
{
    return hmac_sha256(key->bytes, sizeof key->bytes, message, length);
}

bool withdraw_secret_of(const struct client_key *key, const char *subject, struct sha256 *ret)
{
    unsigned char message[SUBJECT_MOST];
    const size_t length = strlen(subject) / 2;
    if (length == 0 || length > sizeof message || !hex_decode(str_of(subject), message, length))
        return false;
    *ret = withdraw_secret(key, message, length);
    return true;
}

struct sha256 withdraw_commitment(const struct sha256 *secret)
{
    return sha256_of(secret->bytes, sizeof secret->bytes);
}
