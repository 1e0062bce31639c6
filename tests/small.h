/* Small scenarios written to a folder of their own, compiled and run: what most tests of plan and ensemble need. */
#ifndef ENT_TESTS_SMALL_H
#define ENT_TESTS_SMALL_H

#include "check.h"
#include "entente.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct small {
    char folder[64];
    ent_diagnostics *list;
    ent_scenario *scenario;
    ent_plan *plan;
    ent_results *results;
    ent_error err;
} small;

static inline void small_write(const small *s, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A folder with scenario.yaml made of `yaml`; actors.csv always holds us, ru, pl and fr with gdp 4, 2, 1, 3. */
static inline small small_new(const char *yaml)
{
    small s = {.folder = "/tmp/entente-test-XXXXXX"};
    assert_non_null(mkdtemp(s.folder));
    small_write(&s, "scenario.yaml", yaml);
    small_write(&s, "actors.csv", "id,name,nato,gdp\nus,United States,yes,4\nru,Russia,no,2\npl,Poland,yes,1\nfr,France,yes,3\n");
    small_write(&s, "door.csv", "actor,position,salience,capability\nus,20,0.5,4\nru,0,1,2\npl,90,1,1\nfr,60,0.5,3\n");
    s.list = ent_diagnostics_create();
    return s;
}

static inline ent_status small_compile(small *s, const ent_setting *settings, size_t n)
{
    ent_status status = ent_scenario_read(&s->scenario, s->folder, s->list, &s->err);
    if (status == ENT_OK)
        status = ent_plan_compile(&s->plan, s->scenario, settings, n, s->list, &s->err);
    return status;
}

static inline void small_print_errors(const small *s)
{
    for (size_t i = 0; i < ent_diagnostics_count(s->list); i++) {
        ent_diagnostic d = ent_diagnostics_get(s->list, i);
        fprintf(stderr, "%s:%d:%d: %s\n", d.file, d.line, d.column, d.message);
    }
    if (s->err.status != ENT_OK)
        fprintf(stderr, "%s\n", s->err.message);
}

static inline void small_run(small *s, int64_t draws, int32_t jobs)
{
    if (s->plan == NULL && small_compile(s, NULL, 0) != ENT_OK) {
        small_print_errors(s);
        fail_msg("the scenario does not compile");
    }
    ent_results_free(s->results);
    s->results = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = draws;
    options.jobs = jobs;
    if (ent_run(&s->results, s->plan, &options, &s->err) != ENT_OK)
        fail_msg("%s", s->err.message);
}

static inline void small_free(small *s)
{
    static const char *const names[] = {"scenario.yaml", "actors.csv", "door.csv", "past.csv", "brief.md"};
    ent_results_free(s->results);
    ent_plan_free(s->plan);
    ent_scenario_free(s->scenario);
    ent_diagnostics_free(s->list);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", s->folder, names[i]);
        remove(path);
    }
    rmdir(s->folder);
}

static inline ent_quantity_view small_quantity(const small *s, const char *name)
{
    ent_run_facts facts = ent_results_facts(s->results);
    for (size_t i = 0; i < facts.quantities; i++) {
        ent_quantity_view view = ent_results_quantity(s->results, i);
        if (strcmp(view.name, name) == 0)
            return view;
    }
    fail_msg("no quantity %s", name);
    return (ent_quantity_view){0};
}

static inline ent_claim_view small_claim(const small *s, const char *id)
{
    ent_run_facts facts = ent_results_facts(s->results);
    for (size_t i = 0; i < facts.claims; i++) {
        ent_claim_view view = ent_results_claim(s->results, i);
        if (strcmp(view.id, id) == 0)
            return view;
    }
    fail_msg("no claim %s", id);
    return (ent_claim_view){0};
}

static inline char *small_json(const small *s)
{
    char *text = NULL;
    size_t length;
    CHECK(ent_results_json(&text, &length, s->results, NULL) == ENT_OK);
    return text;
}

/* True where some error or warning of the list contains `words`. */
static inline bool small_says(const small *s, const char *words)
{
    for (size_t i = 0; i < ent_diagnostics_count(s->list); i++)
        if (strstr(ent_diagnostics_get(s->list, i).message, words) != NULL)
            return true;
    return false;
}

/* The scenario must not compile, and must say why in these words. */
static inline void small_refuses(const char *yaml, const char *words)
{
    small s = small_new(yaml);
    ent_status status = small_compile(&s, NULL, 0);
    if (status != ENT_ERR_SCENARIO || !small_says(&s, words)) {
        small_print_errors(&s);
        fail_msg("status %d; wanted an error with \"%s\"", status, words);
    }
    small_free(&s);
}

#define HEAD "entente: 1\ntitle: A test\ndraws: 1000\nseed: 7\nactors: actors.csv\n"
#define DOOR                                                                                                           \
    "issues:\n  door:\n    title: Door\n    question: Open?\n    scale: {0: shut, 100: open}\n    status_quo: 50\n"     \
    "    stances: door.csv\n"

#endif
