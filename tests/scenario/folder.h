/* A scenario in a folder of its own under the temporary directory, with what it needs changed by a case. */
#ifndef ENT_TESTS_FOLDER_H
#define ENT_TESTS_FOLDER_H

#include "check.h"

#include "entente/scenario.h"
#include "scenario/scenario.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct test_file {
    const char *name, *text;
} test_file;

/* Every part once. Cases replace a piece of one file. */
static const test_file base[] = {
    {"scenario.yaml",
     "entente: 1\n"
     "title: A test\n"
     "time: {start: 2026, years: 3}\n"
     "draws: 100\n"
     "seed: 7\n"
     "about: A door.\n"
     "actors: actors.csv\n"
     "columns: {gdp: {unit: billion}}\n"
     "groups:\n"
     "  club: {members: {member: \"yes\"}, rule: consensus}\n"
     "  pair: {members: [us, ru]}\n"
     "issues:\n"
     "  door:\n"
     "    question: Open?\n"
     "    scale: {0: shut, 100: open}\n"
     "    status_quo: 50\n"
     "    stances: door.csv\n"
     "    settle: {compromise: 2, median: 1}\n"
     "tables:\n"
     "  past: past.csv\n"
     "inputs:\n"
     "  stake: {value: 0.2 to 0.8, unit: share, source: judgement, why: a guess, range: [0, 1]}\n"
     "  cost: 3\n"
     "quantities:\n"
     "  gap: abs(door.position[us] - door.position[ru])\n"
     "document:\n"
     "  title: A paper\n"
     "  issuer: us\n"
     "  date: 2025-12\n"
     "  provisions:\n"
     "    shut_it:\n"
     "      says: Shut it.\n"
     "      binding: no\n"
     "      takes_hold: 0.5\n"
     "      changes:\n"
     "        door.position[us]: 0 to 10\n"
     "models:\n"
     "  vote: {use: consent, group: club, asked: [2026, 2028]}\n"
     "given:\n"
     "  - door.outcome[2026] <= 90\n"
     "claims:\n"
     "  shut:\n"
     "    who: the author\n"
     "    says: It shuts.\n"
     "    holds: last(door.outcome) <= 30\n"
     "levers:\n"
     "  push: {actor: us, range: [0, 1], cost: some, changes: {stake: value * lever}}\n"
     "correlations: [[stake, cost, 0.5]]\n"
     "known:\n"
     "  door.outcome: {value: 20, source: news}\n"
     "limits: [One.]\n"
     "brief: brief.md\n"},
    {"actors.csv", "id,name,member,gdp\n"
                   "us,United States,yes,100\n"
                   "ru,Russia,no,20 to 30\n"
                   "pl,Poland,yes,\n"
                   "fr,France,no,50\n"},
    {"door.csv", "actor,position,salience,capability,source\n"
                 "us,60 to 80,0.5,3,guess\n"
                 "ru,0 to 5,0.8 to 1,2,guess\n"
                 "pl,100,1,1,guess\n"},
    {"past.csv", "actor,year,spent\n"
                 "us,2020,3\n"
                 "us,2021,4\n"
                 "pl,2021,2\n"},
    {"brief.md", "We think that [it shuts](#shut).\n"},
};

typedef struct folder {
    char path[64];
    char *text[ENT_COUNT(base)]; /* as written */
} folder;

static inline void folder_path(char out[256], const folder *f, const char *name)
{
    snprintf(out, 256, "%s/%s", f->path, name);
}

static inline void folder_write(const folder *f, const char *name, const char *text, size_t length)
{
    char path[256];
    folder_path(path, f, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    CHECK(fwrite(text, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

static inline char *replaced(const char *text, const char *find, const char *with)
{
    const char *at = strstr(text, find);
    if (at == NULL || strstr(at + 1, find) != NULL)
        fail_msg("'%s' must be there once", find);
    size_t before = (size_t)(at - text), cut = strlen(find), add = strlen(with), after = strlen(at + cut);
    char *out = malloc(before + add + after + 1);
    assert_non_null(out);
    memcpy(out, text, before);
    memcpy(out + before, with, add);
    memcpy(out + before + add, at + cut, after + 1);
    return out;
}

/* The base scenario with `find` in `name` replaced (NULL: nothing is). */
static inline void folder_open(folder *f, const char *name, const char *find, const char *with)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(f->path, sizeof f->path, "%.30s/ent_XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(f->path));
    for (size_t i = 0; i < ENT_COUNT(base); i++) {
        bool here = name != NULL && strcmp(base[i].name, name) == 0;
        f->text[i] = here && find != NULL ? replaced(base[i].text, find, with) : strdup(here ? with : base[i].text);
        assert_non_null(f->text[i]);
        folder_write(f, base[i].name, f->text[i], strlen(f->text[i]));
    }
}

static inline void folder_close(folder *f)
{
    char path[256];
    for (size_t i = 0; i < ENT_COUNT(base); i++) {
        folder_path(path, f, base[i].name);
        (void)unlink(path);
        free(f->text[i]);
    }
    CHECK(rmdir(f->path) == 0); /* a case that writes more removes it */
}

static inline void show_findings(const ent_diagnostics *list)
{
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        print_message("# %s:%d:%d: %s\n", d.file, (int)d.line, (int)d.column, d.message);
    }
}

/* Reads it, expecting no error and no warning. */
static inline ent_scenario *folder_read(const folder *f)
{
    ent_scenario *s = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_error err = {0};
    ent_status status = ent_scenario_read(&s, f->path, list, &err);
    if (status != ENT_OK || ent_diagnostics_count(list) > 0)
        show_findings(list);
    CHECK(status == ENT_OK && err.status == ENT_OK && ent_diagnostics_count(list) == 0);
    ent_diagnostics_free(list);
    return s;
}

#endif
