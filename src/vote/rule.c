/* Rules: made from the bottom up, checked, asked.
 *
 * A rule is a list of criteria. Each has parts with weights: members, or criteria before it; it is satisfied where the
 * parts that are satisfied weigh enough. "All of" and "one of" are criteria with weights 1 whose quota is the number of
 * parts, or 1. One pass from the first to the last decides. Since a part stands before what it is part of, no rule can
 * contain itself, and since weights are >= 0 and quotas > 0, one more yes never harms and none at all never suffices.
 */
#include "vote/vote.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sums of weights below this stay far from overflow. */
#define MOST ENT_MAX_NUMBER

struct ent_rule_builder {
    ent_rule_node node[ENT_RULE_MOST_NODES];
    ent_rule_part *part;
    size_t members, nodes, parts, capacity;
    ent_error err; /* of the first that went wrong */
};

/* --- what a node says ------------------------------------------------------------------------------------ */

static double total_of(const ent_rule *rule, const ent_rule_node *node)
{
    double total = 0;
    for (int32_t j = 0; j < node->count; j++)
        total += rule->part[node->first + j].weight;
    return total;
}

static double need_of(const ent_rule_node *node, double total)
{
    return node->strict ? node->quota + ENT__RULE_TIE * total : node->quota - ENT__RULE_TIE * total;
}

double ent__rule_need(const ent_rule *rule, int32_t node)
{
    return need_of(&rule->node[node], total_of(rule, &rule->node[node]));
}

bool ent_rule_wins(const ent_rule *rule, const bool *yes)
{
    bool satisfied[ENT_RULE_MOST_NODES] = {false};
    for (int32_t k = 0; k < rule->nodes; k++) {
        const ent_rule_node *node = &rule->node[k];
        double sum = 0, total = 0;
        for (int32_t j = 0; j < node->count; j++) {
            const ent_rule_part *part = &rule->part[node->first + j];
            bool counts = part->unit < rule->members ? yes[part->unit] : satisfied[part->unit - rule->members];
            sum += counts ? part->weight : 0;
            total += part->weight;
        }
        satisfied[k] = sum >= need_of(node, total);
    }
    return satisfied[rule->nodes - 1];
}

bool ent__rule_is_consensus(const ent_rule *rule)
{
    const ent_rule_node *node = &rule->node[0];
    if (rule->nodes != 1 || node->count != rule->members)
        return false;
    double least = INFINITY, total = 0;
    for (int32_t j = 0; j < node->count; j++) {
        double w = rule->part[node->first + j].weight;
        least = w < least ? w : least;
        total += w;
    }
    return total - least < need_of(node, total);
}

bool ent__rule_stands_alone(const ent_rule *rule, int32_t node, bool *inside)
{
    int32_t m = rule->members;
    memset(inside, 0, (size_t)(m + rule->nodes));
    inside[m + node] = true;
    for (int32_t k = node; k >= 0; k--) /* parts stand before what they are part of */
        for (int32_t j = 0; inside[m + k] && j < rule->node[k].count; j++)
            inside[rule->part[rule->node[k].first + j].unit] = true;
    for (int32_t k = 0; k < rule->nodes; k++) {
        for (int32_t j = 0; !inside[m + k] && j < rule->node[k].count; j++) {
            int32_t unit = rule->part[rule->node[k].first + j].unit;
            if (inside[unit] && unit != m + node)
                return false;
        }
    }
    return true;
}

/* --- whole numbers ----------------------------------------------------------------------------------------- */

static int64_t common_factor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The least power of ten that makes all weights whole, or 0. */
static double whole_scale(const ent_rule *rule, const ent_rule_node *node)
{
    for (double scale = 1; scale <= 1e6; scale *= 10) {
        bool whole = true;
        for (int32_t j = 0; j < node->count && whole; j++) {
            double x = rule->part[node->first + j].weight * scale;
            whole = fabs(x - floor(x + 0.5)) <= 1e-15 * x && x <= 0x1p53;
        }
        if (whole)
            return scale;
    }
    return 0;
}

bool ent__rule_whole(const ent_rule *rule, int32_t k, int64_t *whole, int64_t *need, int64_t *total)
{
    const ent_rule_node *node = &rule->node[k];
    double scale = whole_scale(rule, node), sum = total_of(rule, node);
    if (scale == 0 || sum * scale > 0x1p52)
        return false;
    int64_t factor = 0;
    *total = 0;
    for (int32_t j = 0; j < node->count; j++)
        factor = common_factor((int64_t)floor(rule->part[node->first + j].weight * scale + 0.5), factor);
    for (int32_t j = 0; j < node->count; j++) {
        int64_t w = (int64_t)floor(rule->part[node->first + j].weight * scale + 0.5) / factor;
        *total += w;
        if (whole != NULL)
            whole[j] = w;
    }
    *need = (int64_t)ceil(need_of(node, sum) * scale / (double)factor);
    return true;
}

