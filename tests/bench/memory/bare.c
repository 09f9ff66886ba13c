/* The bare loops that the built-in benchmark is measured against: a read with the widest loads that AVX2 or NEON have
 * and nothing else, and STREAM's triad as the compiler makes it. Two arguments: bytes of an array, passes; prints the
 * median GB/s of both, with as many threads as the process may use. Written on its own: it shares no code with
 * submit/bench. */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define THREADS_MAX 512
#define PASSES_MAX 1000

static size_t array_bytes, passes, threads;
static double *arrays[3];
static double seconds[2][PASSES_MAX];
static pthread_barrier_t barrier;
static volatile uint64_t sink[THREADS_MAX * 16];

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static uint64_t read_all(const void *from, size_t bytes)
{
    const __m256i *at = from;
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    for (const __m256i *end = at + bytes / sizeof *at; at < end; at += 4) {
        a = _mm256_xor_si256(a, _mm256_load_si256(at));
        b = _mm256_xor_si256(b, _mm256_load_si256(at + 1));
        c = _mm256_xor_si256(c, _mm256_load_si256(at + 2));
        d = _mm256_xor_si256(d, _mm256_load_si256(at + 3));
    }
    a = _mm256_xor_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(c, d));
    return (uint64_t)_mm256_extract_epi64(a, 0) ^ (uint64_t)_mm256_extract_epi64(a, 3);
}
#else
typedef uint64_t words __attribute__((vector_size(16)));
static uint64_t read_all(const void *from, size_t bytes)
{
    const words *at = from;
    words a = {0}, b = {0}, c = {0}, d = {0};
    for (const words *end = at + bytes / sizeof *at; at < end; at += 4) {
        a ^= at[0];
        b ^= at[1];
        c ^= at[2];
        d ^= at[3];
    }
    a ^= b ^ c ^ d;
    return a[0] ^ a[1];
}
#endif

static void *serve(void *argument)
{
    const size_t index = (size_t)(uintptr_t)argument, count = array_bytes / sizeof(double);
    const size_t share = count / threads / 64 * 64, begin = index * share;
    const size_t end = index + 1 == threads ? count / 64 * 64 : begin + share;
    double *restrict to = arrays[2];
    const double *restrict left = arrays[0], *restrict right = arrays[1];
    for (size_t i = begin; i < end; i++)
        arrays[0][i] = arrays[1][i] = arrays[2][i] = (double)i;
    for (size_t pass = 0; pass < 2 * passes; pass++) {
        (void)pthread_barrier_wait(&barrier);
        const double began = now();
        if (pass % 2 == 0)
            sink[index * 16] = read_all(arrays[0] + begin, (end - begin) * sizeof(double));
        else
            for (size_t i = begin; i < end; i++)
                to[i] = left[i] + 3.0 * right[i];
        (void)pthread_barrier_wait(&barrier);
        if (index == 0)
            seconds[pass % 2][pass / 2] = now() - began;
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, passes, sizeof *values, compare);
    return values[passes / 2];
}

int main(int argc, char **argv)
{
    pthread_t ids[THREADS_MAX];
    cpu_set_t set;
    if (argc != 3)
        return 64;
    array_bytes = strtoul(argv[1], NULL, 10) / 4096 * 4096;
    passes = strtoul(argv[2], NULL, 10);
    threads = sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
    if (array_bytes == 0 || passes == 0 || passes > PASSES_MAX || threads > THREADS_MAX)
        return 64;
    for (int i = 0; i < 3; i++) {
        void *memory = mmap(NULL, array_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            return 74;
        (void)madvise(memory, array_bytes, MADV_HUGEPAGE);
        arrays[i] = memory;
    }
    (void)pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, serve, (void *)(uintptr_t)i) != 0)
            return 69;
    for (size_t i = 0; i < threads; i++)
        (void)pthread_join(ids[i], NULL);
    (void)printf("read %.3f\ntriad %.3f\n", (double)array_bytes / 1e9 / median(seconds[0]),
                 3 * (double)array_bytes / 1e9 / median(seconds[1]));
    return 0;
}
