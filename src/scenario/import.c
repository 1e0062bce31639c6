/* A scenario made of a table: scenario.yaml, a table of actors, a table of stances for each issue, and a brief.
 *
 * The folder is there as a whole or not at all (folder.c). */
#include "core/core.h"
#include "entente/scenario.h"
#include "scenario/folder.h"
#include "scenario/table.h"

#include <stdio.h>
#include <string.h>

enum { MOST_CLAIMS = 40 };

typedef struct import {
    const ent_table *table;
    const char *source; /* the file's name without its folders */
    const char *stem;   /* and without its ending: what an issue without a name is called */
    ent__parse to;
    const char **actor, **issue; /* ids */
    double *low, *high;
    ent__new_folder to_folder;
    ent_error *err;
} import;

/* --- ids ------------------------------------------------------------------------------------------------------- */

static void make_ids(import *i)
{
    static const char *const used[] = {"actors", "package"}; /* the names of the table of actors and of the arena */
    const ent_table *t = i->table;
    ent__names taken = {0};
    i->actor = ent__take(&i->to, t->n, sizeof *i->actor);
    i->issue = ent__take(&i->to, t->issues, sizeof *i->issue);
    for (size_t k = 0; k < ENT_COUNT(used); k++)
        (void)ent__names_add(&i->to, &taken, used[k], (ent__place){"", 0, 0});
    for (size_t d = 0; d < t->issues && !i->to.no_memory; d++)
        i->issue[d] = ent__own_id(&i->to, &taken, t->issue[d][0] != 0 ? t->issue[d] : i->stem, "issue", d);
    for (size_t a = 0; a < t->n && !i->to.no_memory; a++)
        i->actor[a] = ent__own_id(&i->to, &taken, t->actor[a], "actor", a);
}

/* The ends that the table states; else 0 to 100 where all fits, else what it runs over. */
static void make_scales(import *i)
{
    const ent_table *t = i->table;
    i->low = ent__take(&i->to, t->issues, sizeof *i->low);
    i->high = ent__take(&i->to, t->issues, sizeof *i->high);
    for (size_t d = 0; d < t->issues && !i->to.no_memory; d++) {
        double low = 0, high = 100;
        for (size_t a = 0; a < t->n; a++) {
            double x = t->position[a * t->issues + d];
            if (ent__is_undefined(x))
                continue;
            low = x < low ? x : low;
            high = x > high ? x : high;
        }
        if (low < 0 || high > 100) { /* what it runs over */
            bool first = true;
            for (size_t a = 0; a < t->n; a++) {
                double x = t->position[a * t->issues + d];
                if (ent__is_undefined(x))
                    continue;
                low = first || x < low ? x : low;
                high = first || x > high ? x : high;
                first = false;
            }
        }
        if (!(low < high)) {
            double half = low > 1 || low < -1 ? (low < 0 ? -low : low) / 2 : 1;
            low -= half;
            high += half;
        }
        bool stated = !ent__is_undefined(t->low[d]);
        i->low[d] = stated ? t->low[d] : low;
        i->high[d] = stated ? t->high[d] : high;
    }
}

/* --- texts ----------------------------------------------------------------------------------------------------- */

static const char *title_of(const import *i)
{
    return i->table->title[0] != 0 ? i->table->title : i->stem;
}

static const char *issue_title(const import *i, size_t d)
{
    return i->table->issue[d][0] != 0 ? i->table->issue[d] : title_of(i);
}

/* --- the files ------------------------------------------------------------------------------------------------- */

/* Decide's long names are names; KTAB's descriptions are notes. */
static bool about_is_name(const import *i)
{
    return i->table->format == ENT_TABLE_DECIDE;
}

static void write_actors(const import *i, ent__buffer *out)
{
    const ent_table *t = i->table;
    ent__buffer_text(out, "id,name\n");
    for (size_t a = 0; a < t->n; a++) {
        bool full = about_is_name(i) && t->actor_about[a][0] != 0;
        ent__buffer_printf(out, "%s,", i->actor[a]);
        ent__csv_text(out, full ? t->actor_about[a] : t->actor[a]);
        ent__buffer_text(out, "\n");
    }
}