/* --- checks ---------------------------------------------------------------------------------------------------- */

/* A number for a message. */
static const char *shown(char text[32], double x)
{
    if (ent__is_finite(x))
        text[ent__number_text(text, x)] = 0;
    else
        strcpy(text, ent__is_undefined(x) ? "undefined" : x > 0 ? "infinite" : "minus infinite");
    return text;
}

static const char *unit_name(char text[48], const ent_rule *rule, int32_t unit)
{
    bool is_member = unit < rule->members;
    snprintf(text, 48, "%s %d", is_member ? "member" : "criterion", (int)(is_member ? unit : unit - rule->members) + 1);
    return text;
}

static ent_status check_parts(const ent_rule *rule, int32_t k, int32_t *seen, double *total, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_rule_node *node = &rule->node[k];
    char number[32], name[48];
    *total = 0;
    for (int32_t j = 0; j < node->count; j++) {
        const ent_rule_part *part = &rule->part[node->first + j];
        ENT_REQUIRE(part->unit >= 0 && part->unit < rule->members + k, ENT_ERR_ARGUMENT,
                    "criterion %d counts unit %d; there are %d members, numbered from 0, and %d criteria before it",
                    (int)k + 1, (int)part->unit, (int)rule->members, (int)k);
        unit_name(name, rule, part->unit);
        ENT_REQUIRE(seen[part->unit] != k + 1, ENT_ERR_ARGUMENT, "%s counts twice in criterion %d", name, (int)k + 1);
        seen[part->unit] = k + 1;
        ENT_REQUIRE(part->weight >= 0 && part->weight <= MOST, ENT_ERR_DOMAIN,
                    "the weight of %s in criterion %d is %s; a weight is a number of 0 or more", name, (int)k + 1,
                    shown(number, part->weight));
        *total += part->weight;
    }
    ENT_REQUIRE(*total > 0, ENT_ERR_DOMAIN, "every weight of criterion %d is zero: nobody can satisfy it", (int)k + 1);
done:
    return status;
}

static ent_status check_node(const ent_rule *rule, int32_t k, int32_t *seen, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_rule_node *node = &rule->node[k];
    double total = 0;
    char number[32];
    ENT_REQUIRE(node->count >= 1, ENT_ERR_ARGUMENT, "criterion %d has no parts", (int)k + 1);
    ENT_REQUIRE(node->first >= 0 && node->first <= rule->parts && node->count <= rule->parts - node->first,
                ENT_ERR_ARGUMENT, "the parts of criterion %d lie outside the rule", (int)k + 1);
    ENT_TRY(check_parts(rule, k, seen, &total, err));
    ENT_REQUIRE(fabs(node->quota) <= MOST * MOST, ENT_ERR_DOMAIN, "the quota of criterion %d is %s", (int)k + 1,
                shown(number, node->quota));
    ENT_REQUIRE(need_of(node, total) > 0, ENT_ERR_DOMAIN,
                "the quota of criterion %d is %s%s: nobody would need to agree; a quota lies above 0", (int)k + 1,
                shown(number, node->quota), node->strict ? " (more than)" : "");
done:
    return status;
}

/* Everyone together must be able to decide; else the quota at fault is named. */
static ent_status check_satisfiable(const ent_rule *rule, bool *yes, ent_error *err)
{
    char quota[32], sum[32];
    for (int32_t i = 0; i < rule->members; i++)
        yes[i] = true;
    if (ent_rule_wins(rule, yes))
        return ENT_OK;
    for (int32_t k = 0; k < rule->nodes; k++) {
        double total = total_of(rule, &rule->node[k]);
        if (total < need_of(&rule->node[k], total))
            return ent__error_set(
                err, ENT_ERR_DOMAIN, "", 0, 0,
                "nobody can satisfy the rule: %s %s is needed in criterion %d, all its weights sum to %s",
                rule->node[k].strict ? "more than" : "a weight of", shown(quota, rule->node[k].quota), (int)k + 1,
                shown(sum, total));
    }
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "nobody can satisfy the rule");
}

