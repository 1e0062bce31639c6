/* A questionnaire on a scenario's stances: a page to print, and a table to fill in.
 *
 * It asks, of each actor on each issue, where it stands, how much it cares and how much weight it has, each as an
 * interval that the expert thinks holds the truth nine times in ten, and why. Neither the page nor the table shows what
 * the scenario has there: who sees a number answers near it. */
#include "scenario/elicit.h"

#include <stdio.h>
#include <string.h>

typedef struct asking {
    const ent_scenario *s;
    bool *asked;        /* by issue */
    const char *expert;
    const char **name;  /* by actor and group: what it is called */
    ent__names who;
} asking;

/* --- what is asked ------------------------------------------------------------------------------------------------- */

/* Issues that share a table with an earlier one ask the same again. */
static bool is_again(const asking *q, int32_t issue)
{
    const char *file = q->s->issues[issue].stances_file;
    for (int32_t i = 0; i < issue && file != NULL; i++)
        if (q->asked[i] && q->s->issues[i].stances_file != NULL && strcmp(q->s->issues[i].stances_file, file) == 0)
            return true;
    return false;
}

static ent_status choose(asking *q, const char *const *issue, size_t n, ent_error *err)
{
    const char *names[ENT_MAX_ISSUES];
    for (int32_t i = 0; i < q->s->n_issues; i++)
        names[i] = q->s->issues[i].id;
    for (size_t k = 0; k < n; k++) {
        int32_t i = 0;
        while (i < q->s->n_issues && strcmp(names[i], issue[k]) != 0)
            i++;
        if (i == q->s->n_issues) {
            const char *near = ent__nearest(issue[k], names, (size_t)q->s->n_issues);
            return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "there is no issue '%.60s'%s%.60s%s", issue[k],
                                  near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
        }
        q->asked[i] = true;
    }
    bool any = false;
    for (int32_t i = 0; i < q->s->n_issues; i++) {
        q->asked[i] = (n == 0 || q->asked[i]) && q->s->issues[i].stances_file != NULL && !is_again(q, i);
        any |= q->asked[i];
    }
    if (!any)
        return ent__error_set(err, ENT_ERR_ARGUMENT, q->s->file, 0, 0,
                              "there is nothing to ask: answers replace tables of stances, and these stand in scenario.yaml, if anywhere");
    return ENT_OK;
}

static bool find_names(asking *q, ent__parse *to)
{
    q->name = ent__take(to, (size_t)q->s->n_actors + (size_t)q->s->n_groups, sizeof *q->name);
    for (int32_t i = 0; i < q->s->n_actors + q->s->n_groups && !to->no_memory; i++) {
        bool group = i >= q->s->n_actors;
        int32_t n = q->who.n;
        const char *id = group ? q->s->groups[i - q->s->n_actors].id : q->s->actors[i].id;
        if (ent__names_add(to, &q->who, id, (ent__place){"", 0, 0}) == n)
            q->name[n] = group ? q->s->groups[i - q->s->n_actors].name : q->s->actors[i].name;
    }
    return !to->no_memory;
}

static const char *name_of(const asking *q, const char *id)
{
    int32_t i = ent__names_find(&q->who, id);
    return i >= 0 && q->name[i] != NULL && q->name[i][0] != 0 ? q->name[i] : id;
}

/* --- the table ------------------------------------------------------------------------------------------------------- */

static void write_table(const asking *q, ent__buffer *out)
{
    ent__buffer_text(out, "issue,actor,name,expert,position,salience,capability,source\n");
    for (int32_t i = 0; i < q->s->n_issues; i++) {
        const ent__issue *issue = &q->s->issues[i];
        for (int32_t k = 0; k < issue->n_stances && q->asked[i]; k++) {
            ent__buffer_printf(out, "%s,%s,", issue->id, issue->stance[k].actor);
            ent__csv_text(out, name_of(q, issue->stance[k].actor));
            ent__buffer_text(out, ",");
            if (q->expert[0] != 0)
                ent__csv_text(out, q->expert);
            ent__buffer_text(out, ",,,,\n");
        }
    }
}

/* --- the page -------------------------------------------------------------------------------------------------------- */

static void html(ent__buffer *out, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        if (*c == '<')
            ent__buffer_text(out, "&lt;");
        else if (*c == '>')
            ent__buffer_text(out, "&gt;");
        else if (*c == '&')
            ent__buffer_text(out, "&amp;");
        else if (*c == '"')
            ent__buffer_text(out, "&quot;");
        else
            ent__buffer_add(out, c, 1);
    }
}