static bool any_notes(const import *i)
{
    for (size_t a = 0; a < i->table->n && !about_is_name(i); a++)
        if (i->table->actor_about[a][0] != 0)
            return true;
    return false;
}

static void write_stances(const import *i, ent__buffer *out, size_t d)
{
    const ent_table *t = i->table;
    bool notes = any_notes(i);
    ent__buffer_printf(out, "actor,position,salience,capability,source%s\n", notes ? ",note" : "");
    for (size_t a = 0; a < t->n; a++) {
        size_t at = a * t->issues + d;
        const double number[] = {t->position[at], t->salience[at], t->capability[at]};
        if (ent__is_undefined(number[0]))
            continue;
        ent__buffer_text(out, i->actor[a]);
        for (size_t k = 0; k < ENT_COUNT(number); k++) {
            ent__buffer_text(out, ",");
            ent__buffer_number(out, number[k]);
        }
        char line[32];
        snprintf(line, sizeof line, ", line %d", (int)t->line[at]);
        ent__buffer_text(out, ",\"");
        ent__text_line(out, i->source, "\"");
        ent__buffer_printf(out, "%s\"", line);
        if (notes) {
            ent__buffer_text(out, ",");
            ent__csv_text(out, t->actor_about[a]);
        }
        ent__buffer_text(out, "\n");
    }
}

/* Places of the scale, each once; where none is named at an end, the end. */
static void write_scale(const import *i, ent__buffer *out, size_t d)
{
    const ent_table *t = i->table;
    bool low = false, high = false;
    ent__buffer_text(out, "    scale:\n");
    for (size_t k = 0; k < t->n_labels; k++) {
        const ent_table_label *label = &t->label[k];
        bool again = label->issue != d;
        for (size_t before = k; before-- > 0 && t->label[before].issue == d && !again;)
            again = t->label[before].at == label->at;
        if (again)
            continue;
        low |= label->at == i->low[d];
        high |= label->at == i->high[d];
        ent__buffer_text(out, "      ");
        ent__buffer_number(out, label->at);
        ent__buffer_text(out, ": ");
        ent__yaml_text(out, label->text[0] != 0 ? label->text : "not described");
        ent__buffer_text(out, "\n");
    }
    for (int end = 0; end < 2; end++) {
        if (end == 0 ? low : high)
            continue;
        ent__buffer_text(out, "      ");
        ent__buffer_number(out, end == 0 ? i->low[d] : i->high[d]);
        ent__buffer_text(out, end == 0 ? ": the low end\n" : ": the high end\n");
    }
}

/* The model the file was made for, with what it states, and the weighted mean beside it. */
static void write_settle(const import *i, ent__buffer *out, const char *indent)
{
    const ent_table *t = i->table;
    bool small = t->n <= ENT_SPATIAL_MAX_ACTORS;
    if (t->model == NULL || !small) {
        ent__buffer_printf(out, "%ssettle: %s\n", indent,
                           t->issues > 1 && small ? "{compromise: 1, exchange: 1}"
                           : small                ? "{compromise: 1, median: 1, challenge: 1}"
                                                  : "{compromise: 1, median: 1}");
        return;
    }
    const char *model = strcmp(t->model, "exchange") == 0 && t->issues == 1 ? "median" : t->model;
    ent__buffer_printf(out, "%ssettle:\n%s  compromise: 1\n", indent, indent);
    if (t->n_options == 0)
        ent__buffer_printf(out, "%s  %s: 1\n", indent, model);
    else
        ent__buffer_printf(out, "%s  %s:                       # as the file states them\n%s    weight: 1\n", indent,
                           model, indent);
    for (size_t k = 0; k < t->n_options; k++)
        ent__buffer_printf(out, "%s    %s: %s\n", indent, t->option[k].name, t->option[k].value);
}