ent_status ent_rule_check(const ent_rule *rule, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t *seen = NULL;
    bool *yes = NULL;
    ENT_REQUIRE(rule != NULL, ENT_ERR_ARGUMENT, "a rule is needed, it is NULL");
    ENT_REQUIRE(rule->members >= 1, ENT_ERR_ARGUMENT, "a rule needs at least one member, there is none");
    ENT_REQUIRE(rule->members <= ENT_RULE_MOST_MEMBERS, ENT_ERR_LIMIT, "%d members; a rule has at most %d",
                (int)rule->members, ENT_RULE_MOST_MEMBERS);
    ENT_REQUIRE(rule->nodes >= 1, ENT_ERR_ARGUMENT, "a rule needs at least one criterion, there is none");
    ENT_REQUIRE(rule->nodes <= ENT_RULE_MOST_NODES, ENT_ERR_LIMIT, "%d criteria; a rule has at most %d",
                (int)rule->nodes, ENT_RULE_MOST_NODES);
    ENT_REQUIRE(rule->parts >= 1 && rule->parts <= ENT_RULE_MOST_PARTS, ENT_ERR_LIMIT,
                "%d parts; a rule has 1 to %d: a member counts as one in each criterion", (int)rule->parts,
                ENT_RULE_MOST_PARTS);
    ENT_REQUIRE(rule->node != NULL && rule->part != NULL, ENT_ERR_ARGUMENT, "the criteria or parts are NULL");
    seen = ent__alloc((size_t)(rule->members + rule->nodes), sizeof *seen);
    yes = ent__alloc((size_t)rule->members, sizeof *yes);
    ENT_REQUIRE(seen != NULL && yes != NULL, ENT_ERR_MEMORY, "not enough memory to check a rule");
    for (int32_t k = 0; k < rule->nodes; k++)
        ENT_TRY(check_node(rule, k, seen, err));
    for (int32_t k = 0; k + 1 < rule->nodes; k++)
        ENT_REQUIRE(seen[rule->members + k] != 0, ENT_ERR_ARGUMENT, "criterion %d counts nowhere: it decides nothing",
                    (int)k + 1);
    ENT_TRY(check_satisfiable(rule, yes, err));
done:
    ent__free(seen);
    ent__free(yes);
    return status;
}

/* --- making a rule ------------------------------------------------------------------------------------------ */

ent_status ent_rule_copy(ent_rule **out, const ent_rule *rule, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the rule: out is NULL");
    *out = NULL;
    ENT_TRY(ent_rule_check(rule, err));
    size_t nodes = (size_t)rule->nodes * sizeof *rule->node, parts = (size_t)rule->parts * sizeof *rule->part;
    ent_rule *copy = ent__alloc(1, sizeof *copy + nodes + parts);
    ENT_REQUIRE(copy != NULL, ENT_ERR_MEMORY, "not enough memory for a rule");
    ent_rule_node *node = (ent_rule_node *)(copy + 1);
    ent_rule_part *part = (ent_rule_part *)(node + rule->nodes);
    memcpy(node, rule->node, nodes);
    memcpy(part, rule->part, parts);
    *copy = (ent_rule){rule->members, rule->nodes, rule->parts, node, part};
    *out = copy;
done:
    return status;
}

void ent_rule_free(ent_rule *rule)
{
    ent__free(rule);
}

ent_rule_builder *ent_rule_begin(size_t members)
{
    ent_rule_builder *to = ent__alloc(1, sizeof *to);
    if (to != NULL)
        to->members = members;
    if (to != NULL && members == 0)
        ent__error_set(&to->err, ENT_ERR_ARGUMENT, "", 0, 0, "a rule needs at least one member, there is none");
    if (to != NULL && members > ENT_RULE_MOST_MEMBERS)
        ent__error_set(&to->err, ENT_ERR_LIMIT, "", 0, 0, "%zu members; a rule has at most %d", members,
                       ENT_RULE_MOST_MEMBERS);
    return to;
}

