/* A scenario made of answers: a new one, or another with the answers in its tables of stances. */
#include "scenario/elicit.h"

#include <stdio.h>
#include <string.h>

enum { MOST_CLAIMS = 40, CHALLENGED = 200 /* actors up to which a draw's challenges take no time worth naming */ };

static const char *const number_name[] = {"position", "salience", "capability"};

/* Cells that hold only letters, digits and what numbers need stand as they are. */
static void cell(ent__buffer *out, const char *text)
{
    ent__buffer_text(out, ",");
    if (strpbrk(text, ",;\"\n\r\t'") != NULL || text[0] == ' ')
        ent__csv_text(out, text);
    else
        ent__buffer_text(out, text);
}

static void write_row(ent__buffer *out, const char *actor, const char *expert, const char *weight, const char *const *number, const char *source, const char *note)
{
    ent__buffer_text(out, actor);
    cell(out, expert);
    cell(out, weight);
    for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
        cell(out, number[c]);
    cell(out, source);
    cell(out, note);
    ent__buffer_text(out, "\n");
}

static const char header[] = "actor,expert,weight,position,salience,capability,source,note\n";

/* --- a new scenario -------------------------------------------------------------------------------------------------- */

typedef struct made {
    ent__answers *all;
    const char **actor, **issue; /* ids */
} made;

static void write_actors(const made *m, ent__buffer *out)
{
    ent__buffer_text(out, "id,name\n");
    for (int32_t a = 0; a < m->all->actor.n; a++) {
        ent__buffer_printf(out, "%s,", m->actor[a]);
        ent__csv_text(out, m->all->actor_name[a]);
        ent__buffer_text(out, "\n");
    }
}

/* From 0 to 100 where all fits; else what the positions run over. */
static void find_scale(const ent__answers *all, int32_t issue, double *low, double *high)
{
    double least = 0, most = 0;
    bool any = false;
    for (int32_t k = all->first[issue]; k > 0; k = all->answer[k - 1].next) {
        const ent__answer *a = &all->answer[k - 1];
        if (a->low != a->low || a->high != a->high)
            continue;
        least = !any || a->low < least ? a->low : least;
        most = !any || a->high > most ? a->high : most;
        any = true;
    }
    bool fits = least >= 0 && most <= 100;
    *low = fits ? 0 : least;
    *high = fits ? 100 : most;
    if (!(*low < *high))
        *high = *low + 1;
}

static void write_number(ent__buffer *out, const char *before, double x, const char *after)
{
    ent__buffer_text(out, before);
    ent__buffer_number(out, x);
    ent__buffer_text(out, after);
}

static void write_issue(const made *m, ent__buffer *out, int32_t issue)
{
    double low, high;
    find_scale(m->all, issue, &low, &high);
    ent__buffer_printf(out, "  %s:\n    title: ", m->issue[issue]);
    ent__yaml_text(out, m->all->issue.name[issue]);
    write_number(out, "\n    scale:               # say what its ends mean\n      ", low, ": the low end\n");
    write_number(out, "      ", high, ": the high end\n");
    ent__buffer_printf(out, "    stances: %s.csv\n    columns:\n", m->issue[issue]);
    for (int c = 0; c < ENT__ANSWER_NUMBERS; c++) {
        static const char *const unit[] = {"scale", "share", "weight"};
        ent__buffer_printf(out, "      %s: {unit: %s, source: ", number_name[c], unit[c]);
        ent__yaml_text(out, m->all->files);
        ent__buffer_text(out, ", why: as answered there}\n");
    }
    ent__buffer_printf(out, "    settle: %s\n", m->all->actor.n <= CHALLENGED ? "{compromise: 1, median: 1, challenge: 1}" : "{compromise: 1, median: 1}");
}

