#include "submit/bench/kernels_internal.h"

const struct kernels *const kernels_all[] = {
#ifdef __x86_64__
    &kernels_avx512,  &kernels_avx2,
#endif
#ifdef __aarch64__
    &kernels_neon,
#endif
    &kernels_generic, NULL,
};

const struct kernels *kernels_best(void)
{
    for (size_t i = 0; kernels_all[i] != NULL; i++)
        if (kernels_all[i]->is_usable())
            return kernels_all[i];
    return &kernels_generic;
}
