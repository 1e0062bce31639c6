/* Rules from YAML files, and the shipped ones (docs/rules.md tells the format).
 *
 * A body has members and a rule over them. A member may be the name of a group, which is a body of its own: then its
 * rule says when it agrees. Members that are no groups are numbered in the order in which they are met, from the top
 * down, and the rule is made from the bottom up, each group before what it is a member of. */
#include "entente/vote.h"
#include "scenario/file.h"
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum progress { UNSEEN, OPEN, CLOSED } progress;

typedef struct body {
    const char *name;          /* "" at the top */
    ent__names names;          /* of its members */
    const ent__yaml **columns; /* of each member: a mapping of numbers, or NULL */
    const ent__yaml *rule;
    ent__place place;
    int32_t *unit; /* of each member, once known */
    int32_t own;   /* its own unit */
    progress progress;
} body;

typedef struct rule_reader {
    ent__reader r;
    body *body; /* the top, then the groups */
    int32_t bodies;
    ent__names groups, leaves;
    ent_rule_builder *builder;
    const char *shown; /* the column beside the indices; NULL: the first that weighs */
} rule_reader;

typedef struct owned {
    ent_rule_file file; /* first: the caller's pointer is this one's */
    ent__arena *arena;
    ent_rule *rule;
} owned;

/* --- members ------------------------------------------------------------------------------------------------ */

static void add_member(rule_reader *x, body *b, const char *name, ent__place place, const ent__yaml *columns)
{
    int32_t before = b->names.n, at = ent__names_add(&x->r.to, &b->names, name, place);
    if (name[0] == 0)
        ent__complain(&x->r.to, place, "a member has no name");
    if (at >= 0 && at < before)
        ent__complain(&x->r.to, place, "'%.60s' again: it is a member already", name);
    else if (at >= 0)
        b->columns[at] = columns;
}

/* A number of members without names. */
static void add_numbered(rule_reader *x, body *b, const ent__yaml *node, int64_t n)
{
    for (int64_t i = 1; i <= n && !x->r.to.no_memory; i++) {
        const char *name = ent__arena_printf(x->r.to.arena, "%lld", (long long)i);
        if (name == NULL)
            x->r.to.no_memory = true;
        else
            add_member(x, b, name, node->place, NULL);
    }
}

/* members: 5 | [a, b] | {a: {votes: 3}, b: {votes: 4}} */
static void read_members(rule_reader *x, body *b, const ent__yaml *node, int64_t numbered)
{
    int64_t n = node->n;
    if (node->kind == ENT__YAML_TEXT) {
        if (!ent__read_integer(&x->r, node, "'members' (a number of them, or their names)", 1, ENT_RULE_MOST_MEMBERS,
                               &n))
            return;
        n = numbered > 0 ? numbered : n;
    } else if (numbered > 0 && b == x->body)
        ent__complain(&x->r.to, node->place, "the rule names its %d members: their number is not free", (int)node->n);
    if (n > ENT_RULE_MOST_MEMBERS) {
        ent__complain(&x->r.to, node->place, "%lld members; a rule has at most %d", (long long)n,
                      ENT_RULE_MOST_MEMBERS);
        return;
    }
    b->columns = ent__take(&x->r.to, (size_t)n + 1, sizeof *b->columns);
    b->unit = ent__take(&x->r.to, (size_t)n + 1, sizeof *b->unit);
    if (b->columns == NULL || b->unit == NULL)
        return;
    if (node->kind == ENT__YAML_TEXT)
        add_numbered(x, b, node, n);
    else if (n == 0)
        ent__complain(&x->r.to, node->place, "there are no members");
    for (const ent__yaml *item = node->first; item != NULL; item = item->next) {
        if (node->kind == ENT__YAML_MAPPING && ent__is_mapping(&x->r, item, "a member's numbers"))
            add_member(x, b, item->key, item->key_place, item);
        else if (node->kind == ENT__YAML_LIST && ent__is_text(&x->r, item, "a member's name"))
            add_member(x, b, item->text, item->place, NULL);
    }
}

static void read_body(rule_reader *x, body *b, const ent__yaml *node, const char *what, int64_t numbered)
{
    const ent__yaml *members = ent__required(&x->r, node, "members", what);
    b->rule = ent__required(&x->r, node, "rule", what);
    b->place = node->key[0] != 0 ? node->key_place : node->place;
    if (members != NULL)
        read_members(x, b, members, numbered);
}