static void number(ent__buffer *out, double x)
{
    char text[32];
    text[ent__number_people(text, x, 6)] = 0;
    ent__buffer_text(out, text);
}

static const char head[] =
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n"
    "body { font: 11pt/1.4 'Source Serif 4', Georgia, serif; color: #1a1a1a; background: #fff; max-width: 46rem;\n"
    "  margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem; }\n"
    "h2 { font-size: 1.15rem; margin: 0 0 .25rem; }\n"
    "p { margin: 0 0 .5rem; }\n"
    "section { break-before: page; margin-top: 2.5rem; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem .75rem; margin: .5rem 0 1rem; }\n"
    "dt { font-weight: bold; } dd { margin: 0; }\n"
    "ul.scale { list-style: none; padding: 0; margin: .5rem 0 1rem; }\n"
    "ul.scale li { display: grid; grid-template-columns: 4rem 1fr; }\n"
    "ul.scale b { text-align: right; padding-right: .75rem; font-variant-numeric: tabular-nums; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "thead { display: table-header-group; }\n"
    "tr { break-inside: avoid; }\n"
    "th, td { border: 1px solid #767676; padding: .25rem .4rem; text-align: left; vertical-align: top; }\n"
    "thead th { font-weight: normal; font-size: .85rem; border-top-width: 2px; }\n"
    "tbody th { font-weight: normal; width: 22%; }\n"
    "td { height: 2.1rem; color: #595959; font-size: .85rem; white-space: nowrap; }\n"
    "td.why { width: 30%; }\n"
    "td span { display: inline-block; min-width: 2.1rem; border-bottom: 1px solid #767676; }\n"
    ".line { display: inline-block; min-width: 14rem; border-bottom: 1px solid #767676; }\n"
    "@page { size: A4; margin: 16mm 14mm; }\n"
    "@media print { body { margin: 0; max-width: none; font-size: 10pt; } }\n"
    "@media (max-width: 40rem) { .wide { overflow-x: auto; } }\n"
    "</style>\n";

static const char how[] =
    "<p>For each actor on each issue, three numbers are asked, and why you think so. Give each as an interval, low and\n"
    "high, so wide that you would bet nine to one on the truth lying within. A wide interval is a good answer where little\n"
    "is known; leave a line empty where you cannot tell. Answer for yourself, before you talk to others who are asked:\n"
    "where experts differ, all answers are kept.</p>\n"
    "<dl>\n<dt>Where it stands</dt><dd>the outcome that it would choose if it were alone to decide, on the scale of the issue</dd>\n"
    "<dt>How much it cares</dt><dd>from 0 (would give it away) to 1 (would spend all the weight it has)</dd>\n"
    "<dt>How much weight it has</dt><dd>in this question, with whatever means; only ratios matter: give 100 to one that you know\n"
    "well and the others beside it</dd>\n"
    "<dt>Why</dt><dd>a speech, a vote, an interest, a source</dd>\n</dl>\n"
    "<p>If you fill in the table answers.csv instead, write an interval as <b>20 to 40</b>, a number that is certain as\n"
    "<b>30</b>, and nothing where you cannot tell.</p>\n";

static void write_scale(const ent__issue *issue, ent__buffer *out)
{
    ent__buffer_text(out, "<ul class=\"scale\">\n");
    for (int32_t l = 0; l < issue->n_labels; l++) {
        ent__buffer_text(out, "<li><b>");
        number(out, issue->label[l].at);
        ent__buffer_text(out, "</b><span>");
        html(out, issue->label[l].text);
        ent__buffer_text(out, "</span></li>\n");
    }
    ent__buffer_text(out, "</ul>\n");
}

