/* What outside libraries keep until the process ends, for the leak sanitizer: fontconfig does not free parts of
 * the configuration that it read. Without that sanitizer nothing calls this. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