static bool read_groups(rule_reader *x, const ent__yaml *root)
{
    static const char *const keys[] = {"name", "members", "rule", NULL};
    const ent__yaml *groups = ent__yaml_get(root, "groups");
    size_t n = groups != NULL && ent__is_mapping(&x->r, groups, "'groups'") ? (size_t)groups->n : 0;
    if (n >= ENT_RULE_MOST_NODES) {
        ent__complain(&x->r.to, groups->key_place, "%zu groups; a rule has at most %d", n, ENT_RULE_MOST_NODES - 1);
        return false;
    }
    x->body = ent__take(&x->r.to, n + 1, sizeof *x->body);
    if (x->body == NULL)
        return false;
    x->body[0].name = "";
    x->bodies = 1;
    for (const ent__yaml *entry = n > 0 ? groups->first : NULL; entry != NULL; entry = entry->next) {
        if (!ent__is_mapping(&x->r, entry, "a group"))
            continue;
        body *b = &x->body[x->bodies];
        b->name = entry->key;
        ent__keys(&x->r, entry, "a group", keys);
        if (ent__names_add(&x->r.to, &x->groups, entry->key, entry->key_place) == x->bodies - 1)
            x->bodies++;
        read_body(x, b, entry, "a group", 0);
    }
    return true;
}

/* Numbers the members that are no groups, each once, and finds groups that contain themselves. */
static void find_leaves(rule_reader *x, body *b)
{
    b->progress = OPEN;
    for (int32_t i = 0; i < b->names.n; i++) {
        int32_t group = ent__names_find(&x->groups, b->names.name[i]);
        if (group < 0) {
            b->unit[i] = ent__names_add(&x->r.to, &x->leaves, b->names.name[i], b->names.place[i]);
            continue;
        }
        body *inner = &x->body[group + 1];
        if (inner->progress == OPEN)
            ent__complain(&x->r.to, b->names.place[i], "group '%.60s' contains itself", inner->name);
        else if (inner->progress == UNSEEN)
            find_leaves(x, inner);
    }
    b->progress = CLOSED;
}

/* --- criteria ------------------------------------------------------------------------------------------------ */

/* The units and weights that a criterion counts. */
typedef struct counted {
    int32_t *unit, n;
    double *weight, total;
    bool whole;
} counted;

static int32_t member_of(rule_reader *x, const body *b, const ent__yaml *node, const char *what)
{
    char guess[128];
    if (!ent__is_text(&x->r, node, what))
        return -1;
    int32_t at = ent__names_find(&b->names, node->text);
    if (at < 0)
        ent__complain(&x->r.to, node->place, "'%.60s' is no member%s%.60s%s%s", node->text,
                      b->name[0] != 0 ? " of group '" : "", b->name, b->name[0] != 0 ? "'" : "",
                      ent__guess(&x->r, guess, node->text, b->names.name, (size_t)b->names.n));
    return at;
}

/* The number of a member in a column; tells where there is none. */
static double column_of(rule_reader *x, const body *b, int32_t member, const ent__yaml *column)
{
    double value = 0;
    char what[160];
    const ent__yaml *cell = b->columns[member] != NULL ? ent__yaml_get(b->columns[member], column->text) : NULL;
    snprintf(what, sizeof what, "'%.60s' of '%.60s'", column->text, b->names.name[member]);
    if (cell == NULL)
        ent__complain(&x->r.to, column->place, "there is no %s: `members: {%.60s: {%.60s: 1}}`", what,
                      b->names.name[member], column->text);
    else
        (void)ent__read_number(&x->r, cell, what, 0, 1e100, &value);
    return value;
}

