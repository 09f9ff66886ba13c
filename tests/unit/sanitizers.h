/* For a test program that draws with fonts, once: what sanitizers would say of fontconfig and Pango, which are not
 * ours. As tests/lsan.supp and tests/tsan.supp, which the runner of all tests gives; so a program may be run by itself.
 */
#ifndef TESTS_UNIT_SANITIZERS_H
#define TESTS_UNIT_SANITIZERS_H

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void); /* NOLINT(bugprone-reserved-identifier): its name is given */

const char *__lsan_default_suppressions(void) /* NOLINT(bugprone-reserved-identifier) */
{
    return "leak:libfontconfig\n";
}
#endif
#ifdef __SANITIZE_THREAD__
const char *__tsan_default_suppressions(void); /* NOLINT(bugprone-reserved-identifier) */

const char *__tsan_default_suppressions(void) /* NOLINT(bugprone-reserved-identifier) */
{
    return "called_from_lib:libpangoft2-1.0.so\ncalled_from_lib:libpango-1.0.so\ncalled_from_lib:libfontconfig.so\n"
           "called_from_lib:libglib-2.0.so\ncalled_from_lib:libpangocairo-1.0.so\nmutex:libcairo.so\n";
}
#endif

#endif
