/* Reading a long llama-bench JSONL as check and send do, or with cJSON_Parse line by line: read ours|cjson FILE prints
 * "SECONDS RECORDS". One of them a process: our reader gives cJSON memory of its own. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/clock.h"
#include "submit/stream.h"

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

int main(int count, char **arguments)
{
    if (count != 3) {
        (void)fprintf(stderr, "usage: read ours|cjson FILE\n");
        return 64;
    }
    int64_t begin = clock_monotonic_us();
    size_t records = strcmp(arguments[1], "ours") == 0 ? read_ours(arguments[2]) : read_cjson(arguments[2]);
    (void)printf("%.6f %zu\n", (double)(clock_monotonic_us() - begin) / 1e6, records);
    return 0;
}