/* All members, or those of `of`, with their weights. */
static bool count_members(rule_reader *x, counted *out, const body *b, const ent__yaml *of, const ent__yaml *column)
{
    size_t n = of != NULL ? (size_t)of->n : (size_t)b->names.n;
    bool *seen = ent__take(&x->r.to, (size_t)b->names.n + 1, sizeof *seen);
    int32_t before = x->r.to.errors;
    *out = (counted){.whole = true};
    out->unit = ent__take(&x->r.to, n + 1, sizeof *out->unit);
    out->weight = ent__take(&x->r.to, n + 1, sizeof *out->weight);
    if (out->unit == NULL || out->weight == NULL || seen == NULL || (of != NULL && !ent__is_list(&x->r, of, "'of'")))
        return false;
    const ent__yaml *item = of != NULL ? of->first : NULL;
    for (size_t i = 0; i < n; i++) {
        int32_t member = of != NULL ? member_of(x, b, item, "a member's name") : (int32_t)i;
        if (member >= 0 && seen[member])
            ent__complain(&x->r.to, item->place, "'%.60s' again", item->text);
        else if (member >= 0) {
            double w = column != NULL ? column_of(x, b, member, column) : 1;
            seen[member] = true;
            out->unit[out->n] = b->unit[member];
            out->weight[out->n++] = w;
            out->total += w;
            out->whole = out->whole && w == floor(w);
        }
        item = item != NULL ? item->next : NULL;
    }
    return out->n > 0 && x->r.to.errors == before;
}

/* "15", "65 %" (of the total); in the words of scenarios (`weighted`) a number up to 1 is a share as well. */
static bool read_quota(rule_reader *x, double *quota, const ent__yaml *node, const counted *over, bool strict,
                       bool shares)
{
    char what[64], total[32];
    snprintf(what, sizeof what, "'%s'", node->key);
    if (!ent__is_text(&x->r, node, what))
        return false;
    size_t length = strlen(node->text), number = length;
    bool share = length > 0 && node->text[length - 1] == '%';
    if (share)
        for (number--; number > 0 && node->text[number - 1] == ' ';)
            number--;
    if (!ent__number_read(quota, node->text, number, false)) {
        ent__complain(&x->r.to, node->place, "%s takes a number, or a share such as 65 %%, found '%.60s'", what,
                      node->text);
        return false;
    }
    if (share || (shares && *quota <= 1)) {
        *quota = *quota * over->total / (share ? 100 : 1);
        double nearest = floor(*quota + 0.5);
        *quota = over->whole && fabs(*quota - nearest) <= 1e-12 * over->total ? nearest : *quota;
    }
    total[ent__number_text(total, over->total)] = 0;
    if (*quota > over->total || (strict && *quota == over->total)) {
        ent__complain(&x->r.to, node->place, "nobody can satisfy it: %s is %s, all weights sum to %s", what, node->text,
                      total);
        return false;
    }
    if (!(*quota > 0) && !(strict && *quota == 0)) {
        ent__complain(&x->r.to, node->place, "%s is %s: nobody would need to agree", what, node->text);
        return false;
    }
    return true;
}

static int32_t read_rule(rule_reader *x, body *b, const ent__yaml *node, int32_t depth);

/* all: [..] or any: [..], of rules and members. */
static int32_t read_parts(rule_reader *x, body *b, const ent__yaml *list, bool all, int32_t depth)
{
    int32_t n = 0;
    if (!ent__is_list(&x->r, list, all ? "'all'" : "'any'"))
        return -1;
    int32_t *unit = ent__take(&x->r.to, (size_t)list->n + 1, sizeof *unit);
    if (list->n == 0)
        ent__complain(&x->r.to, list->place, "'%s' is an empty list", list->key);
    for (const ent__yaml *item = list->first; item != NULL && unit != NULL; item = item->next) {
        int32_t part = read_rule(x, b, item, depth + 1);
        for (int32_t k = 0; part >= 0 && k < n; k++)
            if (unit[k] == part) {
                ent__complain(&x->r.to, item->place, "'%.60s' again", item->text);
                part = -1;
            }
        if (part >= 0)
            unit[n++] = part;
    }
    return n == 0 ? -1 : all ? ent_rule_all(x->builder, unit, (size_t)n) : ent_rule_any(x->builder, unit, (size_t)n);
}

