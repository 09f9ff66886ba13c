/* loop URL FOLDER PATTERN COUNT: posts COUNT bundles (PATTERN with a number for %d) over one kept-alive connection of
 * libcurl, with the spool's own sequence in groups. What somebody would write who only wants it fast. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/attributes.h"
#include "tests/bench/submit/sequence.h"

struct bundle {
    char *bytes;
    size_t length;
};

static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static void post(CURL *curl, const struct bundle *bundle)
{
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bundle->length);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, bundle->bytes);
    if (curl_easy_perform(curl) != CURLE_OK || curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
        status != 201) {
        (void)fprintf(stderr, "loop: status %ld\n", status);
        exit(1);
    }
}

static void send_group(CURL *curl, const struct sequence *sequence, const char *pattern, int first, int count)
{
    struct bundle bundles[SEQUENCE_GROUP];
    char names[SEQUENCE_GROUP][32], path[4096];
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof(path), "%s%d", pattern, first + i);
        (void)snprintf(names[i], sizeof(names[i]), "%d", first + i);
        bundles[i].bytes = sequence_read(path, &bundles[i].length);
        sequence_queue(sequence, names[i], bundles[i].bytes, bundles[i].length);
    }
    sequence_queued(sequence);
    for (int i = 0; i < count; i++) {
        post(curl, &bundles[i]);
        sequence_sent(sequence, names[i]);
        free(bundles[i].bytes);
    }
    sequence_settle(sequence, names, (size_t)count);
}

int main(int argc, char **argv)
{
    struct sequence sequence;
    if (argc != 5)
        return 64;
    int count = (int)strtol(argv[4], NULL, 10);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    if (curl == NULL || headers == NULL)
        return 1;
    curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    sequence_open(&sequence, argv[2]);
    for (int first = 0; first < count; first += SEQUENCE_GROUP)
        send_group(curl, &sequence, argv[3], first, count - first < SEQUENCE_GROUP ? count - first : SEQUENCE_GROUP);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return 0;
}
