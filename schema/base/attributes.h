/* Compiler attributes that the rest of the code writes by a plain name. */
#ifndef SCHEMA_BASE_ATTRIBUTES_H
#define SCHEMA_BASE_ATTRIBUTES_H

/* The result tells whether the call worked: ignoring it is a compile error. */
#define must_check __attribute__((warn_unused_result))
/* Argument number `text` is a printf format for the arguments from `first` on. */
#define printf_like(text, first) __attribute__((__format__(__printf__, text, first)))
/* The returned object must be given to `free_function` (gcc finds mismatches). */
#if defined(__GNUC__) && !defined(__clang__)
#define returns_owned(free_function) __attribute__((malloc, malloc(free_function, 1)))
#else
#define returns_owned(free_function) __attribute__((malloc))
#endif
/* Runs `function(&variable)` when the variable goes out of scope. */
#define cleanup(function) __attribute__((cleanup(function)))
#define unused __attribute__((unused))
/* Its locals must not count in the frame of who calls it. */
#define own_frame __attribute__((noinline))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