/* {weights: COLUMN, at_least | more_than | all_but: Q, of: [..]}; `weighted` and `quota` as scenarios have them. */
static int32_t read_criterion(rule_reader *x, body *b, const ent__yaml *node)
{
    const ent__yaml *column = ent__yaml_get(node, "weights"), *quota = NULL;
    int given = 0;
    static const char *const words[] = {"at_least", "more_than", "all_but", "quota"};
    column = column != NULL ? column : ent__yaml_get(node, "weighted");
    for (size_t k = 0; k < ENT_COUNT(words); k++) {
        const ent__yaml *entry = ent__yaml_get(node, words[k]);
        quota = entry != NULL ? entry : quota;
        given += entry != NULL;
    }
    counted over;
    double q;
    if (column != NULL && !ent__is_text(&x->r, column, "'weights'"))
        return -1;
    if (given != 1) {
        ent__complain(
            &x->r.to, node->place,
            "a criterion says one of at_least, more_than and all_but; rules are consensus, majority, {at_least: 9}, "
            "{weights: COLUMN, at_least: 65 %%}, {all: [..]}, {any: [..]}");
        return -1;
    }
    if (!count_members(x, &over, b, ent__yaml_get(node, "of"), column))
        return -1;
    x->shown = x->shown == NULL && column != NULL && b == x->body ? column->text : x->shown;
    if (strcmp(quota->key, "all_but") == 0) {
        int64_t but = 0;
        if (!ent__read_integer(&x->r, quota, "'all_but'", 0, over.n - 1, &but))
            return -1;
        return ent_rule_criterion(x->builder, over.unit, NULL, (size_t)over.n, (double)(over.n - but), false);
    }
    bool strict = strcmp(quota->key, "more_than") == 0;
    if (!read_quota(x, &q, quota, &over, strict, ent__yaml_get(node, "weighted") != NULL))
        return -1;
    return ent_rule_criterion(x->builder, over.unit, over.weight, (size_t)over.n, q, strict);
}

static int32_t with_veto(rule_reader *x, body *b, int32_t unit, const ent__yaml *veto)
{
    counted over;
    if (veto == NULL || unit < 0)
        return unit;
    if (!count_members(x, &over, b, veto, NULL))
        return -1;
    int32_t both[2] = {unit, ent_rule_all(x->builder, over.unit, (size_t)over.n)};
    return both[1] < 0 ? -1 : ent_rule_all(x->builder, both, 2);
}

static int32_t read_word(rule_reader *x, body *b, const ent__yaml *node, int32_t depth)
{
    counted all;
    bool consensus = strcmp(node->text, "consensus") == 0;
    if (consensus || strcmp(node->text, "majority") == 0) {
        if (!count_members(x, &all, b, NULL, NULL))
            return -1;
        return consensus ? ent_rule_all(x->builder, all.unit, (size_t)all.n)
                         : ent_rule_criterion(x->builder, all.unit, NULL, (size_t)all.n, 0.5 * all.n, true);
    }
    int32_t member = depth > 0 ? ent__names_find(&b->names, node->text) : -1;
    if (member >= 0)
        return b->unit[member];
    char guess[128];
    const char *const words[] = {"consensus", "majority"};
    const char *near =
        ent__guess(&x->r, guess, node->text, depth > 0 ? b->names.name : words, depth > 0 ? (size_t)b->names.n : 2);
    ent__complain(
        &x->r.to, node->place, "'%.60s' is no rule%s%s", node->text, depth > 0 ? " and no member" : "",
        near[0] != 0
            ? near
            : "; rules are consensus, majority, {at_least: 9}, {weights: COLUMN, at_least: 65 %}, {all: [..]}, "
              "{any: [..]}");
    return -1;
}

/* The unit of a rule, or -1 after an error that was told. */
static int32_t read_rule(rule_reader *x, body *b, const ent__yaml *node, int32_t depth)
{
    static const char *const parts[] = {"all", "any", "veto", NULL};
    static const char *const criterion[] = {"at_least", "more_than", "all_but", "weights", "of", "veto",
                                            "weighted", "quota",     "all",     "any",     NULL};
    if (node->kind == ENT__YAML_TEXT)
        return read_word(x, b, node, depth);
    if (!ent__is_mapping(&x->r, node, "a rule"))
        return -1;
    const ent__yaml *all = ent__yaml_get(node, "all"), *any = ent__yaml_get(node, "any"),
                    *veto = ent__yaml_get(node, "veto");
    int32_t before = x->r.to.errors;
    ent__keys(&x->r, node, "a rule", all != NULL || any != NULL ? parts : criterion);
    if (x->r.to.errors > before)
        return -1;
    if (all != NULL && any != NULL) {
        ent__complain(&x->r.to, node->place, "a rule is 'all' or 'any', not both: nest one in the other");
        return -1;
    }
    int32_t unit = all != NULL   ? read_parts(x, b, all, true, depth)
                   : any != NULL ? read_parts(x, b, any, false, depth)
                                 : read_criterion(x, b, node);
    return with_veto(x, b, unit, veto);
}

