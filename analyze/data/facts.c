#include "analyze/data/facts.h"

#include "schema/base/str.h"
#include "schema/bundle/cell.h"
#include "schema/json/json.h"

static int read_object(const char *text, struct json_document **ret, struct err *err)
{
    const int status = json_read_strict(str_of(text), &json_limits_tool, ret, err);

    return status < 0 ? err_prefix(err, "facts of a run in the database") : 0;
}

int facts_read_workload(struct result_set *set, const char *text, const struct set_workload **ret, struct err *err)
{
    struct workload facts;
    const int status = workload_of_facts(&set->arena, text, &facts, err);

    if (status < 0)
        return status;
    *ret = result_set_workload(set, &facts);
    return arena_check(&set->arena, err);
}

int facts_read_setup(struct result_set *set, const char *text, const struct set_setup **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct set_setup *made = arena_alloc(&set->arena, 1, sizeof(*made));
    const int status = made != NULL ? read_object(text, &document, err) : mem_error(err);

    if (status < 0)
        return status;
    made->items = parameters_of_json(&set->arena, json_root(document));
    made->text = parameters_text(&set->arena, &made->items);
    *ret = made;
    return arena_check(&set->arena, err);
}

int facts_read_labels(struct result_set *set, const char *text, const struct label_list **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct label_list *made = arena_alloc(&set->arena, 1, sizeof(*made));
    const int status = made != NULL ? read_object(text, &document, err) : mem_error(err);

    if (status < 0)
        return status;
    for (const struct json *member = json_first(json_root(document)); member != NULL; member = json_next(member))
        if (json_string(member) != NULL)
            labels_add(&set->arena, made, json_key(member), json_string(member));
    *ret = made;
    return arena_check(&set->arena, err);
}

int facts_read_machine(struct result_set *set, const char *chip_name, int64_t chip_count, const char *text,
                       const struct set_machine **ret, struct err *err)
{
    struct device facts;
    const int status = device_of_facts(&set->arena, text, &facts, err);

    if (status < 0)
        return status;
    *ret = result_set_machine(set, chip_name, chip_count, &facts);
    return arena_check(&set->arena, err);
}
