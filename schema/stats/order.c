/* One order for all statistics, and a sum that does not lose small terms.
 *
 * Floating-point addition is not associative: the same values added in another order give another
 * last digit. So everything is sorted before it is added. Equal values cannot be told apart by their
 * place (−0 stands before +0), so an id is not needed to make the order of plain numbers total.
 *
 * Sum: Kahan's scheme as A. Neumaier changed it (ZAMM 54, 1974, 39–51). With s the running sum and x the
 * next term, t = s + x; what got lost, (s − t) + x or (x − t) + s by which is larger, gathers in c; the
 * result is s + c. Example: 1, 1e100, 1, −1e100 sum to 2 (plain addition gives 0). */
#include "schema/stats/order.h"

#include <math.h>
#include <stdlib.h>

#define FEW ((size_t)32)

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    if (isnan(a) || isnan(b))
        return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
    if (a < b)
        return -1;
    if (a > b)
        return 1;
    return (signbit(b) != 0) - (signbit(a) != 0);
}

/* Few values, as the samples of one measurement are: insertion is several times faster than qsort. */
static void sort_few(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const double value = values[i];
        size_t at = i;
        for (; at > 0 && compare_doubles(&values[at - 1], &value) > 0; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

void stats_sort(double *values, size_t count)
{
    if (count <= FEW)
        sort_few(values, count);
    else
        qsort(values, count, sizeof(*values), compare_doubles);
}

double stats_sum(const double *values, size_t count)
{
    double sum = 0, lost = 0;

    for (size_t i = 0; i < count; i++) {
        const double next = sum + values[i];

        if (fabs(sum) >= fabs(values[i]))
            lost += (sum - next) + values[i];
        else
            lost += (values[i] - next) + sum;
        sum = next;
    }
    /* An infinite sum makes the lost part NAN. */
    return isfinite(lost) ? sum + lost : sum;
}
