/* A scenario's folder, read: scenario.yaml, then what it names, in a fixed order, into one arena.
 *
 * Order matters twice: names are known before what refers to them (actors before stances, claims before the brief), and
 * the hash is over the files in the order in which they are read. */
#include "entente/scenario.h"
#include "scenario/file.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEFAULT_DRAWS = 20000 };

/* --- where it is ------------------------------------------------------------------------------------- */

/* The last name of a path without trailing slashes. */
static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The folder's own name, also where it is given as ".". */
static const char *name_of(ent__parse *to, const char *folder)
{
    char here[4096];
    if (strcmp(folder, ".") == 0 && getcwd(here, sizeof here) != NULL)
        folder = ent__keep(to, here, strlen(here));
    const char *name = folder != NULL ? last_name(folder) : "";
    return name[0] != 0 && name[0] != '.' ? name : "scenario";
}

/* Folder and file from what the caller gave: a folder, or the file in it. */
static void locate(ent__reader *r, const char *path)
{
    ent_scenario *s = r->out;
    struct stat facts;
    size_t length = strlen(path);
    bool file = stat(path, &facts) == 0 && !S_ISDIR(facts.st_mode);
    if (file) {
        s->file = ent__keep(&r->to, path, length);
        const char *name = last_name(path);
        length = (size_t)(name - path);
    }
    while (length > 1 && path[length - 1] == '/')
        length--;
    s->folder = length > 0 ? ent__keep(&r->to, path, length) : ".";
    if (s->folder == NULL)
        return;
    if (!file)
        s->file = ent__arena_printf(r->to.arena, "%s/scenario.yaml", s->folder);
    r->to.no_memory |= s->file == NULL;
    s->id = name_of(&r->to, s->folder);
}

/* --- the entries at the top --------------------------------------------------------------------------- */

static void read_seed(ent__reader *r, const ent__yaml *node)
{
    uint64_t seed = 0;
    bool good = ent__is_text(r, node, "'seed'") && node->text[0] != 0;
    for (const char *c = node->text; good && *c != 0; c++) { /* more digits than a double holds */
        good = *c >= '0' && *c <= '9' && seed <= (UINT64_MAX - (uint64_t)(*c - '0')) / 10;
        seed = good ? seed * 10 + (uint64_t)(*c - '0') : seed;
    }
    if (good)
        r->out->seed = seed;
    else if (node->kind == ENT__YAML_TEXT)
        ent__complain(&r->to, node->place, "'seed' takes a whole number from 0 to 18446744073709551615, found '%.60s'",
                      node->text);
}

static void read_time(ent__reader *r, const ent__yaml *node)
{
    static const char *const keys[] = {"start", "years", NULL};
    int64_t x;
    if (!ent__is_mapping(r, node, "'time'"))
        return;
    ent__keys(r, node, "'time'", keys);
    const ent__yaml *start = ent__required(r, node, "start", "'time'"),
                    *years = ent__required(r, node, "years", "'time'");
    if (start != NULL && ent__read_integer(r, start, "'start'", 1, ENT_MAX_START, &x))
        r->out->start = (int32_t)x;
    if (years != NULL && ent__read_integer(r, years, "'years'", 1, ENT_MAX_YEARS, &x))
        r->out->years = (int32_t)x;
}

static void read_limits(ent__reader *r, const ent__yaml *node)
{
    r->out->limit = ent__read_texts(r, node, "'limits'", &r->out->n_limits, NULL);
}

static void read_draws(ent__reader *r, const ent__yaml *node)
{
    (void)ent__read_integer(r, node, "'draws'", 1, ENT_MAX_DRAWS, &r->out->draws);
}

static void read_nothing(ent__reader *r, const ent__yaml *node) { (void)r, (void)node; }

/* Every key of scenario.yaml, in the order in which they are read. */
static const struct {
    const char *key;
    void (*read)(ent__reader *r, const ent__yaml *node);
} part[] = {{"entente", read_nothing},
            {"title", read_nothing},
            {"about", read_nothing},
            {"time", read_time},
            {"draws", read_draws},
            {"seed", read_seed},
            {"limits", read_limits},
            {"actors", ent__read_actors},
            {"columns", ent__read_columns},
            {"groups", ent__read_groups},
            {"tables", ent__read_tables},
            {"inputs", ent__read_inputs},
            {"quantities", ent__read_quantities},
            {"issues", ent__read_issues},
            {"arenas", ent__read_arenas},
            {"models", ent__read_models},
            {"document", ent__read_document},
            {"given", ent__read_given},
            {"claims", ent__read_claims},
            {"levers", ent__read_levers},
            {"correlations", ent__read_correlations},
            {"known", ent__read_known},
            {"brief", ent__read_brief}};