static void write_issue(const asking *q, const ent__issue *issue, ent__buffer *out)
{
    ent__buffer_text(out, "<section>\n<h2>");
    html(out, issue->title);
    ent__buffer_text(out, "</h2>\n");
    if (issue->question[0] != 0) {
        ent__buffer_text(out, "<p>");
        html(out, issue->question);
        ent__buffer_text(out, "</p>\n");
    }
    write_scale(issue, out);
    ent__buffer_text(out, "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Actor</th><th scope=\"col\">Where it stands<br>");
    number(out, issue->label[0].at);
    ent__buffer_text(out, " \xe2\x80\x93 ");
    number(out, issue->label[issue->n_labels - 1].at);
    ent__buffer_text(out, "</th><th scope=\"col\">How much it cares<br>0 \xe2\x80\x93 1</th><th scope=\"col\">Its weight<br>any unit</th>"
                          "<th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
    for (int32_t k = 0; k < issue->n_stances; k++) {
        ent__buffer_text(out, "<tr><th scope=\"row\">");
        html(out, name_of(q, issue->stance[k].actor));
        ent__buffer_text(out, "</th>");
        for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
            ent__buffer_text(out, "<td><span></span> to <span></span></td>");
        ent__buffer_text(out, "<td class=\"why\"></td></tr>\n");
    }
    ent__buffer_text(out, "</tbody>\n</table></div>\n</section>\n");
}

static void write_page(const asking *q, ent__buffer *out)
{
    ent__buffer_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Questionnaire: ");
    html(out, q->s->title);
    ent__buffer_text(out, "</title>\n");
    ent__buffer_text(out, head);
    ent__buffer_text(out, "</head>\n<body>\n<h1>");
    html(out, q->s->title);
    ent__buffer_text(out, "</h1>\n");
    if (q->s->about[0] != 0) {
        ent__buffer_text(out, "<p>");
        html(out, q->s->about);
        ent__buffer_text(out, "</p>\n");
    }
    ent__buffer_text(out, "<p>Your name: <span class=\"line\">");
    html(out, q->expert);
    ent__buffer_text(out, "</span> Date: <span class=\"line\" style=\"min-width: 8rem\"></span></p>\n");
    ent__buffer_text(out, how);
    for (int32_t i = 0; i < q->s->n_issues; i++)
        if (q->asked[i])
            write_issue(q, &q->s->issues[i], out);
    ent__buffer_text(out, "</body>\n</html>\n");
}

/* --- both -------------------------------------------------------------------------------------------------------------- */

static ent_status write_both(const asking *q, ent__new_folder *to)
{
    ent__buffer table = {0}, page = {0};
    write_table(q, &table);
    write_page(q, &page);
    ent_status status = ent__new_folder_write(to, "answers.csv", &table);
    if (status == ENT_OK)
        status = ent__new_folder_write(to, "questionnaire.html", &page);
    ent__buffer_free(&table);
    ent__buffer_free(&page);
    return status;
}

static void count(ent_elicited *told, const asking *q, ent__parse *to)
{
    bool *seen = ent__take(to, (size_t)q->who.n, sizeof *seen);
    *told = (ent_elicited){.experts = 1};
    for (int32_t i = 0; i < q->s->n_issues; i++) {
        if (!q->asked[i])
            continue;
        told->issues++;
        told->answers += (size_t)q->s->issues[i].n_stances;
        for (int32_t k = 0; k < q->s->issues[i].n_stances && seen != NULL; k++) {
            int32_t who = ent__names_find(&q->who, q->s->issues[i].stance[k].actor);
            told->actors += who >= 0 && !seen[who];
            if (who >= 0)
                seen[who] = true;
        }
    }
}

ent_status ent_questionnaire_write(ent_elicited *told, const char *scenario, const char *const *issue, size_t n_issues,
                                   const char *expert, const char *folder, ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_scenario *s = NULL;
    ent__parse memory = {.arena = ent__arena_create(), .list = list};
    asking q = {.expert = expert != NULL ? expert : ""};
    ent__new_folder to;
    ENT_REQUIRE(memory.arena != NULL, ENT_ERR_MEMORY, "not enough memory");
    ENT_TRY(ent_scenario_read(&s, scenario, list, err));
    q.s = s;
    q.asked = ent__take(&memory, (size_t)s->n_issues, sizeof *q.asked);
    ENT_REQUIRE(q.asked != NULL && find_names(&q, &memory), ENT_ERR_MEMORY, "not enough memory");
    ENT_TRY(choose(&q, issue, n_issues, err));
    status = ent__new_folder_open(&to, memory.arena, folder, err);
    if (status == ENT_OK)
        status = write_both(&q, &to);
    status = ent__new_folder_close(&to, status);
    if (status == ENT_OK && told != NULL)
        count(told, &q, &memory);
done:
    ent_scenario_free(s);
    ent__arena_free(memory.arena);
    return status;
}