static void write_column(const import *i, ent__buffer *out, const char *name, const char *unit)
{
    ent__buffer_printf(out, "      %s: {unit: %s, source: ", name, unit);
    ent__yaml_text(out, i->source);
    ent__buffer_text(out, ", why: as that file has it}\n");
}

static void write_issue(const import *i, ent__buffer *out, size_t d)
{
    const ent_table *t = i->table;
    ent__buffer_printf(out, "  %s:\n    title: ", i->issue[d]);
    ent__yaml_text(out, issue_title(i, d));
    ent__buffer_text(out, "\n");
    if (t->issue_about[d][0] != 0) {
        ent__buffer_text(out, "    question: ");
        ent__yaml_text(out, t->issue_about[d]);
        ent__buffer_text(out, "\n");
    }
    write_scale(i, out, d);
    ent__buffer_printf(out, "    stances: %s.csv\n    columns:\n", i->issue[d]);
    write_column(i, out, "position", "scale");
    write_column(i, out, "salience", "share");
    write_column(i, out, "capability", "weight");
    if (t->issues == 1)
        write_settle(i, out, "    ");
}

static void write_claims(const import *i, ent__buffer *out)
{
    ent__buffer_text(out, "\nclaims:                # one for each issue, to be replaced by what is argued\n");
    for (size_t d = 0; d < i->table->issues && d < MOST_CLAIMS; d++) {
        ent__buffer_printf(out, "  %s_high:\n    who: nobody yet\n    says: ", i->issue[d]);
        ent__buffer says = {0};
        ent__buffer_printf(&says, "The outcome on %s lies in the upper half of its scale.", issue_title(i, d));
        ent__yaml_text(out, says.data != NULL ? says.data : "");
        out->failed |= says.failed;
        ent__buffer_free(&says);
        ent__buffer_printf(out, "\n    holds: \"%s.outcome > ", i->issue[d]);
        ent__buffer_number(out, i->low[d] / 2 + i->high[d] / 2);
        ent__buffer_text(out, "\"\n");
    }
}

static void write_scenario(const import *i, ent__buffer *out)
{
    const ent_table *t = i->table;
    ent__buffer_text(out, "# From ");
    ent__text_line(out, i->source, "");
    ent__buffer_printf(out,
                       ", %s. What stands where others stand is certain here: write intervals, 20 to 30,\n"
                       "# in the tables of stances where it is not.\n"
                       "entente: 1\ntitle: ",
                       ent_table_format_text(t->format));
    ent__yaml_text(out, title_of(i));
    ent__buffer_text(out, "\nbrief: brief.md\ndraws: 1000\nseed: 1\n\nactors: actors.csv\n\nissues:\n");
    for (size_t d = 0; d < t->issues; d++)
        write_issue(i, out, d);
    if (t->issues > 1) {
        ent__buffer_text(out, "\narenas:                # issues that are settled together\n  package:\n    issues: [");
        for (size_t d = 0; d < t->issues; d++)
            ent__buffer_printf(out, "%s%s", d > 0 ? ", " : "", i->issue[d]);
        ent__buffer_text(out, "]\n");
        write_settle(i, out, "    ");
    }
    write_claims(i, out);
}

