#include "schema/formats/several_tools.h"

#include <string.h>

#include "schema/base/mem.h"

/* Formats that are less sure of what they see have no mark of their own. */
#define SURE 79

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits that a reading keeps, and how many of them are marked; with `mark` it marks them. */
struct kept {
    size_t digits, marked;
};
static struct kept visit(const struct reading *reading, struct str text, unsigned char *marks, bool mark)
{
    struct kept kept = {0};
    size_t next = 0, end = reading->original_offset + reading->original_length;
    for (size_t at = reading->original_offset; at < end && at < text.len; at++) {
        size_t place = at - reading->original_offset;
        while (next < reading->private_count &&
               place >= reading->privates[next].offset + reading->privates[next].length)
            next++;
        if (next < reading->private_count && place >= reading->privates[next].offset)
            continue;
        if (!is_digit(text.data[at]))
            continue;
        kept.digits++;
        kept.marked += marks[at];
        if (mark)
            marks[at] = 1;
    }
    return kept;
}

/* Two tools may share lines that tell the device, never most of their figures. */
static bool stands_elsewhere(const struct reading *reading, struct str text, unsigned char *marks)
{
    struct kept kept = visit(reading, text, marks, false);
    return kept.digits > 2 * kept.marked;
}

static int take(const struct format *format, const struct format_input *input, unsigned char *marks,
                struct reading_list *into, struct err *err)
{
    autoreadings struct reading_list found = {0};
    struct err inner = {0};
    struct reading *first = into->items[0];
    int result = format->read(input, &found, &inner);
    if (result == -ERR_MEMORY)
        return mem_error(err);
    for (size_t i = 0; i < found.count; i++) {
        struct reading *reading = found.items[i];
        if (reading->run_count == 0 || !stands_elsewhere(reading, input->text, marks))
            continue;
        if (result < 0) { /* the readings before the fault, and it may go on behind it */
            reading_add_problem(first, "", inner.line, inner.column, "the output of %s in it is left out: %s",
                                format->tool, inner.text);
            return 0;
        }
        (void)visit(reading, input->text, marks, true);
        found.items[i] = NULL;
        int added = reading_list_add(into, reading, err);
        if (added < 0)
            return added;
    }
    return 0;
}

int several_tools_read(const struct format_input *input, const struct format *surest, const int *confidences,
                       struct reading_list *into, struct err *err)
{
    unsigned char *marks = NULL;
    int result = 0;
    for (size_t i = 0; result == 0 && formats_all[i] != NULL; i++) {
        const struct format *format = formats_all[i];
        if (format == surest || into->count == 0 || confidences[i] < SURE)
            continue;
        if (marks == NULL) {
            marks = calloc(input->text.len + 1, 1);
            if (marks == NULL)
                return mem_error(err);
            for (size_t k = 0; k < into->count; k++)
                (void)visit(into->items[k], input->text, marks, true);
        }
        result = take(format, input, marks, into, err);
    }
    free(marks);
    return result;
}