static void write_claim(const made *m, ent__buffer *out, int32_t issue)
{
    double low, high;
    ent__buffer says = {0};
    find_scale(m->all, issue, &low, &high);
    ent__buffer_printf(out, "  %s_high:\n    who: nobody yet\n    says: ", m->issue[issue]);
    ent__buffer_printf(&says, "The outcome on %s lies in the upper half of its scale.", m->all->issue.name[issue]);
    ent__yaml_text(out, says.data != NULL ? says.data : "");
    out->failed |= says.failed;
    ent__buffer_free(&says);
    ent__buffer_printf(out, "\n    holds: \"%s.outcome > ", m->issue[issue]);
    write_number(out, "", low / 2 + high / 2, "\"\n");
}

static void write_scenario(const made *m, ent__buffer *out)
{
    const ent__answers *all = m->all;
    ent__buffer_text(out, "# Made of answers: ");
    ent__text_line(out, all->files, "");
    ent__buffer_text(out, "\n# Where experts differ, a draw takes the answer of one of them.\nentente: 1\ntitle: ");
    ent__yaml_text(out, all->files);
    ent__buffer_text(out, "\nbrief: brief.md\ndraws: 10000\nseed: 1\n\nactors: actors.csv\n\nissues:\n");
    for (int32_t i = 0; i < all->issue.n; i++)
        write_issue(m, out, i);
    ent__buffer_text(out, "\nclaims:                # one for each issue, to be replaced by what is argued\n");
    for (int32_t i = 0; i < all->issue.n && i < MOST_CLAIMS; i++)
        write_claim(m, out, i);
}

static void write_brief(const made *m, ent__buffer *out)
{
    const ent__answers *all = m->all;
    ent__buffer_text(out, "Made of the answers in ");
    ent__markdown_text(out, all->files);
    ent__buffer_printf(out, ": %d actor%s, %d issue%s. The claims below are placeholders: they show the form.\n", (int)all->actor.n,
                       all->actor.n == 1 ? "" : "s", (int)all->issue.n, all->issue.n == 1 ? "" : "s");
    for (int32_t i = 0; i < all->issue.n && i < MOST_CLAIMS; i++) {
        ent__buffer_text(out, "\n[The outcome on ");
        ent__markdown_text(out, all->issue.name[i]);
        ent__buffer_printf(out, " lies in the upper half of its scale](#%s_high).\n", m->issue[i]);
    }
}

static void write_stances(const made *m, ent__buffer *out, int32_t issue)
{
    const ent__answers *all = m->all;
    ent__buffer_text(out, header);
    for (int32_t k = all->first[issue]; k > 0; k = all->answer[k - 1].next) {
        const ent__answer *a = &all->answer[k - 1];
        write_row(out, m->actor[a->actor], a->expert, a->weight, a->number, a->source, a->note);
    }
}

