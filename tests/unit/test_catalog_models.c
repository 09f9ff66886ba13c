/* Models, quantisations and backends as tools and files spell them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

static const double none = (double)NAN;

static void check_model(const char *raw, double parameters, double bytes, const char *name)
{
    const struct model *model = catalog_match_model(raw, parameters, bytes);

    if ((model != NULL) != (name != NULL) || (model && strcmp(model->name, name) != 0))
        fail_msg("'%s' gave %s, not %s", raw, model ? model->name : "none", name ? name : "none");
}

/* Three sources, one model; numbers of parameters as llama-bench states them. */
static void llama(void **state)
{
    (void)state;
    check_model("LLaMA 7B v2", none, none, "Llama 2 7B");
    check_model("LLaMA 7B v2 Q8_0", none, none, "Llama 2 7B");
    check_model("llama 7B mostly Q4_0", none, none, "Llama 2 7B");
    check_model("llama 7B mostly Q4_0", 6738415616, 3825065984, "Llama 2 7B");
    check_model("llama 7B Q4_0", 6.74e9, none, "Llama 2 7B");
    check_model("Llama 2 7B", none, none, "Llama 2 7B");
    check_model("meta-llama/Llama-2-7b-hf", none, none, "Llama 2 7B");
    check_model("meta-llama/Llama-2-7b-chat-hf", none, none, "Llama 2 7B Chat");
    check_model("/models/llama-2-7b.Q4_0.gguf", 6738415616, none, "Llama 2 7B");
    check_model("C:\\models\\llama-2-7b.Q4_0.gguf", none, none, "Llama 2 7B");
    check_model("llama 7B Q4_0", 7241732096, none, "Mistral 7B v0.1"); /* llama.cpp prints it so */
    check_model("llama 7B Q4_0", 5e9, none, NULL);
    check_model("llama 8B Q4_K - Medium", 8030261248, none, "Llama 3 8B");
    check_model("llama 8B Q4_K - Medium", 8030261312, none, "Llama 3.1 8B");
    check_model("llama 8B Q4_K - Medium", 8.03e9, none, NULL);
    check_model("llama 13B", none, none, NULL);
    check_model("llama 13B IQ3_S mix - 3.66 bpw", 14659507200, none, NULL); /* a Phi 4 that calls itself llama */
    check_model("llama 70B Q4_K - Medium", 68976648192, none, "Llama 2 70B");
    check_model("Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", none, none, "Llama 3.1 8B Instruct");
    check_model("llama-2-7b.gguf", 13e9, none, NULL); /* the file contradicts its name */
}