/* Groups first, since a part stands before what it is part of. */
static bool make_body(rule_reader *x, body *b)
{
    bool fine = true;
    for (int32_t i = 0; i < b->names.n; i++) {
        int32_t group = ent__names_find(&x->groups, b->names.name[i]);
        if (group < 0)
            continue;
        body *inner = &x->body[group + 1];
        if (inner->own == 0)
            fine = make_body(x, inner) && fine;
        b->unit[i] = inner->own;
    }
    b->own = b->rule != NULL ? read_rule(x, b, b->rule, 0) : -1;
    return b->own >= 0 && fine;
}

/* --- the rest of the file ------------------------------------------------------------------------------------------
 */

static double shown_weight(rule_reader *x, const char *leaf)
{
    for (int32_t k = 0; k < x->bodies; k++) {
        int32_t member = ent__names_find(&x->body[k].names, leaf);
        const ent__yaml *cell = member >= 0 && x->body[k].columns[member] != NULL
                                    ? ent__yaml_get(x->body[k].columns[member], x->shown)
                                    : NULL;
        double value;
        if (cell != NULL && cell->kind == ENT__YAML_TEXT &&
            ent__number_read(&value, cell->text, strlen(cell->text), false))
            return value;
    }
    return ENT_UNDEFINED;
}

static void read_shown(rule_reader *x, ent_rule_file *out)
{
    bool any = false;
    double *weight = ent__take(&x->r.to, (size_t)x->leaves.n + 1, sizeof *weight);
    if (x->shown == NULL || weight == NULL)
        return;
    for (int32_t i = 0; i < x->leaves.n; i++) {
        weight[i] = shown_weight(x, x->leaves.name[i]);
        any = any || !ent__is_undefined(weight[i]);
    }
    if (!any)
        return;
    out->weight = weight;
    out->weight_name = x->shown;
}

static void put_in_bloc(rule_reader *x, int32_t *bloc, const ent__yaml *item, int32_t number)
{
    char guess[128];
    int32_t leaf = ent__names_find(&x->leaves, item->text);
    if (leaf < 0)
        ent__complain(&x->r.to, item->place, "'%.60s' is no member%s", item->text,
                      ent__guess(&x->r, guess, item->text, x->leaves.name, (size_t)x->leaves.n));
    else if (bloc[leaf] >= 0)
        ent__complain(&x->r.to, item->place, "'%.60s' is in a bloc already", item->text);
    else
        bloc[leaf] = number;
}

/* blocs: {name: [members]}; those who are in none are each a bloc of their own. */
static void read_blocs(rule_reader *x, ent_rule_file *out, const ent__yaml *node)
{
    size_t n = (size_t)x->leaves.n;
    if (node == NULL || !ent__is_mapping(&x->r, node, "'blocs'"))
        return;
    int32_t *bloc = ent__take(&x->r.to, n + 1, sizeof *bloc), number = 0;
    const char **name = ent__take(&x->r.to, n + (size_t)node->n + 1, sizeof *name);
    if (bloc == NULL || name == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        bloc[i] = -1;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        if (!ent__is_list(&x->r, entry, "a bloc"))
            continue;
        if (entry->n == 0)
            ent__complain(&x->r.to, entry->place, "bloc '%.60s' has no members", entry->key);
        name[number] = entry->key;
        for (const ent__yaml *item = entry->first; item != NULL; item = item->next)
            if (ent__is_text(&x->r, item, "a member's name"))
                put_in_bloc(x, bloc, item, number);
        number++;
    }
    for (size_t i = 0; i < n; i++)
        if (bloc[i] < 0) {
            name[number] = x->leaves.name[i];
            bloc[i] = number++;
        }
    out->bloc = bloc;
    out->bloc_name = name;
    out->blocs = (size_t)number;
}

