#include "schema/formats/formats.h"

#include <string.h>

#include "schema/base/mem.h"
#include "schema/formats/readers.h"

const struct format *const formats_all[] = {
    &format_llama_bench_json,  &format_llama_bench_jsonl, &format_llama_bench_csv,   &format_llama_bench_md,
    &format_anemll_bench_json, &format_anemll_bench_html, &format_anemll_bench_text, NULL,
};

void reading_list_done(struct reading_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        reading_free(list->items[i]);
    free(list->items);
    *list = (struct reading_list){0};
}

int reading_list_add(struct reading_list *list, struct reading *reading, struct err *err)
{
    if (reading == NULL)
        return mem_error(err);
    int result = mem_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items);
    if (result < 0) {
        reading_free(reading);
        return mem_error(err);
    }
    list->items[list->count++] = reading;
    return 0;
}

const struct format *formats_by_name(const char *name)
{
    for (size_t i = 0; formats_all[i] != NULL; i++)
        if (strcmp(formats_all[i]->name, name) == 0)
            return formats_all[i];
    return NULL;
}

const struct format *formats_detect(const struct format_input *input)
{
    const struct format *surest = NULL;
    int most = 0;
    for (size_t i = 0; formats_all[i] != NULL; i++) {
        int confidence = formats_all[i]->detect(input);
        if (confidence > most) {
            most = confidence;
            surest = formats_all[i];
        }
    }
    return surest;
}

static int unknown_input(struct str text, struct err *err)
{
    if (str_trim(text).len == 0) {
        err_set(err, ERR_DATA, "the file is empty");
        return err_hint(err, "give the output of a benchmark program; `crosschip-submit formats` lists the known ones");
    }
    err_set(err, ERR_DATA, "no known benchmark output was recognised");
    return err_hint(err, "`crosschip-submit formats` lists what can be read; --format NAME takes one of them");
}

int formats_read(const char *file_name, struct str decoded, const char *format_name, const struct format **ret_format,
                 struct reading_list *into, struct err *err)
{
    struct format_input input = {.name = file_name, .text = decoded};
    const struct format *format = NULL;
    if (format_name != NULL) {
        format = formats_by_name(format_name);
        if (format == NULL) {
            err_set(err, ERR_USAGE, "no format is named %.60s", format_name);
            return err_hint(err, "`crosschip-submit formats` lists the names");
        }
    } else {
        format = formats_detect(&input);
    }
    if (format == NULL)
        return unknown_input(decoded, err);
    *ret_format = format;
    return format->read(&input, into, err);
}