static void other_models(void **state)
{
    static const struct {
        const char *raw, *name;
    } cases[] = {
        {"Qwen2.5-14B-Instruct", "Qwen2.5 14B Instruct"},
        {"Qwen/Qwen2.5-14B-Instruct-AWQ", "Qwen2.5 14B Instruct"},
        {"Qwen 3 30B-A3B MoE", "Qwen3 30B A3B"},
        {"Qwen3.5-122B-A10B-UD-Q4_K_XL-00001-of-00003.gguf", "Qwen3.5 122B A10B"},
        {"gpt-oss-20b-mxfp4", "gpt-oss 20B"},
        {"gpt-oss 20B MXFP4 MoE", "gpt-oss 20B"},
        {"openai/gpt-oss-120b", "gpt-oss 120B"},
        {"rwkv7-g1b-2.9b-20251205-ctx8192-Q4_K_M.gguf", "RWKV-7 G1b 2.9B"},
        {"gemma-3-4b-it-Q4_K_M.gguf", "Gemma 3 4B Instruct"},
        {"gemma-3-4b", "Gemma 3 4B"},
        {"gemma4 26B.A4B Q8_0", "Gemma 4 26B A4B"},
        {"DeepSeek-R1-Distill-Qwen-32B-MLX-4Bit", "DeepSeek R1 Distill Qwen 32B"},
        {"deepseek-r1:14b", "DeepSeek R1 Distill Qwen 14B"},
        {"Llama 3.2:3b", "Llama 3.2 3B Instruct"},
        {"mlx-community/Meta-Llama-3.1-8B-Instruct-4bit", "Llama 3.1 8B Instruct"},
        {"LLaMA 3 / llama 8B", "Llama 3 8B"},
        {"llama_lm_head", "llama_lm_head"},
        {"llama_lm_head_lut6", "llama_lm_head_lut6"},
        {"llama_lm_head (Parallel Run)", "llama_lm_head"},
        {"DeepHermes_lm_head", "DeepHermes_lm_head"},
        {"Combined (llama_lm_head + llama_lm_head_lut6)", NULL},
        {"Meta Llama 3.1 8B Instruct Abliterated", NULL},
        {"Qwen2.5 7B Instruct 1M", NULL},
        {"LLaMA v2", NULL},
        {"model", NULL},
        {".", NULL},
        {"", NULL},
        {NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check_model(cases[i].raw, none, none, cases[i].name);
    assert_true(number_equal(catalog_model("Llama 2 7B")->parameters, 6738415616));
    assert_null(catalog_model("llama 2 7b"));
}

/* ANEMLL-Bench issue 5: throughput times time is the size of the weights (GB/s x ms = MB). */
static void sizes(void **state)
{
    (void)state;
    assert_true(number_equal(catalog_model_bytes("llama_lm_head", NULL), 1050673728));
    assert_true(number_equal(catalog_model_bytes("llama_lm_head_lut6", "LUT6"), 396055616));
    assert_true(fabs(64.17532659592135 * 16.371926466623943 * 1e6 - catalog_model_bytes("llama_lm_head", "F16")) < 1);
    assert_true(fabs(61.43575100944296 * 6.446663538614909 * 1e6 - catalog_model_bytes("llama_lm_head_lut6", "")) < 1);
    /* llama-bench prints 12.55, 6.67 and 3.56 GiB. */
    assert_true(fabs(catalog_model_bytes("Llama 2 7B", "F16") / 1073741824 - 12.55) < 0.005);
    assert_true(fabs(catalog_model_bytes("Llama 2 7B", "Q8_0") / 1073741824 - 6.67) < 0.005);
    assert_true(fabs(catalog_model_bytes("Llama 2 7B", "Q4_0") / 1073741824 - 3.56) < 0.005);
    assert_true(isnan(catalog_model_bytes("Llama 2 7B", NULL)));
    assert_true(isnan(catalog_model_bytes("Llama 2 7B", "Q2_K")));
    assert_true(isnan(catalog_model_bytes(NULL, NULL)));
}

static void quantizations(void **state)
{
    static const struct {
        const char *raw, *name;
    } cases[] = {
        {"llama 7B mostly Q4_0", "Q4_0"},
        {"Q4_K - Medium", "Q4_K_M"},
        {"Q3_K - Large", "Q3_K_L"},
        {"Q5_K - Small", "Q5_K_S"},
        {"Q2_K - Medium", "Q2_K"},
        {"Q6_K", "Q6_K"},
        {"IQ2_XXS - 2.0625 bpw", "IQ2_XXS"},
        {"IQ3_S mix - 3.66 bpw", "IQ3_M"},
        {"IQ4_XS - 4.25 bpw", "IQ4_XS"},
        {"TQ2_0 - 2.06 bpw ternary", "TQ2_0"},
        {"gpt-oss 20B MXFP4 MoE", "MXFP4"},
        {"x-UD-Q4_K_XL.gguf", "Q4_K_XL"},
        {"model-q4_k_m.gguf", "Q4_K_M"},
        {"all F32", "F32"},
        {"fp16", "F16"},
        {"bf16", "BF16"},
        {"int8", "INT8"},
        {"llama_lm_head_lut6", "LUT6"},
        {"Qwen3-8B-4bit", "4-bit"},
        {"x-MLX-4Bit", "4-bit"},
        {"Llama-7B-GPTQ-4bit", "GPTQ"},
        {"Qwen2.5-7B-AWQ", "AWQ"},
        {"Llama 3 8b Bnb 4bit Q4_K - Medium", "Q4_K_M"},
        {"IQ4_K_R4 - 4.5 bpw", "IQ4_K_R4"},
        {"Llama 2 7B", NULL},
        {"Q4", NULL},
        {"", NULL},
        {NULL, NULL},
        {"sq4_0", NULL},
        {"Q4_0x", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *name = catalog_match_quantization(cases[i].raw);
        if ((name != NULL) != (cases[i].name != NULL) || !text_equal(name, cases[i].name))
            fail_msg("'%s' gave %s", cases[i].raw ? cases[i].raw : "NULL", name ? name : "none");
    }
}

static void backends(void **state)
{
    static const struct {
        const char *raw, *name;
    } cases[] = {
        {"MTL", "Metal"},
        {"Metal,BLAS", "Metal"},
        {"MTL,BLAS", "Metal"},
        {"BLAS,MTL", "Metal"},
        {"CUDA", "CUDA"},
        {"ROCm", "ROCm"},
        {"HIP", "ROCm"},
        {"Vulkan", "Vulkan"},
        {"BLAS", "BLAS"},
        {"CPU", "CPU"},
        {"BLAS,CPU", "BLAS"},
        {"ANE", "ANE"},
        {"cpu_and_ne", "ANE"},
        {"ALL", "ALL"},
        {"CUDA,Vulkan", NULL},
        {"CUDA,RPC", NULL},
        {"", NULL},
        {NULL, NULL},
        {"magic", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *name = catalog_match_backend(cases[i].raw);
        if ((name != NULL) != (cases[i].name != NULL) || !text_equal(name, cases[i].name))
            fail_msg("'%s' gave %s", cases[i].raw ? cases[i].raw : "NULL", name ? name : "none");
    }
}

/* The last look-ups are kept: the same text with other facts, and more texts than there is room for. */
static void looked_up_again(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        check_model("llama 7B Q4_0", 6.74e9, none, "Llama 2 7B");
        check_model("llama 7B Q4_0", 7241732096, none, "Mistral 7B v0.1");
        check_model("llama 7B Q4_0", 5e9, none, NULL);
        for (int i = 0; i < 12; i++) {
            char raw[40];
            snprintf(raw, sizeof raw, "nobody's model %d Q%d_0", i, i % 2 ? 4 : 8);
            check_model(raw, none, none, NULL);
            assert_string_equal(catalog_match_quantization(raw), i % 2 ? "Q4_0" : "Q8_0");
        }
        struct chip_match match;
        catalog_match_chip("NVIDIA GeForce RTX 4090", NULL, &match);
        assert_string_equal(match.chip, "NVIDIA GeForce RTX 4090");
        catalog_match_chip("NVIDIA GeForce RTX 4090 x2", NULL, &match);
        assert_int_equal(match.count, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(llama),         cmocka_unit_test(other_models), cmocka_unit_test(sizes),
        cmocka_unit_test(quantizations), cmocka_unit_test(backends),     cmocka_unit_test(looked_up_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