/* Each number of each actor was told by somebody. */
static ent_status check_whole(const ent__answers *all, ent_error *err)
{
    int32_t *told = ent__arena_alloc(all->reader.to.arena, (size_t)all->actor.n, sizeof *told);
    if (told == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    for (int32_t i = 0; i < all->issue.n; i++) {
        for (int32_t k = all->first[i]; k > 0; k = all->answer[k - 1].next)
            told[all->answer[k - 1].actor] = 0;
        for (int32_t k = all->first[i]; k > 0; k = all->answer[k - 1].next)
            for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
                told[all->answer[k - 1].actor] |= (all->answer[k - 1].number[c][0] != 0) << c;
        for (int32_t k = all->first[i]; k > 0; k = all->answer[k - 1].next) {
            const ent__answer *a = &all->answer[k - 1];
            for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
                if ((told[a->actor] >> c & 1) == 0)
                    return ent__error_set(err, ENT_ERR_SCENARIO, a->place.file, a->place.line, a->place.column,
                                          "nobody tells the %s of '%.60s' on '%.60s'", number_name[c], all->actor.name[a->actor], all->issue.name[i]);
        }
    }
    return ENT_OK;
}

static ent_status write_text(ent__new_folder *to, const char *name, ent__buffer *text)
{
    ent_status status = ent__new_folder_write(to, name, text);
    ent__buffer_free(text);
    return status;
}

static ent_status write_new(ent__answers *all, ent__new_folder *to)
{
    ent__parse *p = &all->reader.to;
    ent__names taken = {0};
    made m = {.all = all, .actor = ent__take(p, (size_t)all->actor.n, sizeof *m.actor), .issue = ent__take(p, (size_t)all->issue.n, sizeof *m.issue)};
    (void)ent__names_add(p, &taken, "actors", (ent__place){"", 0, 0}); /* the name of the table of actors */
    for (int32_t i = 0; i < all->issue.n && !p->no_memory; i++)
        m.issue[i] = ent__own_id(p, &taken, all->issue.name[i], "issue", (size_t)i);
    for (int32_t a = 0; a < all->actor.n && !p->no_memory; a++)
        m.actor[a] = ent__own_id(p, &taken, all->actor.name[a], "actor", (size_t)a);
    if (p->no_memory)
        return ent__error_set(to->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    ent_status status = check_whole(all, to->err);
    ent__buffer text = {0};
    if (status == ENT_OK) {
        write_actors(&m, &text);
        status = write_text(to, "actors.csv", &text);
    }
    for (int32_t i = 0; i < all->issue.n && status == ENT_OK; i++) {
        char name[ENT__LONGEST_OWN_ID + 48];
        snprintf(name, sizeof name, "%s.csv", m.issue[i]);
        write_stances(&m, &text, i);
        status = write_text(to, name, &text);
    }
    if (status == ENT_OK) {
        write_brief(&m, &text);
        status = write_text(to, "brief.md", &text);
    }
    if (status == ENT_OK) {
        write_scenario(&m, &text);
        status = write_text(to, "scenario.yaml", &text);
    }
    return status;
}

/* --- another scenario with the answers in it ------------------------------------------------------------------------- */

typedef struct table {
    ent__answers *all;
    const char *name;
    ent__csv old;
    int32_t column[ENT__ANSWER_NUMBERS], actor, expert, weight, source, note;
    int32_t *first, *last; /* by actor: 1 + answer */
    int32_t *next;         /* by answer: of the same actor in this table */
    bool *done;            /* by actor */
} table;

static bool is_of(const table *t, const ent__answer *a)
{
    const char *file = t->all->like->issues[a->issue].stances_file;
    return file != NULL && strcmp(file, t->name) == 0;
}

static const char *old_cell(const table *t, int32_t row, int32_t column)
{
    if (column < 0)
        return "";
    const ent__cell *at = ent__csv_cell(&t->old, row, column);
    if (!t->old.comma)
        return at->text;
    char *copy = ent__keep(&t->all->reader.to, at->text, strlen(at->text));
    for (char *c = copy; c != NULL && *c != 0; c++)
        if (*c == ',' && c > copy && c[-1] >= '0' && c[-1] <= '9' && c[1] >= '0' && c[1] <= '9')
            *c = '.';
        else if (*c == ';')
            *c = ',';
    return copy != NULL ? copy : "";
}

/* What the table had, without the numbers that are answered now. A name that has answered again is told apart. */
static void write_old(table *t, ent__buffer *out, int32_t row, int32_t actor)
{
    ent__parse *p = &t->all->reader.to;
    const char *number[ENT__ANSWER_NUMBERS], *expert = old_cell(t, row, t->expert), *source;
    bool any = false, same = false;
    for (int c = 0; c < ENT__ANSWER_NUMBERS; c++) {
        number[c] = old_cell(t, row, t->column[c]);
        for (int32_t k = t->first[actor]; k > 0; k = t->next[k - 1])
            if (t->all->answer[k - 1].number[c][0] != 0)
                number[c] = "";
        any |= number[c][0] != 0;
    }
    for (int32_t k = t->first[actor]; k > 0; k = t->next[k - 1])
        same |= strcmp(t->all->answer[k - 1].expert, expert) == 0;
    if (!any)
        return;
    if (same) {
        expert = ent__arena_printf(p->arena, "%s%sbefore", expert, expert[0] != 0 ? " " : "");
        p->no_memory |= expert == NULL;
        expert = expert != NULL ? expert : "";
    }
    source = t->source >= 0 ? ent__csv_cell(&t->old, row, t->source)->text : "";
    write_row(out, t->all->actor.name[actor], expert, old_cell(t, row, t->weight), number, source,
              t->note >= 0 ? ent__csv_cell(&t->old, row, t->note)->text : "");
}

static void write_answers(table *t, ent__buffer *out, int32_t actor)
{
    if (t->done[actor])
        return;
    t->done[actor] = true;
    for (int32_t k = t->first[actor]; k > 0; k = t->next[k - 1]) {
        const ent__answer *a = &t->all->answer[k - 1];
        write_row(out, t->all->actor.name[actor], a->expert, a->weight, a->number, a->source, a->note);
    }
}

static bool open_table(table *t, const char *text)
{
    ent__parse *p = &t->all->reader.to;
    size_t actors = (size_t)t->all->actor.n;
    ent_status status = ent__csv_parse(&t->old, p->arena, text, strlen(text), t->name, p->list); /* was read before, without error */
    t->first = ent__take(p, actors, sizeof *t->first);
    t->last = ent__take(p, actors, sizeof *t->last);
    t->next = ent__take(p, t->all->n, sizeof *t->next);
    t->done = ent__take(p, actors, sizeof *t->done);
    if (status != ENT_OK || p->no_memory)
        return false;
    for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
        t->column[c] = ent__csv_column(&t->old, number_name[c]);
    t->actor = ent__csv_column(&t->old, "actor");
    t->expert = ent__csv_column(&t->old, "expert");
    t->weight = t->expert >= 0 ? ent__csv_column(&t->old, "weight") : -1;
    t->source = ent__csv_column(&t->old, "source");
    t->note = ent__csv_column(&t->old, "note");
    for (size_t k = 0; k < t->all->n; k++) {
        const ent__answer *a = &t->all->answer[k];
        if (!is_of(t, a))
            continue;
        if (t->first[a->actor] == 0)
            t->first[a->actor] = (int32_t)k + 1;
        else
            t->next[t->last[a->actor] - 1] = (int32_t)k + 1;
        t->last[a->actor] = (int32_t)k + 1;
    }
    return true;
}

static bool is_answered(const ent__answers *all, const char *file)
{
    for (int32_t i = 0; i < all->issue.n; i++)
        if (all->first[i] > 0 && all->like->issues[i].stances_file != NULL && strcmp(all->like->issues[i].stances_file, file) == 0)
            return true;
    return false;
}

/* The old table's rows in their order, each actor's answers at its first; then who is new. */
static bool write_table(ent__answers *all, ent__buffer *out, const char *name, const char *text)
{
    table t = {.all = all, .name = name};
    if (!open_table(&t, text))
        return false;
    ent__buffer_text(out, header);
    for (int32_t row = 0; row < t.old.n_rows; row++) {
        int32_t actor = ent__names_find(&all->actor, ent__csv_cell(&t.old, row, t.actor)->text);
        if (actor < 0)
            continue;
        write_answers(&t, out, actor);
        write_old(&t, out, row, actor);
    }
    for (int32_t a = 0; a < all->actor.n; a++)
        write_answers(&t, out, a);
    return !all->reader.to.no_memory;
}

static ent_status write_like(ent__answers *all, ent__new_folder *to)
{
    const ent_scenario *s = all->like;
    ent_status status = ENT_OK;
    for (int32_t f = 0; f < s->n_files && status == ENT_OK; f++) {
        ent__buffer text = {0};
        bool whole = true;
        if (f > 0 && is_answered(all, s->file_name[f]))
            whole = write_table(all, &text, s->file_name[f], s->file_text[f]);
        else
            ent__buffer_text(&text, s->file_text[f]);
        if (!whole)
            status = ent__error_set(to->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
        else
            status = ent__new_folder_write(to, f == 0 ? "scenario.yaml" : s->file_name[f], &text);
        ent__buffer_free(&text);
    }
    return status;
}

ent_status ent__answers_write(ent__answers *all, ent__new_folder *to)
{
    return all->like != NULL ? write_like(all, to) : write_new(all, to);
}
