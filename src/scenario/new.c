/* The scenario that `entente new` writes: small, commented, complete. */
#include "entente/scenario.h"
#include "core/core.h"

#include "core/descriptor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char actors_csv[] =
    "id,name,river,gdp\n"
    "north,Northland,yes,900\n"
    "south,Southmark,yes,450\n"
    "delta,Delta,yes,300\n"
    "isle,Isle of Wend,no,120\n"
    "hills,Hill Country,no,80\n";

static const char trade_csv[] =
    "actor,position,salience,capability,source\n"
    "north,55 to 80,0.5 to 0.8,9,judgement: its ministers have said both\n"
    "south,20 to 40,0.6 to 0.9,5,judgement: lives from its ports\n"
    "delta,5 to 25,0.8 to 1,3,judgement: all its trade goes by the river\n"
    "isle,40 to 60,0.1 to 0.3,2,judgement: has the sea\n"
    "hills,60 to 90,0.3 to 0.6,1,judgement: fears cheap grain\n";

static const char brief_md[] =
    "# Will the river open?\n"
    "\n"
    "Five neighbours argue about the tolls on their river. Northland has declared that it wants them gone.\n"
    "Its declaration binds nobody. Still, we expect that [the tolls come down by half](#tolls_fall), and that\n"
    "[the declaration makes a difference](#declaration_matters). Whether [Delta gains](#delta_gains) is another "
    "question.\n";

static const char scenario_yaml[] =
    "# A scenario to start from. Every number is invented; change them, then:\n"
    "#   entente check FOLDER     every mistake with its line\n"
    "#   entente run FOLDER       what follows from it\n"
    "entente: 1                       # version of the format\n"
    "title: Will the river open to trade?\n"
    "brief: brief.md                  # the argument in words; links such as (#tolls_fall) name claims below\n"
    "time: {start: 2026, years: 5}\n"
    "draws: 20000                     # how often the uncertain inputs are drawn\n"
    "seed: 1                          # the same seed gives the same results, byte for byte\n"
    "\n"
    "actors: actors.csv               # columns id and name, and whatever else is known\n"
    "columns:\n"
    "  gdp: {unit: US$ billion, source: judgement, why: invented}\n"
    "\n"
    "groups:\n"
    "  river_states: {members: {river: \"yes\"}}   # by a column of actors.csv\n"
    "\n"
    "issues:\n"
    "  trade:\n"
    "    question: How high are the tolls on the river?\n"
    "    scale: {0: no tolls, 50: as today, 100: closed}\n"
    "    status_quo: 50\n"
    "    stances: trade.csv           # who wants what, how much it matters to them, how much they count\n"
    "    settle: {compromise: 2, median: 1}        # models of how they settle it, with weights; gives trade.outcome\n"
    "\n"
    "inputs:                          # 2 to 5 is a 90 % interval; beta(2, 5), triangular(1, 2, 4) and others are "
    "known too\n"
    "  sincerity:\n"
    "    value: 0.4 to 0.9\n"
    "    range: [0, 1]\n"
    "    unit: probability\n"
    "    source: judgement\n"
    "    why: two of its last three declarations were carried out\n"
    "  volume_per_point: {value: 0.2 to 0.6, unit: US$ billion per point, source: judgement, why: a first guess}\n"
    "\n"
    "quantities:                      # made of the others\n"
    "  delta_trade: {value: \"(100 - trade.outcome) * volume_per_point\", unit: US$ billion}\n"
    "\n"
    "document:                        # the text whose effect is asked: results are given without it and with it\n"
    "  title: Northland's declaration on free passage\n"
    "  issuer: north\n"
    "  date: 2025-11\n"
    "  provisions:\n"
    "    free_passage:\n"
    "      says: Northland will ask for no tolls on the river.\n"
    "      binding: no\n"
    "      takes_hold: sincerity      # a probability, or the name of one\n"
    "      changes:\n"
    "        trade.position[north]: 0 to 20\n"
    "\n"
    "claims:\n"
    "  tolls_fall:\n"
    "    who: the author\n"
    "    says: The tolls come down by half.\n"
    "    holds: \"last(trade.outcome) <= 25\"\n"
    "  declaration_matters:\n"
    "    who: the author\n"
    "    says: The declaration makes a difference.\n"
    "    read: the outcome in the last year is lower by at least 10 points than it would have been\n"
    "    holds: \"change(last(trade.outcome)) <= -10\"\n"
    "  delta_gains:\n"
    "    who: Delta's chamber of commerce\n"
    "    says: Delta's trade grows to more than 30 billion.\n"
    "    holds: \"last(delta_trade) > 30\"\n"
    "\n"
    "limits:\n"
    "  - The states and all numbers are invented.\n";