static void make_rule(rule_reader *x, owned *to)
{
    ent_error err = {0};
    x->builder = ent_rule_begin((size_t)x->leaves.n);
    bool fine = make_body(x, &x->body[0]);
    ent_status status = ent_rule_end(&to->rule, x->builder, &err);
    x->builder = NULL;
    if (status == ENT_ERR_MEMORY)
        x->r.to.no_memory = true;
    else if (status != ENT_OK && fine && x->r.to.errors == 0)
        ent__complain(&x->r.to, x->body[0].rule->place, "%s", err.message);
}

/* The rule's last criterion must be the deciding one: a rule that is one group, or one member, is wrapped. */
static void read_root(rule_reader *x, owned *to, const ent__yaml *root, int64_t numbered)
{
    static const char *const keys[] = {"entente", "title", "source", "about", "members",
                                       "groups",  "rule",  "weight", "blocs", NULL};
    ent__keys(&x->r, root, "a file with a rule", keys);
    to->file.title = ent__read_text(&x->r, root, "title");
    to->file.source = ent__read_text(&x->r, root, "source");
    to->file.about = ent__read_text(&x->r, root, "about");
    const char *shown = ent__read_text(&x->r, root, "weight");
    x->shown = shown[0] != 0 ? shown : NULL;
    if (!read_groups(x, root))
        return;
    read_body(x, &x->body[0], root, "a file with a rule", numbered);
    if (x->r.to.errors > 0 || x->r.to.no_memory)
        return;
    find_leaves(x, &x->body[0]);
    for (int32_t k = 1; k < x->bodies; k++)
        if (x->body[k].progress == UNSEEN)
            ent__complain(&x->r.to, x->body[k].place, "group '%.60s' is a member of nothing", x->body[k].name);
    if (x->leaves.n > ENT_RULE_MOST_MEMBERS)
        ent__complain(&x->r.to, x->body[0].place, "%d members; a rule has at most %d", (int)x->leaves.n,
                      ENT_RULE_MOST_MEMBERS);
    if (x->r.to.errors > 0 || x->r.to.no_memory)
        return;
    make_rule(x, to);
    read_shown(x, &to->file);
    read_blocs(x, &to->file, ent__yaml_get(root, "blocs"));
    to->file.member = x->leaves.name;
    to->file.rule = to->rule;
}

/* --- the public calls ------------------------------------------------------------------------------------------------
 */

static ent_status parse(owned *to, const char *text, size_t length, const char *path, int64_t numbered,
                        ent_diagnostics *list)
{
    rule_reader x = {.r = {.to = {.arena = to->arena, .list = list}}};
    const ent__yaml *root = NULL;
    const char *file = ent__keep(&x.r.to, path, strlen(path)), *name = strrchr(path, '/');
    if (file == NULL)
        return ENT_ERR_MEMORY;
    name = name != NULL ? name + 1 : path;
    size_t stem = strlen(name);
    if (stem > 5 && strcmp(name + stem - 5, ".yaml") == 0)
        stem -= 5;
    to->file = (ent_rule_file){
        .id = ent__keep(&x.r.to, name, stem), .title = "", .source = "", .about = "", .weight_name = ""};
    ent_status status = ent__yaml_parse(&root, &x.r.to, text, length, file);
    if (status == ENT_OK || (status == ENT_ERR_SCENARIO && root != NULL))
        read_root(&x, to, root, numbered);
    if (x.r.to.no_memory)
        return ENT_ERR_MEMORY;
    return status == ENT_OK && x.r.to.errors > 0 ? ENT_ERR_SCENARIO : status;
}

static ent_status open_file(owned **to, ent_error *err)
{
    *to = ent__alloc(1, sizeof **to);
    if (*to != NULL)
        (*to)->arena = ent__arena_create();
    if (*to != NULL && (*to)->arena != NULL)
        return ENT_OK;
    ent__free(*to);
    *to = NULL;
    return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to read a rule");
}

