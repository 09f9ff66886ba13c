#include "submit/person.h"

#include <string.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/bundle/keys.h"
#include "schema/bundle/limits.h"
#include "schema/formats/reader.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "submit/settings.h"
#include "submit/terminal.h"

#define FIRST_OF_RESULT ANSWER_TITLE
#define MEMORY_MAX ((size_t)64 << 10)

static const struct {
    const char *option, *label, *question; /* label NULL: has a place of its own in the bundle */
    size_t most;                           /* bytes */
} answers[ANSWER_COUNT] = {
    [ANSWER_DEVICE_MODEL] = {"device-model", "device_model", "Exact device model", BUNDLE_NAME_POINTS_MAX},
    [ANSWER_COOLING] = {"cooling", NULL, "Cooling (fan, passive, water, …)", BUNDLE_NAME_POINTS_MAX},
    [ANSWER_ENVIRONMENT] = {"environment", "environment", "Environment (room, dock, lid closed, …)", 200},
    [ANSWER_TITLE] = {"title", "title", "Title of this series of results", 200},
    [ANSWER_CHANGE] = {"change", "change", "What was changed since the result before", 200},
};

void person_done(struct person *person)
{
    arena_done(&person->arena);
}

/* What identifies the machine goes out of it. */
static int take(struct person *person, enum answer answer, const char *text, struct err *err)
{
    autobuf struct buf clean = BUF(2 * BUNDLE_NOTE_BYTES_MAX);
    if (text_is_empty(text))
        return 0;
    int r =
        redact_note(str_of(text), person->identities->items, person->identities->count, &clean, &person->removed, err);
    if (r < 0)
        return r;
    person->texts[answer] = arena_strdup(&person->arena, buf_text(&clean));
    return arena_check(&person->arena, err);
}

static int check_date(const char *text, struct err *err);

int person_open(const struct invocation *invocation, const struct identity_list *identities, struct person *ret,
                struct err *err)
{
    struct person person cleanup(person_done) = {.invocation = invocation, .identities = identities};
    person.asks = terminal_can_ask();
    int r = check_date(settings_text(invocation, "date"), err);
    for (size_t i = 0; r == 0 && i < ANSWER_COUNT; i++) {
        const char *text = option_text(invocation, answers[i].option);
        if (text != NULL && (!utf8_is_valid(str_of(text)) || strlen(text) > BUNDLE_NOTE_BYTES_MAX))
            return err_set(err, ERR_USAGE, "--%s must be UTF-8 of at most %zu bytes", answers[i].option,
                           BUNDLE_NOTE_BYTES_MAX);
        r = take(&person, (enum answer)i, text, err);
    }
    if (r < 0)
        return r;
    *ret = person;
    person = (struct person){0};
    return 0;
}

/* ---- when it was measured */

/* A day alone keeps its day; the hour is not known, and the run is marked so. */
static bool date_is_day(const char *text)
{
    return strlen(text) == 10;
}

static bool set_date(struct arena *arena, struct run *run, const char *text)
{
    const char *whole = date_is_day(text) ? arena_printf(arena, "%sT00:00:00", text) : text;
    if (whole == NULL || !reader_set_time(arena, run, whole))
        return false;
    if (date_is_day(text))
        flags_add(arena, &run->flags, "day_only");
    return true;
}

static int check_date(const char *text, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct run run = {0};
    if (text == NULL || set_date(&arena, &run, text))
        return arena_check(&arena, err);
    (void)err_set(err, ERR_USAGE, "--date %s is no time", text);
    return err_hint(err, "for example --date 2026-03-04, or --date 2026-03-04T17:30:00+01:00");
}

/* ---- what is remembered of a device */

static int memory_path(const struct device *facts, struct arena *arena, const char **ret_folder, const char **ret,
                       struct err *err)
{
    struct bundle_key nobody = {{0}}, key = {{0}};
    char name[BUNDLE_KEY_TEXT_SIZE];
    const char *folder = NULL;
    int r = bundle_device_key(nobody, facts, &key, err);
    if (r == 0)
        r = file_config_path("devices", arena, &folder, err);
    if (r < 0)
        return r;
    *ret_folder = folder;
    *ret = arena_printf(arena, "%s/%s.json", folder, bundle_key_text(name, key));
    return arena_check(arena, err);
}

/* True when this device was asked about before; options stand above what is remembered. */
static bool recall(struct person *person, const char *path)
{
    autobuf struct buf text = BUF(MEMORY_MAX);
    autojson struct json_document *document = NULL;
    if (!file_exists(path) || file_read(path, &text, NULL) < 0 ||
        json_read_strict(str_slice(buf_text(&text), text.len), &json_limits_bundle, &document, NULL) < 0)
        return false;
    for (size_t i = 0; i < FIRST_OF_RESULT; i++)
        if (person->texts[i] == NULL)
            (void)!take(person, (enum answer)i, json_string(json_get(json_root(document), answers[i].option)), NULL);
    return true;
}

