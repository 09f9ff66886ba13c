#include "schema/bundle/parts_json.h"

void parameter_write_json(struct json_writer *writer, const struct parameter *parameter)
{
    switch (parameter->type) {
    case PARAMETER_NUMBER:
        json_pair_number(writer, parameter->name, parameter->number);
        break;
    case PARAMETER_BOOLEAN:
        json_pair_bool(writer, parameter->name, parameter->number > 0.5);
        break;
    case PARAMETER_WORD:
        json_pair_string(writer, parameter->name, parameter->word);
        break;
    }
}

void parameters_write_json(struct json_writer *writer, const char *key, const struct parameter_list *list)
{
    json_write_key(writer, key);
    json_begin_object(writer);
    for (size_t i = 0; i < list->count; i++)
        parameter_write_json(writer, &list->items[i]);
    json_end_object(writer);
}

void count_write_json(struct json_writer *writer, const char *key, int64_t count)
{
    json_write_key(writer, key);
    if (count == COUNT_UNKNOWN)
        json_write_null(writer);
    else
        json_write_int(writer, count);
}

const char *stddev_kind_word(enum stddev_kind kind)
{
    switch (kind) {
    case STDDEV_SAMPLE:
        return "sample";
    case STDDEV_POPULATION:
        return "population";
    case STDDEV_UNKNOWN:
        break;
    }
    return NULL;
}
