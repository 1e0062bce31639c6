/* entente merge: the parts that `entente run --shard K/M` made, put together to the results of the whole run. */
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct part_file {
    char *path;
    int64_t shard, shards; /* as its name says; 0: it has another name */
} part_file;

typedef struct part_list {
    part_file *item;
    size_t count, capacity;
} part_list;

/* "part-2-of-4.entente" */
static bool read_name(part_file *out, const char *name)
{
    static const char before[] = "part-", between[] = "-of-", after[] = ".entente";
    char *end;
    if (strncmp(name, before, sizeof before - 1) != 0 || name[sizeof before - 1] < '0' || name[sizeof before - 1] > '9')
        return false;
    out->shard = strtoll(name + sizeof before - 1, &end, 10);
    if (strncmp(end, between, sizeof between - 1) != 0 || end[sizeof between - 1] < '0' || end[sizeof between - 1] > '9')
        return false;
    out->shards = strtoll(end + sizeof between - 1, &end, 10);
    return strcmp(end, after) == 0 && out->shard > 0 && out->shard <= out->shards;
}

static bool add(part_list *list, const char *folder, const char *name)
{
    if (list->count == list->capacity) {
        size_t want = list->capacity > 0 ? 2 * list->capacity : 16;
        part_file *grown = realloc(list->item, want * sizeof *grown);
        if (grown == NULL)
            return false;
        list->item = grown;
        list->capacity = want;
    }
    size_t length = strlen(folder), room = length + strlen(name) + 2;
    part_file file = {.path = malloc(room)};
    if (file.path == NULL)
        return false;
    snprintf(file.path, room, "%s%s%s", folder, length == 0 || folder[length - 1] == '/' ? "" : "/", name);
    const char *slash = strrchr(file.path, '/');
    if (!read_name(&file, slash != NULL ? slash + 1 : file.path))
        file.shard = file.shards = 0;
    list->item[list->count++] = file;
    return true;
}

static int by_shard(const void *a, const void *b)
{
    const part_file *x = a, *y = b;
    if (x->shard != y->shard)
        return x->shard < y->shard ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* The parts in a folder, or the file itself. An exit code, or CLI_GO. */
static int list_parts(part_list *list, const char *where, const cli_args *args)
{
    struct stat s;
    size_t before = list->count;
    if (stat(where, &s) == 0 && !S_ISDIR(s.st_mode))
        return add(list, "", where) ? CLI_GO : cli_fail(args->json, CLI_IO, "not enough memory");
    DIR *folder = opendir(where);
    if (folder == NULL)
        return cli_fail(args->json, CLI_IO, "%s: it cannot be read: %s", where, strerror(errno));
    bool all = true;
    for (struct dirent *entry; all && (entry = readdir(folder)) != NULL;) {
        part_file file;
        if (read_name(&file, entry->d_name))
            all = add(list, where, entry->d_name);
    }
    closedir(folder);
    if (!all)
        return cli_fail(args->json, CLI_IO, "not enough memory");
    if (list->count == before)
        return cli_fail(args->json, CLI_IO, "%s: no part is there (part-K-of-M.entente, as `entente run --shard K/M` makes them)", where);
    return CLI_GO;
}

/* "; missing: parts 2, 3 of 4" where the names tell which are not there; else "". */
static void missing_parts(char *text, size_t room, const part_list *list)
{
    int64_t of = list->item[0].shards, told = 0, missing = 0;
    char which[80] = "";
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].shards != of || of == 0)
            return;
    for (int64_t k = 1; k <= of; k++) {
        bool there = false;
        for (size_t i = 0; i < list->count && !there; i++)
            there = list->item[i].shard == k;
        missing += !there;
        if (!there && told < 6)
            used += (size_t)snprintf(which + used, sizeof which - used, "%s%lld", told++ > 0 ? ", " : "", (long long)k);
    }
    if (missing > 0)
        snprintf(text, room, "; missing: part%s %s%s of %lld", missing > 1 ? "s" : "", which, missing > told ? " and others" : "",
                 (long long)of);
}

typedef struct merging {
    const cli_args *args;
    ent_plan *plan;
    ent_merge *merge;
    bool keeps_draws, partial;
    int64_t end; /* of the draws that are there from the beginning without a gap */
} merging;