static int keep(const char *const texts[ANSWER_COUNT], const char *folder, const char *path, struct err *err)
{
    autobuf struct buf text = BUF(MEMORY_MAX);
    struct json_writer writer = json_writer(&text, 2);
    json_begin_object(&writer);
    for (size_t i = 0; i < FIRST_OF_RESULT; i++)
        json_pair_string(&writer, answers[i].option, text_is_empty(texts[i]) ? NULL : texts[i]);
    json_end_object(&writer);
    buf_addc(&text, '\n');
    int r = buf_check(&text, err);
    if (r == 0)
        r = file_make_folders(folder, 0700, err);
    return r < 0 ? r : file_replace(path, 0600, text.data, text.len, err);
}

/* ---- questions */

/* Asks for those of [first, end) that no option answers; `typed` gets the words as they are. At the end of input no
 * further question comes. */
static int ask(struct person *person, enum answer first, enum answer end, const char *typed[ANSWER_COUNT],
               struct err *err)
{
    for (enum answer i = first; person->asks && i < end; i++) {
        char line[BUNDLE_NOTE_BYTES_MAX];
        if (option_text(person->invocation, answers[i].option) != NULL)
            continue;
        person->asks = terminal_ask(answers[i].question, line, answers[i].most + 1);
        if (!person->asks || line[0] == '\0')
            continue;
        typed[i] = arena_strdup(&person->arena, line);
        int r = take(person, i, line, err);
        if (r < 0)
            return r;
    }
    return arena_check(&person->arena, err);
}

static int of_device(struct person *person, const struct device *facts, struct err *err)
{
    const char *folder, *path, *typed[ANSWER_COUNT] = {0};
    if (person->asked_of_device)
        return 0;
    person->asked_of_device = true;
    /* Without a place to remember things nothing is asked either: it would be asked each time. */
    if (memory_path(facts, &person->arena, &folder, &path, NULL) < 0)
        return 0;
    if (!option_flag(person->invocation, "ask") && recall(person, path))
        return 0;
    if (!person->asks)
        return 0;
    log_info("This is asked once for this device; an empty answer leaves it open.");
    int r = ask(person, ANSWER_DEVICE_MODEL, FIRST_OF_RESULT, typed, err);
    if (r < 0 || !person->asks)
        return r;
    struct err why;
    if (keep(typed, folder, path, &why) < 0)
        log_warning("the answers cannot be remembered: %s", why.text);
    else
        log_info("remembered in %s (--ask asks again)", path);
    return 0;
}

static int of_result(struct person *person, struct err *err)
{
    const char *typed[ANSWER_COUNT] = {0};
    if (person->asked_of_result || !person->asks)
        return 0;
    person->asked_of_result = true;
    return ask(person, FIRST_OF_RESULT, ANSWER_COUNT, typed, err);
}

/* Model and chip where the output names none: without an answer they stay unstated. */
static int of_reading(struct person *person, struct reading *reading, struct err *err)
{
    static const struct {
        const char *name, *question;
    } gaps[] = {{"chip", "The output names no chip; which one was it"},
                {"model", "The output names no model; which one was it"}};
    for (size_t i = 0; i < ARRAY_LENGTH(gaps); i++) {
        char line[BUNDLE_NAME_BYTES_MAX];
        if (!person->asks || !settings_misses(reading, gaps[i].name))
            continue;
        person->asks = terminal_ask(gaps[i].question, line, sizeof(line));
        int r = person->asks && line[0] != '\0' ? settings_set(reading, gaps[i].name, line, err) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- into the reading */

static bool has_label(const struct label_list *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (text_equal(labels->items[i].name, name))
            return true;
    return false;
}

static void fill(const struct person *person, bool local, struct reading *reading)
{
    const char *date = settings_text(person->invocation, "date");
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        if (date != NULL && run->ran_at == NULL)
            (void)set_date(&reading->arena, run, date);
        for (size_t j = 0; j < ANSWER_COUNT; j++) {
            bool applies = local || j >= FIRST_OF_RESULT || option_text(person->invocation, answers[j].option) != NULL;
            if (applies && answers[j].label != NULL && person->texts[j] != NULL &&
                !has_label(&run->labels, answers[j].label))
                labels_add(&reading->arena, &run->labels, answers[j].label, person->texts[j]);
        }
    }
}

int person_complete(struct person *person, const struct device *facts, struct reading *reading,
                    const char **ret_cooling, struct err *err)
{
    int r = of_reading(person, reading, err);
    if (r == 0 && facts != NULL)
        r = of_device(person, facts, err);
    if (r == 0)
        r = of_result(person, err);
    if (r < 0)
        return r;
    fill(person, facts != NULL, reading);
    bool cooled = facts != NULL || option_text(person->invocation, "cooling") != NULL;
    *ret_cooling = cooled ? person->texts[ANSWER_COOLING] : NULL;
    return arena_check(&reading->arena, err);
}