static const struct {
    const char *name, *text;
    size_t length;
} file[] = {
    {"actors.csv", actors_csv, sizeof actors_csv - 1},
    {"trade.csv", trade_csv, sizeof trade_csv - 1},
    {"brief.md", brief_md, sizeof brief_md - 1},
    {"scenario.yaml", scenario_yaml, sizeof scenario_yaml - 1}}; /* last: until it is there, there is no scenario */

static bool is_empty(const char *folder)
{
    DIR *open = opendir(folder);
    bool empty = open != NULL;
    for (const struct dirent *entry; empty && (entry = readdir(open)) != NULL;)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (open != NULL)
        (void)closedir(open);
    return empty;
}

static bool write_whole(const char *path, const char *text, size_t length)
{
    int to = ent__open(path, O_WRONLY | O_CREAT | O_EXCL);
    if (to < 0)
        return false;
    size_t done = 0;
    while (done < length) {
        ssize_t n = write(to, text + done, length - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    bool whole = ent__close(to) == 0 && done == length;
    if (!whole)
        (void)unlink(path);
    return whole;
}

static ent_status write_files(ent__arena *arena, const char *folder, ent_error *err)
{
    const char *path[ENT_COUNT(file)];
    for (size_t i = 0; i < ENT_COUNT(file); i++)
        if ((path[i] = ent__arena_printf(arena, "%s/%s", folder, file[i].name)) == NULL)
            return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    for (size_t i = 0; i < ENT_COUNT(file); i++) {
        if (write_whole(path[i], file[i].text, file[i].length))
            continue;
        for (size_t k = 0; k < i; k++)
            (void)unlink(path[k]);
        return ent__error_set(err, ENT_ERR_IO, path[i], 0, 0, "%s cannot be written", file[i].name);
    }
    return ENT_OK;
}

ent_status ent_scenario_new(const char *folder, ent_error *err)
{
    if (folder == NULL || folder[0] == 0)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "a scenario needs a folder to be written to");
    ent__arena *arena = ent__arena_create();
    if (arena == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    bool made = mkdir(folder, 0777) == 0;
    ent_status status = ENT_OK;
    struct stat facts;
    if (!made && errno != EEXIST)
        status = ent__error_set(err, ENT_ERR_IO, folder, 0, 0, "the folder cannot be made%s",
                                errno == ENOENT   ? ": the folder above it is not there"
                                : errno == EACCES ? ": no permission"
                                                  : "");
    else if (!made && (stat(folder, &facts) != 0 || !S_ISDIR(facts.st_mode)))
        status = ent__error_set(err, ENT_ERR_IO, folder, 0, 0, "there is a file of that name already");
    else if (!made && !is_empty(folder))
        status = ent__error_set(err, ENT_ERR_IO, folder, 0, 0,
                                "the folder is not empty: a new scenario needs one of its own");
    if (status == ENT_OK) {
        status = write_files(arena, folder, err);
        if (status != ENT_OK && made)
            (void)rmdir(folder);
    }
    ent__arena_free(arena);
    return status;
}