/* The first part brings the plan. */
static ent_status begin(merging *m, const ent_part_facts *facts, const unsigned char *bytes, size_t length, ent_error *err)
{
    m->keeps_draws = facts->keeps_draws;
    ent_status status = ent_part_plan(&m->plan, bytes, length, err);
    return status == ENT_OK ? ent_merge_create(&m->merge, m->plan, err) : status;
}

static ent_status add_part(merging *m, const char *path, ent_error *err)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    ent_part_facts facts = {0};
    ent_status status = ent_file_read(&bytes, &length, path, err);
    if (status == ENT_OK)
        status = ent_part_read(&facts, bytes, length, err);
    if (status == ENT_OK && m->plan == NULL)
        status = begin(m, &facts, bytes, length, err);
    if (status != ENT_OK && err->file[0] == 0)
        snprintf(err->file, sizeof err->file, "%s", path);
    bool follows = facts.first == m->end;
    if (status == ENT_OK && m->partial && !follows)
        fprintf(stderr, "entente: %s is left out: the draws before its own are missing\n", path);
    else if (status == ENT_OK)
        status = ent_merge_add(m->merge, bytes, length, path, err);
    m->end = follows ? facts.first + facts.draws : m->end;
    ent_bytes_free(bytes);
    return status;
}

static int merge_all(const part_list *list, bool partial, const char *out, const cli_args *args)
{
    merging m = {.args = args, .partial = partial};
    ent_error err = {0};
    ent_results *results = NULL;
    ent_status status = ENT_OK;
    int code;
    for (size_t i = 0; i < list->count && status == ENT_OK; i++)
        status = add_part(&m, list->item[i].path, &err);
    if (status != ENT_OK) {
        code = cli_fail_error(args->json, &err);
    } else if (ent_merge_results(&results, &m.merge, partial, &err) != ENT_OK) {
        char which[200];
        missing_parts(which, sizeof which, list);
        code = err.status == ENT_ERR_ARGUMENT ? cli_fail(args->json, CLI_IO, "%s%s", err.message, which) : cli_fail_error(args->json, &err);
    } else {
        code = run_tell(results, ent_results_facts(results).folder, m.keeps_draws, args, out);
    }
    ent_results_free(results);
    ent_merge_free(m.merge);
    ent_plan_free(m.plan);
    return code;
}

/* The folder of the first part. The caller frees it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) + (slash == path) : 1;
    char *folder = malloc(length + 1);
    if (folder != NULL) {
        memcpy(folder, slash != NULL ? path : ".", length);
        folder[length] = 0;
    }
    return folder;
}

int cmd_merge(int argc, char **argv)
{
    const char *out = NULL;
    bool partial = false;
    const cli_option options[] = {
        {"out", CLI_TEXT, &out, "DIR", "where the results go (default: the folder of the parts)", 0},
        {"partial", CLI_FLAG, &partial, NULL, "where parts are missing: the results of the draws before them", 0},
    };
    const cli_syntax syntax = {
        .name = "merge",
        .arguments = "DIR...",
        .about = "Puts together the parts that `entente run --shard K/M` made, in one folder or several (or files given by name): "
                 "the results are the same bytes as those of the run in one piece. The scenario need not be at hand.",
        .example = "entente run scenarios/european-security-2025 --shard 1/2 --out parts\n"
                   "entente run scenarios/european-security-2025 --shard 2/2 --out parts\n"
                   "entente merge parts --out results",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1000000,
    };
    cli_args args;
    part_list list = {0};
    char *folder = NULL;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    for (int i = 0; i < args.count && code == CLI_GO; i++)
        code = list_parts(&list, args.item[i], &args);
    if (code == CLI_GO) {
        qsort(list.item, list.count, sizeof *list.item, by_shard);
        folder = out == NULL ? folder_of(list.item[0].path) : NULL;
        code = out == NULL && folder == NULL ? cli_fail(args.json, CLI_IO, "not enough memory")
                                             : merge_all(&list, partial, out != NULL ? out : folder, &args);
    }
    for (size_t i = 0; i < list.count; i++)
        free(list.item[i].path);
    free(list.item);
    free(folder);
    cli_args_free(&args);
    return code;
}