static void write_brief(const import *i, ent__buffer *out)
{
    const ent_table *t = i->table;
    ent__buffer_text(out, "# ");
    ent__markdown_text(out, title_of(i));
    ent__buffer_text(out, "\n\n");
    if (t->about[0] != 0) {
        ent__markdown_text(out, t->about);
        ent__buffer_text(out, "\n\n");
    }
    ent__buffer_text(out, "Made from ");
    ent__markdown_text(out, i->source);
    ent__buffer_printf(out, ", %s, of %zu actor%s on %zu issue%s. ", ent_table_format_text(t->format), t->n,
                       t->n == 1 ? "" : "s", t->issues, t->issues == 1 ? "" : "s");
    ent__buffer_text(out, "Every number is as it stands there, and taken as certain. The claims ");
    ent__buffer_text(out, "below are placeholders: they show the form.\n");
    if (t->accommodation != NULL)
        ent__buffer_text(out, "\nLeft out: the file says how ideals follow the positions of others (IdealAdjustment); "
                              "a scenario has no place for that, `entente settle` does.\n");
    if (t->seed != 0)
        ent__buffer_text(out, "\nLeft out: the file's own seed. A scenario's draws come from its seed.\n");
    for (size_t d = 0; d < t->issues && d < MOST_CLAIMS; d++) {
        ent__buffer_text(out, "\n[The outcome on ");
        ent__markdown_text(out, issue_title(i, d));
        ent__buffer_printf(out, " lies in the upper half of its scale](#%s_high).\n", i->issue[d]);
    }
}

/* --- the folder ------------------------------------------------------------------------------------------------- */

static ent_status write_file(import *i, const char *name, const ent__buffer *text)
{
    return ent__new_folder_write(&i->to_folder, name, text);
}

static ent_status write_one(import *i, const char *name, void (*write_it)(const import *i, ent__buffer *out))
{
    ent__buffer text = {0};
    write_it(i, &text);
    ent_status status = write_file(i, name, &text);
    ent__buffer_free(&text);
    return status;
}

static ent_status write_files(import *i)
{
    ent_status status = write_one(i, "actors.csv", write_actors);
    for (size_t d = 0; d < i->table->issues && status == ENT_OK; d++) {
        ent__buffer text = {0};
        char name[ENT__LONGEST_OWN_ID + 48];
        snprintf(name, sizeof name, "%s.csv", i->issue[d]);
        write_stances(i, &text, d);
        status = write_file(i, name, &text);
        ent__buffer_free(&text);
    }
    if (status == ENT_OK)
        status = write_one(i, "brief.md", write_brief);
    if (status == ENT_OK)
        status = write_one(i, "scenario.yaml", write_scenario);
    return status;
}

/* An issue on which nobody has weight would make a scenario that its own check refuses. */
static ent_status check_weights(const import *i)
{
    const ent_table *t = i->table;
    for (size_t d = 0; d < t->issues; d++) {
        bool any = false;
        for (size_t a = 0; a < t->n; a++)
            any |= t->salience[a * t->issues + d] > 0 && t->capability[a * t->issues + d] > 0;
        if (!any)
            return ent__error_set(i->err, ENT_ERR_SCENARIO, i->source, 0, 0,
                                  "nobody counts on '%.60s': salience times capability is 0 for every actor",
                                  issue_title(i, d));
    }
    return ENT_OK;
}

ent_status ent_table_import(const ent_table *table, const char *source, const char *folder, ent_error *err)
{
    ent_status status = ENT_OK;
    import i = {.table = table, .err = err, .to = {.arena = ent__arena_create()}};
    ENT_REQUIRE(i.to.arena != NULL, ENT_ERR_MEMORY, "not enough memory");
    ENT_REQUIRE(folder != NULL && folder[0] != 0, ENT_ERR_ARGUMENT, "a scenario needs a folder to be written to");
    i.source = strrchr(source, '/') != NULL ? strrchr(source, '/') + 1 : source;
    const char *dot = strrchr(i.source, '.');
    i.stem = ent__keep(&i.to, i.source, dot != NULL && dot > i.source ? (size_t)(dot - i.source) : strlen(i.source));
    make_ids(&i);
    make_scales(&i);
    ENT_REQUIRE(!i.to.no_memory, ENT_ERR_MEMORY, "not enough memory for a scenario of %zu actors on %zu issues", table->n,
                table->issues);
    ENT_TRY(check_weights(&i));
    status = ent__new_folder_open(&i.to_folder, i.to.arena, folder, err);
    if (status == ENT_OK)
        status = write_files(&i);
    status = ent__new_folder_close(&i.to_folder, status);
done:
    ent__arena_free(i.to.arena);
    return status;
}