static void check_version(ent__reader *r, const ent__yaml *root)
{
    const ent__yaml *version = ent__required(r, root, "entente", "scenario.yaml");
    if (version != NULL && ent__is_text(r, version, "'entente'") && strcmp(version->text, "1") != 0)
        ent__complain(&r->to, version->place, "'entente' is the version of the format, 1, found '%.60s'",
                      version->text);
    if (ent__required(r, root, "title", "scenario.yaml") != NULL)
        r->out->title = ent__read_text(r, root, "title");
    r->out->about = ent__read_text(r, root, "about");
}

static void read_root(ent__reader *r, const ent__yaml *root)
{
    const char *keys[ENT_COUNT(part) + 1];
    for (size_t i = 0; i <= ENT_COUNT(part); i++)
        keys[i] = i < ENT_COUNT(part) ? part[i].key : NULL;
    ent__keys(r, root, "scenario.yaml", keys);
    check_version(r, root);
    bool has_actors = ent__yaml_get(root, "actors") != NULL;
    if (!has_actors && (ent__yaml_get(root, "issues") != NULL || ent__yaml_get(root, "groups") != NULL))
        (void)ent__required(r, root, "actors", "scenario.yaml");
    for (size_t i = 0; i < ENT_COUNT(part) && !r->to.no_memory; i++) {
        const ent__yaml *entry = ent__yaml_get(root, part[i].key);
        bool without = !has_actors && (strcmp(part[i].key, "issues") == 0 || strcmp(part[i].key, "groups") == 0);
        if (entry != NULL && entry->kind != ENT__YAML_BAD && !without)
            part[i].read(r, entry);
    }
    ent__check_groups(r);
}

static ent_status read_folder(ent__reader *r, const char *path)
{
    char *text;
    size_t length;
    char problem[160];
    locate(r, path);
    if (r->to.no_memory)
        return ENT_ERR_MEMORY;
    ent_status status = ent__file_read(&text, &length, r->out->file, problem);
    if (status != ENT_OK) {
        if (status != ENT_ERR_MEMORY)
            ent__complain(&r->to, (ent__place){r->out->file, 0, 0}, "%s %s", last_name(r->out->file), problem);
        return status;
    }
    ent__hash_file(r->out, last_name(r->out->file), text, length);
    r->to.no_memory |= !ent__keep_file(r->out, last_name(r->out->file), text, length);
    const ent__yaml *root;
    status = ent__yaml_parse(&root, &r->to, text, length, r->out->file);
    ent__free(text);
    if (status == ENT_OK)
        read_root(r, root);
    return status;
}

ent_status ent_scenario_read(ent_scenario **out, const char *path, ent_diagnostics *list, ent_error *err)
{
    *out = NULL;
    if (path == NULL || path[0] == 0)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0,
                              "the name of the scenario is empty: it is a folder with a scenario.yaml, or that file");
    if (list == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "a scenario is read into a list of findings; it is NULL");
    ent__arena *arena = ent__arena_create();
    ent_scenario *s = arena != NULL ? ent__arena_alloc(arena, 1, sizeof *s) : NULL;
    ent__reader *r = s != NULL ? ent__arena_alloc(arena, 1, sizeof *r) : NULL;
    if (r == NULL) {
        ent__arena_free(arena);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    }
    *s = (ent_scenario){.arena = arena,
                        .id = "",
                        .title = "",
                        .brief_html = "",
                        .brief_text = "",
                        .about = "",
                        .draws = DEFAULT_DRAWS,
                        .seed = 1,
                        .document_title = "",
                        .document_issuer = "",
                        .document_source = ""};
    *r = (ent__reader){.to = {.arena = arena, .list = list}, .out = s};
    ent_status status = read_folder(r, path);
    if (r->to.no_memory || ent__arena_failed(arena))
        status = ENT_ERR_MEMORY;
    else if (status == ENT_OK && r->to.errors > 0)
        status = ENT_ERR_SCENARIO;
    ent_diagnostics_sort(list);
    if (status == ENT_OK) {
        *out = s;
        return ENT_OK;
    }
    for (size_t i = 0; i < ent_diagnostics_count(list) && status != ENT_ERR_MEMORY; i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        if (d.severity == ENT_SEVERITY_ERROR) {
            (void)ent__error_set(err, status, d.file, d.line, d.column, "%s", d.message);
            break;
        }
    }
    (void)ent__error_set(err, status, "", 0, 0, "%s", ent_status_text(status)); /* where none is set yet */
    ent__arena_free(arena);
    return status;
}

void ent_scenario_free(ent_scenario *scenario)
{
    if (scenario != NULL)
        ent__arena_free(scenario->arena);
}
