#include "plot/columns.h"

#include <math.h>
#include <string.h>

#define OTHER (CHART_CATEGORIES - 1)

int column_choose(const struct plot_input *input, const char *wish, const char *const *usual, size_t count, size_t *ret,
                  struct err *err)
{
    size_t column = wish != NULL ? plot_input_column(input, wish) : SIZE_MAX;
    for (size_t i = 0; wish == NULL && i < count && column == SIZE_MAX; i++) {
        column = plot_input_column(input, usual[i]);
    }
    if (wish != NULL && column == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no column %s", input->name, wish);
        return err_hint(err, "its columns are named in its first line");
    }
    *ret = column;
    return 0;
}

bool column_is_companion(const struct plot_input *input, size_t column)
{
    static const char *const endings[] = {"_low", "_high", "_runs", "_n", "_factor", "_factor_low", "_factor_high"};
    const struct str heading = str_of(input->columns[column]);
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        const size_t ending = strlen(endings[i]);
        const bool ends =
            heading.len > ending &&
            str_equal_ignore_case(str_slice(heading.data + heading.len - ending, ending), str_of(endings[i]));
        for (size_t k = 0; ends && k < input->column_count; k++) {
            if (str_equal_ignore_case(str_of(input->columns[k]), str_slice(heading.data, heading.len - ending))) {
                return true;
            }
        }
    }
    return false;
}

bool column_holds_numbers(const struct plot_input *input, size_t column)
{
    bool any = false;
    if (column_is_companion(input, column)) {
        return false;
    }
    for (size_t row = 0; row < input->row_count; row++) {
        double number = (double)NAN;
        if (plot_input_number(input, row, column, &number, NULL) < 0) {
            return false;
        }
        any |= isfinite(number) != 0;
    }
    return any;
}

int column_name(const struct plot_input *input, size_t row, size_t column, const char **ret, struct err *err)
{
    const char *name = plot_input_cell(input, row, column);
    if (text_is_empty(name)) {
        err_set(err, ERR_DATA, "a row has no name in column %s", input->columns[column]);
        err_path(err, "%s", input->name);
        err_hint(err, "name each row there, or choose the column of names with an option");
        return err_at(err, input->lines[row], (int)column + 1);
    }
    *ret = name;
    return 0;
}

size_t column_free_numbers(const struct plot_input *input, const size_t *taken, size_t count)
{
    for (size_t i = 0; i < input->column_count; i++) {
        bool used = false;
        for (size_t k = 0; k < count; k++) {
            used |= taken[k] == i;
        }
        if (!used && column_holds_numbers(input, i)) {
            return i;
        }
    }
    return SIZE_MAX;
}

int column_direction(const char *wish, const char *option, struct chart_metric *metric, struct err *err)
{
    if (wish == NULL) {
        return 0;
    }
    metric->higher_is_better = text_equal(wish, "higher");
    if (metric->higher_is_better || text_equal(wish, "lower")) {
        return 0;
    }
    err_set(err, ERR_USAGE, "%s %s is not understood", option, wish);
    return err_hint(err, "%s higher or %s lower", option, option);
}

static bool is_generation(const char *group)
{
    return group[0] == 'M' && group[1] >= '1' && group[1] <= '6' && (group[2] == '\0' || group[2] == ' ');
}

void column_keep_generation(const char *groups[CHART_CATEGORIES], const char *group)
{
    if (group != NULL && is_generation(group)) {
        groups[group[1] - '1'] = group;
    }
}

size_t column_category(const char *groups[CHART_CATEGORIES], const char *group, bool fixed_vendors)
{
    if (group == NULL) {
        groups[OTHER] = "Other";
        return OTHER;
    }
    size_t category = fixed_vendors ? chart_group_category(group) : 0;
    if (!fixed_vendors && is_generation(group)) {
        category = (size_t)(group[1] - '1');
    } else if (!fixed_vendors) {
        while (category < OTHER && groups[category] != NULL && !text_equal(groups[category], group)) {
            category++;
        }
    }
    bool other = category == OTHER && !is_generation(group);
    groups[category] = other ? "Other" : group;
    return category;
}

bool column_holds_word(const char *column, const char *word)
{
    struct str text = str_of(column), wanted = str_of(word);
    for (size_t i = 0; i + wanted.len <= text.len; i++) {
        if (str_equal_ignore_case(str_slice(text.data + i, wanted.len), wanted)) {
            return true;
        }
    }
    return false;
}

size_t column_series(const char **names, size_t *count, size_t most, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (text_equal(names[i], name)) {
            return i;
        }
    }
    if (*count == most) {
        return SIZE_MAX;
    }
    names[*count] = name;
    return (*count)++;
}
