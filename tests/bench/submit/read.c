/* Reading a long llama-bench JSONL against cJSON_Parse of its lines: read FILE ROUNDS prints one line for
 * tests/bench/submit/read.sh: medians of interleaved rounds in seconds, ours first, and the number of records of each.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/stats/order.h"
#include "submit/stream.h"

#define ROUNDS_MAX 51

/* As check and send read it: from the file, piece by piece. */
static size_t read_ours(const char *path)
{
    struct input_stream stream autostream = {.descriptor = -1};
    struct err err = {0};
    size_t records = 0;
    if (input_stream_open(path, NULL, &stream, &err) < 0)
        return 0;
    for (;;) {
        autoinput struct input input = {0};
        if (input_stream_next(&stream, &input, &err) != 1 || input_read(&input, NULL, &err) < 0)
            break;
        for (size_t i = 0; i < input.readings.count; i++)
            records += input.readings.items[i]->run_count;
    }
    return records;
}

static size_t read_cjson(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, records = 0;
    while (file != NULL && getline(&line, &capacity, file) > 0) {
        cJSON *json = cJSON_Parse(line);
        records += json != NULL;
        cJSON_Delete(json);
    }
    if (file != NULL)
        (void)fclose(file);
    free(line);
    return records;
}

static double seconds_of(size_t (*read)(const char *path), const char *path, size_t *ret_records)
{
    int64_t begin = clock_monotonic_us();
    *ret_records = read(path);
    return (double)(clock_monotonic_us() - begin) / 1e6;
}

int main(int count, char **arguments)
{
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];
    size_t our_records = 0, their_records = 0;
    size_t rounds = count == 3 ? strtoul(arguments[2], NULL, 10) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: read FILE ROUNDS\n");
        return 64;
    }
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = seconds_of(read_ours, arguments[1], &our_records);
        theirs[i] = seconds_of(read_cjson, arguments[1], &their_records);
    }
    stats_sort(ours, rounds);
    stats_sort(theirs, rounds);
    (void)printf("%.6f %.6f %zu %zu\n", ours[rounds / 2], theirs[rounds / 2], our_records, their_records);
    return 0;
}
