/* Mails as programs write them (RFC 5322, 2045, 2046); encodings checked against vectors of the RFCs and of coreutils.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "collector/take/mail.h"
#include "collector/take/mail_decode.h"
#include "schema/base/buf.h"

static char *decoded(const char *body, const char *encoding, const char *charset, bool is_text)
{
    struct buf into = BUF(BUF_MIB);
    mail_decode(str_of(body), encoding, charset, is_text, &into);
    return buf_take(&into);
}

#define expect_decoded(body, encoding, charset, text, wanted)                                                          \
    do {                                                                                                               \
        char *got_ = decoded((body), (encoding), (charset), (text));                                                   \
        assert_string_equal(got_, (wanted));                                                                           \
        free(got_);                                                                                                    \
    } while (0)

static void test_encodings(void **state)
{
    (void)state;
    /* printf 'any carnal pleas' | base64 */
    expect_decoded("YW55IGNhcm5hbCBw\r\nbGVhcw==\r\n", "base64", NULL, false, "any carnal pleas");
    expect_decoded("YW55IGNhcm5hbCBwbGVhcy4=", " BASE64 ", NULL, false, "any carnal pleas.");
    /* printf 'a\r\nb\r\n' | base64: bytes of a file stay, a text gets line feeds */
    expect_decoded("YQ0KYg0K", "base64", NULL, false, "a\r\nb\r\n");
    expect_decoded("YQ0KYg0K", "base64", NULL, true, "a\nb\n");
    /* the example of RFC 2045 section 6.7 (5) */
    expect_decoded("Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.", "quoted-printable",
                   NULL, true, "Now's the time for all folk to come to the aid of their country.");
    expect_decoded("=41=3d=C3=A9 \t\r\n=4\r\n=", "quoted-printable", "utf-8", true, "A=\xc3\xa9\n=4\n");
    expect_decoded("caf\xe9 \x80\r\n", "8bit", "windows-1252", true, "caf\xc3\xa9 \xe2\x82\xac\n");
    expect_decoded("caf\xc3\xa9", NULL, "iso-8859-1", true, "caf\xc3\xa9"); /* it says one thing and is the other */
}

struct seen {
    size_t count;
    struct buf text;
};

static int note_part(void *context, const struct mail_part *part, struct err *err)
{
    struct seen *seen = context;
    (void)err;
    seen->count++;
    buf_addf(&seen->text, "[%s %s ", part->type, part->name != NULL ? part->name : "-");
    buf_add(&seen->text, part->bytes.data, part->bytes.len);
    buf_addc(&seen->text, ']');
    return 0;
}

static void expect_parts(const char *message, const char *wanted)
{
    struct seen seen = {.text = BUF(BUF_MIB)};
    struct err err;
    assert_int_equal(mail_read(str_of(message), note_part, &seen, &err), 0);
    assert_string_equal(buf_text(&seen.text), wanted);
    buf_done(&seen.text);
}

static void test_parts(void **state)
{
    (void)state;
    expect_parts("Subject: x\n\nbody\n", "[text/plain - body\n]");
    expect_parts(
        "Content-Type: multipart/mixed; charset=x;\n\tboundary=\"=_1 2\"\n\npreamble\n--=_1 2\n"
        "Content-Type: TEXT/Html\n\n<p>\n--=_1 2 \nContent-Disposition: attachment; filename=\"../a b.json\"\n\n{}\n\n"
        "--=_1 2--\nepilogue\n--=_1 2\n\nno\n",
        "[text/html - <p>][text/plain a b.json {}\n]");
    expect_parts(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=ab\n\n"
        "--ab\n\none\n--ab\n\ntwo\n--ab--\n--a\nContent-Type: message/rfc822\n\nSubject: y\n\nthree\n--a--\n",
        "[text/plain - one][text/plain - two][text/plain - three]");
    /* Cut off: what stands before the cut is still there. */
    expect_parts("Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\n\ntwo",
                 "[text/plain - one][text/plain - two]");
    expect_parts("Content-Type: multipart/mixed\n\nno boundary", "[multipart/mixed - no boundary]");
}

static void test_what_is_a_mail(void **state)
{
    (void)state;
    assert_true(mail_is_message(str_of("Received: a\n\tb\nFrom: x\n\nhello")));
    assert_true(mail_is_message(str_of("From: x\r\n\r\nhello")));
    assert_false(mail_is_message(str_of("model: x\nsize: 3\n\ntext")));
    assert_false(mail_is_message(str_of("{\"From\": 1}\n\n")));
    assert_false(mail_is_message(str_of("From: x")));
    assert_false(mail_is_message(str_of("")));
}

/* Containers in containers without end are refused, not followed. */
static void test_too_deep(void **state)
{
    (void)state;
    struct buf text cleanup(buf_done) = BUF(BUF_MIB);
    struct seen seen = {.text = BUF(BUF_MIB)};
    struct err err;
    for (int i = 0; i < 50; i++) {
        buf_adds(&text, "Content-Type: message/rfc822\n\n");
    }
    assert_int_equal(mail_read(str_of(buf_text(&text)), note_part, &seen, &err), -ERR_LIMIT);
    buf_reset(&text);
    buf_adds(&text, "Content-Type: multipart/mixed; boundary=a\n\n");
    for (int i = 0; i < 5000; i++) {
        buf_adds(&text, "--a\n\n\n");
    }
    assert_int_equal(mail_read(str_of(buf_text(&text)), note_part, &seen, &err), -ERR_LIMIT);
    assert_true(seen.count <= 1000);
    buf_done(&seen.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_what_is_a_mail),
        cmocka_unit_test(test_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
