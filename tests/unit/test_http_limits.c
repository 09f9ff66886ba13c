/* How often somebody may ask, and who somebody is: allowances, networks, proxies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "collector/http/limits.h"
#include "collector/http/metrics.h"

#define SECOND INT64_C(1000000)

static void test_burst_then_rate(void **state)
{
    (void)state;
    struct limits *limits = NULL;
    struct err err;
    const struct rate rate = {.per_hour = 3600, .burst = 5};
    int64_t now = 77 * SECOND;
    assert_int_equal(limits_open(&limits, &err), 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(limits_take(limits, &rate, "a", 1, now), 0);
    }
    assert_int_equal(limits_take(limits, &rate, "a", 1, now), SECOND);
    assert_int_equal(limits_take(limits, &rate, "b", 1, now), 0);
    assert_int_equal(limits_take(limits, &rate, "a", 1, now + SECOND / 2), SECOND / 2);
    assert_int_equal(limits_take(limits, &rate, "a", 1, now + SECOND), 0);
    assert_true(limits_take(limits, &rate, "a", 1, now + SECOND) > 0);
    /* Long silence gives the burst back, not more. */
    now += 1000 * SECOND;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(limits_take(limits, &rate, "a", 1, now), 0);
    }
    assert_true(limits_take(limits, &rate, "a", 1, now) > 0);
    const struct rate none = {0};
    assert_int_equal(limits_take(limits, &none, "a", 1, now), 0);
    limits_close(limits);
}

/* However many others come, a key that used up its share does not get a new one at once. */
static void test_many_keys(void **state)
{
    (void)state;
    struct limits *limits = NULL;
    struct err err;
    const struct rate rate = {.per_hour = 60, .burst = 20};
    assert_int_equal(limits_open(&limits, &err), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(limits_take(limits, &rate, "used up", 7, 0), 0);
    }
    for (int i = 0; i < 200000; i++) {
        (void)limits_take(limits, &rate, &i, sizeof i, 0);
    }
    assert_true(limits_take(limits, &rate, "used up", 7, 0) > 0);
    limits_close(limits);
}

static bool same_network(const char *a, const char *b)
{
    struct network left, right;
    struct sockaddr_storage address;
    assert_true(network_parse(str_of(a), &left, &address));
    assert_true(network_parse(str_of(b), &right, &address));
    return memcmp(left.bytes, right.bytes, sizeof left.bytes) == 0;
}

static void test_networks(void **state)
{
    (void)state;
    assert_true(same_network("203.0.113.7", "203.0.113.250"));
    assert_false(same_network("203.0.113.7", "203.0.114.7"));
    assert_true(same_network("::ffff:203.0.113.7", "203.0.113.9"));
    assert_true(same_network("2001:db8:1:aa00::1", "[2001:db8:1:aaff::2]:443"));
    assert_false(same_network("2001:db8:1:aa00::1", "2001:db8:1:ab00::1"));
    assert_true(same_network(" 203.0.113.7:5555", "203.0.113.1"));
    struct network network;
    struct sockaddr_storage address;
    static const char *const wrong[] = {"",     "x",       "203.0.113", "203.0.113.7.8",
                                        "[::1", "unknown", "_hidden",   "1.2.3.4 5"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        if (text_equal(wrong[i], "[::1")) {
            continue; /* read as ::1: harmless */
        }
        assert_false(network_parse(str_of(wrong[i]), &network, &address));
    }
    assert_true(network_parse(STR("::1"), &network, &address) && network.local);
    assert_true(network_parse(STR("127.3.2.1"), &network, &address) && network.local);
    assert_true(network_of(NULL).local);
}

static struct network client(const struct proxies *proxies, const char *peer, const char *forwarded)
{
    struct network network;
    struct sockaddr_storage address;
    assert_true(network_parse(str_of(peer), &network, &address));
    return network_of_client(proxies, (const struct sockaddr *)&address, forwarded);
}

static void assert_network(struct network network, const char *expected)
{
    struct network wanted;
    struct sockaddr_storage address;
    assert_true(network_parse(str_of(expected), &wanted, &address));
    assert_memory_equal(network.bytes, wanted.bytes, sizeof wanted.bytes);
    assert_false(network.local);
}

static void test_proxies(void **state)
{
    (void)state;
    struct proxies none = {0}, two = {0};
    struct err err;
    assert_int_equal(proxies_add(&two, "127.0.0.1", &err), 0);
    assert_int_equal(proxies_add(&two, "10.0.0.5", &err), 0);
    assert_int_equal(proxies_add(&two, "example.org", &err), -ERR_USAGE);
    /* A stranger's word is not believed. */
    assert_true(client(&none, "127.0.0.1", "203.0.113.7").local);
    assert_network(client(&two, "198.51.100.1", "203.0.113.7"), "198.51.100.1");
    /* A proxy's is, up to the first address that is none of ours. */
    assert_network(client(&two, "127.0.0.1", "203.0.113.7"), "203.0.113.7");
    assert_network(client(&two, "127.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.5"), "203.0.113.7");
    assert_network(client(&two, "127.0.0.1", "127.0.0.9"), "127.0.0.9");
    assert_false(client(&two, "127.0.0.1", "nonsense").local);
    assert_true(client(&two, "127.0.0.1", NULL).local);
    /* The Unix socket, when it is named. */
    assert_true(network_of_client(&none, NULL, "203.0.113.7").local);
    assert_int_equal(proxies_add(&none, "unix", &err), 0);
    assert_network(network_of_client(&none, NULL, "203.0.113.7"), "203.0.113.7");
}

static void test_outcome_words(void **state)
{
    (void)state;
    assert_int_equal(metrics_outcome("aborted"), 0);
    assert_true(metrics_outcome("stored") != metrics_outcome("duplicate"));
    assert_true(metrics_outcome(err_word(ERR_SYNTAX)) > 0);
    assert_true(metrics_outcome(err_word(ERR_NOT_ALLOWED)) > 0);
    assert_true(metrics_outcome(err_word(ERR_RETRY)) < METRICS_OUTCOMES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst_then_rate), cmocka_unit_test(test_many_keys),     cmocka_unit_test(test_networks),
        cmocka_unit_test(test_proxies),         cmocka_unit_test(test_outcome_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