static bool reserve(ent_rule_builder *to, size_t n)
{
    if (to->parts + n > ENT_RULE_MOST_PARTS || to->nodes == ENT_RULE_MOST_NODES) {
        ent__error_set(&to->err, ENT_ERR_LIMIT, "", 0, 0,
                       "a rule has at most %d criteria and %d parts; a member counts as one in each criterion",
                       ENT_RULE_MOST_NODES, ENT_RULE_MOST_PARTS);
        return false;
    }
    if (to->parts + n <= to->capacity)
        return true;
    size_t capacity = 2 * (to->parts + n);
    ent_rule_part *part = ent__realloc(to->part, capacity, sizeof *part);
    if (part == NULL) {
        ent__error_set(&to->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for a rule");
        return false;
    }
    to->part = part;
    to->capacity = capacity;
    return true;
}

static int32_t add(ent_rule_builder *to, ent_rule_kind kind, const int32_t *unit, const double *weight, size_t n,
                   double quota, bool strict)
{
    if (to == NULL || to->err.status != ENT_OK)
        return -1;
    if (unit == NULL && n != to->members)
        ent__error_set(&to->err, ENT_ERR_ARGUMENT, "", 0, 0, "all members are meant, which are %zu, not %zu",
                       to->members, n);
    if (n == 0)
        ent__error_set(&to->err, ENT_ERR_ARGUMENT, "", 0, 0, "criterion %zu has no parts", to->nodes + 1);
    if (to->err.status != ENT_OK || !reserve(to, n))
        return -1;
    to->node[to->nodes] = (ent_rule_node){(int32_t)kind, (int32_t)to->parts, (int32_t)n, strict, quota};
    for (size_t j = 0; j < n; j++)
        to->part[to->parts++] = (ent_rule_part){unit != NULL ? unit[j] : (int32_t)j, 0, weight != NULL ? weight[j] : 1};
    return (int32_t)(to->members + to->nodes++);
}

int32_t ent_rule_criterion(ent_rule_builder *to, const int32_t *unit, const double *weight, size_t n, double quota,
                           bool strict)
{
    return add(to, ENT_RULE_CRITERION, unit, weight, n, quota, strict);
}

int32_t ent_rule_all(ent_rule_builder *to, const int32_t *unit, size_t n)
{
    return add(to, ENT_RULE_ALL, unit, NULL, n, (double)n, false);
}

int32_t ent_rule_any(ent_rule_builder *to, const int32_t *unit, size_t n)
{
    return add(to, ENT_RULE_ANY, unit, NULL, n, 1, false);
}

int32_t ent_rule_all_but(ent_rule_builder *to, const int32_t *unit, size_t n, size_t k)
{
    return add(to, ENT_RULE_CRITERION, unit, NULL, n, (double)n - (double)k, false);
}

ent_status ent_rule_end(ent_rule **out, ent_rule_builder *to, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the rule: out is NULL");
    *out = NULL;
    ENT_REQUIRE(to != NULL, ENT_ERR_MEMORY, "not enough memory for a rule");
    ENT_REQUIRE(to->err.status == ENT_OK, to->err.status, "%s", to->err.message);
    ENT_TRY(ent_rule_copy(
        out, &(ent_rule){(int32_t)to->members, (int32_t)to->nodes, (int32_t)to->parts, to->node, to->part}, err));
done:
    if (to != NULL)
        ent__free(to->part);
    ent__free(to);
    return status;
}

/* --- the common ones ------------------------------------------------------------------------------------------- */

ent_status ent_rule_consensus(ent_rule **out, size_t members, ent_error *err)
{
    ent_rule_builder *to = ent_rule_begin(members);
    ent_rule_all(to, NULL, members);
    return ent_rule_end(out, to, err);
}

ent_status ent_rule_majority(ent_rule **out, size_t members, ent_error *err)
{
    ent_rule_builder *to = ent_rule_begin(members);
    ent_rule_criterion(to, NULL, NULL, members, 0.5 * (double)members, true);
    return ent_rule_end(out, to, err);
}

ent_status ent_rule_weighted(ent_rule **out, const double *weight, size_t members, double quota, bool share,
                             bool strict, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_rule_builder *to = NULL;
    double total = 0;
    bool whole = true;
    char number[32];
    ENT_REQUIRE(weight != NULL, ENT_ERR_ARGUMENT, "weights are needed, they are NULL");
    ENT_REQUIRE(!share || (quota >= 0 && quota <= 1), ENT_ERR_DOMAIN,
                "the quota is %s; a share of the weight is from 0 to 1", shown(number, quota));
    for (size_t i = 0; i < members && share; i++) {
        total += weight[i];
        whole = whole && weight[i] == floor(weight[i]);
    }
    if (share) {
        double nearest = floor(quota * total + 0.5);
        quota *= total;
        quota = whole && fabs(quota - nearest) <= 1e-12 * total ? nearest : quota;
    }
    to = ent_rule_begin(members);
    ent_rule_criterion(to, NULL, weight, members, quota, strict);
    ENT_TRY(ent_rule_end(out, to, err));
done:
    return status;
}