ent_status ent_rule_file_read(ent_rule_file **out, const char *path, size_t members, ent_diagnostics *list,
                              ent_error *err)
{
    ent_status status = ENT_OK;
    char *text = NULL, problem[160];
    size_t length = 0;
    owned *to = NULL;
    ENT_REQUIRE(out != NULL && path != NULL && list != NULL, ENT_ERR_ARGUMENT,
                "a path, a list and a place for the rule are needed");
    *out = NULL;
    ENT_TRY(open_file(&to, err));
    status = ent__file_read(&text, &length, path, problem);
    ENT_REQUIRE(status == ENT_OK, status, "%s %s", path, status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    status = parse(to, text, length, path, (int64_t)members, list);
    ENT_REQUIRE(status == ENT_OK, status, "%s",
                status == ENT_ERR_MEMORY ? "not enough memory to read a rule" : "the rule is wrong");
    *out = &to->file;
    to = NULL;
done:
    ent__free(text);
    ent_rule_file_free(to != NULL ? &to->file : NULL);
    return status;
}

void ent_rule_file_free(ent_rule_file *file)
{
    if (file == NULL)
        return;
    owned *to = (owned *)file;
    ent_rule_free(to->rule);
    ent__arena_free(to->arena);
    ent__free(to);
}

/* --- shipped rules ---------------------------------------------------------------------------------------------------
 */

/* scenarios/rules/ID.yaml, built in by meson.build: ent__rule_ID with _ for -. */
#define SHIPPED(X)                                                                                                     \
    X(consensus, "consensus")                                                                                          \
    X(eu_council_lisbon, "eu-council-lisbon")                                                                          \
    X(eu_council_nice, "eu-council-nice")                                                                              \
    X(majority, "majority")                                                                                            \
    X(nato, "nato")                                                                                                    \
    X(two_thirds, "two-thirds")                                                                                        \
    X(un_security_council, "un-security-council")                                                                      \
    X(us_electoral_college, "us-electoral-college")
#define X(name, id)                                                                                                    \
    extern const unsigned char ent__rule_##name[];                                                                     \
    extern const size_t ent__rule_##name##_length;
SHIPPED(X)
#undef X

static const struct shipped {
    const char *id;
    const unsigned char *text;
    const size_t *length;
} shipped[] = {
#define X(name, id) {id, ent__rule_##name, &ent__rule_##name##_length},
    SHIPPED(X)
#undef X
};

size_t ent_rule_shipped_count(void)
{
    return ENT_COUNT(shipped);
}

const char *ent_rule_shipped_id(size_t i)
{
    return i < ENT_COUNT(shipped) ? shipped[i].id : NULL;
}

static ent_status no_such_rule(const char *id, ent_error *err)
{
    const char *ids[ENT_COUNT(shipped)];
    char all[256] = "";
    for (size_t k = 0; k < ENT_COUNT(shipped); k++) {
        ids[k] = shipped[k].id;
        if (strlen(all) + strlen(ids[k]) + 3 < sizeof all)
            strcat(strcat(all, k > 0 ? ", " : ""), ids[k]);
    }
    const char *near = ent__nearest(id, ids, ENT_COUNT(shipped));
    return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "there is no rule '%.60s'%s%s%s; shipped are %s", id,
                          near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "",
                          all);
}

ent_status ent_rule_file_shipped(ent_rule_file **out, const char *id, size_t members, ent_diagnostics *list,
                                 ent_error *err)
{
    ent_status status = ENT_OK;
    owned *to = NULL;
    const struct shipped *found = NULL;
    char path[96];
    ENT_REQUIRE(out != NULL && id != NULL && list != NULL, ENT_ERR_ARGUMENT,
                "a name, a list and a place for the rule are needed");
    *out = NULL;
    for (size_t k = 0; k < ENT_COUNT(shipped); k++)
        if (strcmp(shipped[k].id, id) == 0)
            found = &shipped[k];
    if (found == NULL)
        return no_such_rule(id, err);
    ENT_TRY(open_file(&to, err));
    snprintf(path, sizeof path, "rules/%s.yaml", id);
    status = parse(to, (const char *)found->text, *found->length, path, (int64_t)members, list);
    ENT_REQUIRE(status == ENT_OK, status, "%s",
                status == ENT_ERR_MEMORY ? "not enough memory to read a rule" : "the rule is wrong");
    *out = &to->file;
    to = NULL;
done:
    ent_rule_file_free(to != NULL ? &to->file : NULL);
    return status;
}
