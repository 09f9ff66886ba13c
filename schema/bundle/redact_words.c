/* Words that mean something in benchmark outputs or are everybody's user and host
 * name: looked for as an identity they would shred the data and protect nobody.
 * In paths and mail addresses such names are found by their shape all the same. */
#include <string.h>

#include "schema/bundle/redact_find.h"

static const char *const common_words[] = {
    /* accounts and hosts that thousands have */
    "admin", "administrator", "ansible", "azureuser", "build", "builder", "centos", "ci", "client", "cloud", "code",
    "coder", "container", "core", "daemon", "debian", "default", "desktop", "dev", "developer", "docker", "ec2-user",
    "fedora", "gitlab-runner", "guest", "home", "host", "jenkins", "jovyan", "jupyter", "laptop", "linux", "local",
    "localhost", "localhost.localdomain", "mac", "macbook", "macbook-air", "macbook-pro", "macmini", "macos", "main",
    "mini", "nobody", "node", "notebook", "opc", "oracle", "owner", "pc", "pi", "raspberrypi", "rock", "root", "runner",
    "runneradmin", "server", "service", "studio", "sysadmin", "system", "test", "tester", "ubuntu", "user", "username",
    "users", "vagrant", "virtualbox", "vm", "vscode", "windows", "work", "worker", "workspace", "workstation", "wsl",
    /* vendors, chips, products */
    "air", "amd", "ampere", "apple", "arc", "arm", "arm64", "aarch64", "amd64", "blackwell", "broadcom", "core-i7",
    "cpu", "epyc", "geforce", "gpu", "gtx", "hopper", "instinct", "intel", "jetson", "m1", "m2", "m3", "m4", "m5", "m6",
    "max", "mediatek", "npu", "nvidia", "orin", "pro", "qualcomm", "radeon", "rtx", "ryzen", "rockchip", "samsung",
    "snapdragon", "tesla", "ti", "ultra", "x86", "x86_64", "xavier", "xeon", "thunder", "super", "titan", "quadro",
    /* tools, models, backends */
    "alpaca", "anemll", "bench", "benchmark", "bert", "blas", "cohere", "coreml", "cuda", "deepseek", "falcon", "fio",
    "flux", "gemma", "ggml", "gguf", "gpt", "grok", "groq", "hip", "hyperfine", "jmh", "kimi", "llama", "llm", "metal",
    "mistral", "mixtral", "mlx", "mlperf", "mtl", "ollama", "onnx", "opencl", "openvino", "phi", "pytest", "python",
    "pytorch", "qwen", "qwq", "rocm", "rpc", "rust", "sglang", "smollm", "solar", "sycl", "sysbench", "tensorrt",
    "tensorflow", "tinyllama", "torch", "transformers", "trt", "tvm", "vicuna", "vllm", "vulkan", "whisper", "yi", "go",
    "java", "gcc", "clang", "cmake", "make", "git", "github", "bash", "zsh", "sh", "node.js",
    /* words of the files themselves */
    "all", "alone", "array", "auto", "average", "avg", "backend", "bandwidth", "batch", "batched", "baseline", "beta",
    "bytes", "cache", "category", "class", "combined", "compute", "config", "context", "copy", "count", "data", "date",
    "debug", "decode", "depth", "device", "devices", "duration", "encode", "error", "errors", "failed", "false", "fast",
    "file", "files", "float", "fp16", "frequency", "full", "gen", "generation", "hash", "high", "id", "inf", "info",
    "infinity", "input", "int8", "iterations", "iops", "jobs", "json", "kernel", "large", "latency", "layer", "layers",
    "load", "long", "low", "mean", "median", "medium", "memory", "message", "metric", "metrics", "min", "mode", "model",
    "models", "name", "nan", "none", "null", "ops", "options", "output", "parallel", "parameters", "params", "path",
    "percentile", "perf", "performance", "power", "prefill", "prompt", "prompts", "quick", "random", "read", "release",
    "repetitions", "request", "requests", "result", "results", "rounds", "run", "runs", "sample", "samples", "scale",
    "score", "seconds", "seed", "serial", "short", "single", "size", "small", "speed", "split", "stats", "std",
    "stddev", "stock", "stream", "stub", "summary", "target", "task", "temp", "text", "thread", "threads",
    "throughput", "time", "timestamp", "title", "tmp", "token", "tokens", "total", "train", "triad", "true", "type",
    "unit", "units", "unknown", "value", "values", "var", "version", "warm", "warmup", "warning", "write", "add",
    "alpha", "dot", "lat", "job", "group", "groups", "label", "labels", "block", "blocks", "mul", "nstream", "opt",
    /* places that stand in for a serial or a name */
    "n/a", "not specified", "to be filled by o.e.m.", "default string", "system serial number", "chassis serial number",
    "not applicable", "oem", "none specified", "0123456789", "123456789", "00000000", "127.0.0.1", "0.0.0.0", "::1",
    "255.255.255.255", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00000000-0000-0000-0000-000000000000",
    "03000200-0400-0500-0006-000700080009", "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

static bool is_name(enum private_kind kind)
{
    return kind == PRIVATE_USER || kind == PRIVATE_HOST;
}

bool redact_is_common(const struct identity *identity)
{
    struct str text = str_of(identity->text);
    /* Paths need two parts ("/" or "/x" would cut everything), serials and addresses some length. */
    size_t shortest = is_name(identity->kind) ? 3 : 4;
    if (text.len < shortest)
        return true;
    bool letter = false;
    for (size_t i = 0; i < text.len; i++)
        letter = letter || (unsigned char)text.data[i] >= 0x80 || (text.data[i] >= 'a' && text.data[i] <= 'z') ||
                 (text.data[i] >= 'A' && text.data[i] <= 'Z');
    if (is_name(identity->kind) && !letter)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(common_words); i++)
        if (str_equal_ignore_case(text, str_of(common_words[i])))
            return true;
    return false;
}
