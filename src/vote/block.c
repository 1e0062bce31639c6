/* Finding the blocks of a rule, and the cheapest exact way to compute each (block.h). */
#include "vote/block.h"

#include <math.h>
#include <string.h>

static size_t round_up(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15;
}

static void *take(char **at, size_t n, size_t size)
{
    void *block = *at;
    *at += round_up(n * size);
    return block;
}

size_t ent__block_scratch_bytes(const ent_rule *rule)
{
    size_t all = (size_t)(rule->members + rule->nodes), nodes = (size_t)rule->nodes;
    return round_up((size_t)rule->parts * sizeof(int32_t)) + round_up(nodes * sizeof(int32_t)) +
           round_up(all * sizeof(int32_t)) + round_up(all) + round_up(nodes);
}

void *ent__blocks_find(ent__block_scratch *out, const ent_rule *rule, void *memory)
{
    size_t all = (size_t)(rule->members + rule->nodes);
    char *at = memory;
    out->unit = take(&at, (size_t)rule->parts, sizeof *out->unit);
    out->criterion = take(&at, (size_t)rule->nodes, sizeof *out->criterion);
    out->place = take(&at, all, sizeof *out->place);
    out->inside = take(&at, all, sizeof *out->inside);
    out->alone = take(&at, (size_t)rule->nodes, sizeof *out->alone);
    for (int32_t k = 0; k < rule->nodes; k++)
        out->alone[k] = k == rule->nodes - 1 || ent__rule_stands_alone(rule, k, out->inside);
    return at;
}

/* --- what belongs to a block ------------------------------------------------------------------------------- */

static void gather(ent__block *out, const ent_rule *rule, ent__block_scratch *s)
{
    int32_t m = rule->members;
    memset(s->inside, 0, (size_t)(m + rule->nodes));
    memset(s->place, -1, (size_t)(m + rule->nodes) * sizeof *s->place);
    s->inside[m + out->node] = true;
    out->units = out->criteria = 0;
    for (int32_t k = out->node; k >= 0; k--) {
        if (!s->inside[m + k] || (k != out->node && s->alone[k]))
            continue;
        for (int32_t j = 0; j < rule->node[k].count; j++) {
            const ent_rule_part *part = &rule->part[rule->node[k].first + j];
            bool is_unit = part->unit < m || s->alone[part->unit - m];
            if (part->weight > 0 && is_unit && !s->inside[part->unit]) {
                s->place[part->unit] = out->units;
                s->unit[out->units++] = part->unit;
            }
            s->inside[part->unit] = s->inside[part->unit] || part->weight > 0;
        }
    }
    for (int32_t k = 0; k <= out->node; k++) {
        if (!s->inside[m + k] || (k != out->node && s->alone[k]))
            continue;
        s->place[m + k] = out->criteria;
        s->criterion[out->criteria++] = k;
    }
    out->unit = s->unit;
    out->criterion = s->criterion;
    out->place = s->place;
}

/* Whether a part of a block's criterion is one of its units. */
static bool is_unit(const ent__block *block, const ent_rule_part *part)
{
    int32_t place = block->place[part->unit];
    return part->weight > 0 && place >= 0 && place < block->units && block->unit[place] == part->unit;
}

static bool counts_units(const ent_rule *rule, const ent__block *block, int32_t k)
{
    for (int32_t j = 0; j < rule->node[k].count; j++)
        if (is_unit(block, &rule->part[rule->node[k].first + j]))
            return true;
    return false;
}

static bool counts_units_alone(const ent_rule *rule, const ent__block *block, int32_t k)
{
    for (int32_t j = 0; j < rule->node[k].count; j++) {
        const ent_rule_part *part = &rule->part[rule->node[k].first + j];
        if (part->weight > 0 && !is_unit(block, part))
            return false;
    }
    return true;
}

/* --- how it is computed -------------------------------------------------------------------------------------- */

/* One criterion: everyone, or anyone? */
static bool is_simple(ent__block *out, const ent_rule *rule)
{
    const ent_rule_node *node = &rule->node[out->node];
    double least = INFINITY, total = 0, need = ent__rule_need(rule, out->node);
    for (int32_t j = 0; j < node->count; j++) {
        double w = rule->part[node->first + j].weight;
        least = w > 0 && w < least ? w : least;
        total += w;
    }
    out->way = total - least < need ? ENT__BLOCK_ALL : least >= need ? ENT__BLOCK_ANY : ENT__BLOCK_NONE;
    return out->way != ENT__BLOCK_NONE;
}

/* Whether two criteria weigh the units in the same proportions, so that one sum tells of both: fifteen members and all
 * but three. Criteria that count others as well have a sum of their own. */
static bool same_sum(const ent_rule *rule, const ent__block *block, int32_t a, int32_t b)
{
    const ent_rule_node *x = &rule->node[a], *y = &rule->node[b];
    double total_x = 0, total_y = 0;
    if (x->count != y->count || !counts_units_alone(rule, block, a) || !counts_units_alone(rule, block, b))
        return false;
    for (int32_t j = 0; j < x->count; j++) {
        total_x += rule->part[x->first + j].weight;
        total_y += rule->part[y->first + j].weight;
    }
    for (int32_t j = 0; j < x->count; j++) {
        const ent_rule_part *p = &rule->part[x->first + j], *q = &rule->part[y->first + j];
        if (p->unit != q->unit || fabs(p->weight / total_x - q->weight / total_y) > 1e-15)
            return false;
    }
    return true;
}

static int32_t dim_like(const ent_rule *rule, const ent__block *block, int32_t criterion)
{
    for (int32_t d = 0; d < block->dims; d++)
        if (block->dim[d] == criterion ||
            same_sum(rule, block, block->criterion[block->dim[d]], block->criterion[criterion]))
            return d;
    return -1;
}

/* Sets dims and states with every criterion but `wide`; false where they are too many. */
static bool use_dims(ent__block *out, const ent_rule *rule, int32_t wide, double most)
{
    double states = 1;
    out->dims = 0;
    for (int32_t c = 0; c < out->criteria; c++) {
        int64_t need, total;
        int32_t k = out->criterion[c];
        if (c == wide || !counts_units(rule, out, k))
            continue;
        int32_t like = dim_like(rule, out, c);
        if ((like < 0 && out->dims == ENT__BLOCK_DIMS) || !ent__rule_whole(rule, k, NULL, &need, &total))
            return false;
        if (like < 0) {
            like = out->dims++;
            out->dim[like] = c;
            out->cap[like] = 0;
        }
        out->cap[like] = need > out->cap[like] ? need : out->cap[like];
    }
    for (int32_t d = 0; d < out->dims && states <= most; d++)
        states *= (double)out->cap[d] + 1;
    if (!(states <= most))
        return false;
    out->states = (int64_t)states;
    out->wide = wide;
    return true;
}

void ent__block_read(ent__block *out, const ent_rule *rule, int32_t node, ent__block_scratch *scratch)
{
    out->node = node;
    gather(out, rule, scratch);
    out->dims = 0;
    out->wide = -1;
    if (out->criteria == 1 && is_simple(out, rule))
        return;
    double halves = out->units <= ENT_CHANCE_MAX_MEMBERS ? (double)((int64_t)1 << (out->units + 1) / 2) : INFINITY;
    out->way = ENT__BLOCK_TABLE;
    if (use_dims(out, rule, -1, (double)ENT_CHANCE_MAX_CELLS / (out->units + 1)) && (double)out->states < 4 * halves)
        return;
    out->way = ENT__BLOCK_HALVES; /* the criterion that leaves the fewest states to the others is the wide one */
    int32_t best = -1;
    int64_t fewest = 0;
    for (int32_t c = 0; c < out->criteria && halves < INFINITY; c++)
        if (counts_units_alone(rule, out, out->criterion[c]) && use_dims(out, rule, c, ENT_CHANCE_MAX_STATES) &&
            (best < 0 || out->states < fewest)) {
            best = c;
            fewest = out->states;
        }
    if (best >= 0 && use_dims(out, rule, best, ENT_CHANCE_MAX_STATES))
        return;
    out->way = ENT__BLOCK_TABLE;
    if (!use_dims(out, rule, -1, (double)ENT_CHANCE_MAX_CELLS / (out->units + 1)))
        out->way = out->units <= ENT_CHANCE_MAX_SETS ? ENT__BLOCK_EACH : ENT__BLOCK_NONE;
}

/* --- as numbers ---------------------------------------------------------------------------------------------- */

size_t ent__block_table_bytes(const ent__block *block)
{
    size_t c = (size_t)block->criteria, n = (size_t)block->units;
    return round_up(c * n * sizeof(double)) + round_up(c * c * sizeof(double)) + round_up(c * sizeof(double)) +
           2 * round_up(c) + round_up(c * sizeof(int32_t));
}

/* The whole number that a weight is, from the sum of its node: the node's need is known as a whole number as well. */
static double whole_factor(const ent_rule *rule, int32_t k)
{
    int64_t need, total;
    double sum = 0;
    for (int32_t j = 0; j < rule->node[k].count; j++)
        sum += rule->part[rule->node[k].first + j].weight;
    return ent__rule_whole(rule, k, NULL, &need, &total) ? (double)total / sum : 0;
}

void *ent__block_table_fill(ent__block_table *out, const ent_rule *rule, const ent__block *block, void *memory)
{
    size_t criteria = (size_t)block->criteria, units = (size_t)block->units;
    char *at = memory;
    out->block = block;
    out->rule = rule;
    out->weight = take(&at, criteria * units, sizeof(double));
    out->link = take(&at, criteria * criteria, sizeof(double));
    out->need = take(&at, criteria, sizeof(double));
    out->counts = take(&at, criteria, 1);
    out->satisfied = take(&at, criteria, 1);
    out->digit = take(&at, criteria, sizeof *out->digit);
    memset(out->weight, 0, criteria * units * sizeof(double));
    memset(out->link, 0, criteria * criteria * sizeof(double));
    for (size_t c = 0; c < criteria; c++) {
        int32_t k = block->criterion[c];
        int64_t need = 0, total;
        bool whole = (int32_t)c != block->wide && ent__rule_whole(rule, k, NULL, &need, &total);
        double factor = whole ? whole_factor(rule, k) : 1;
        out->need[c] = whole ? (double)need : ent__rule_need(rule, k);
        out->counts[c] = false;
        out->digit[c] = dim_like(rule, block, (int32_t)c);
        for (int32_t j = 0; j < rule->node[k].count; j++) {
            const ent_rule_part *part = &rule->part[rule->node[k].first + j];
            double w = whole ? floor(part->weight * factor + 0.5) : part->weight;
            if (is_unit(block, part)) {
                out->weight[c * units + (size_t)block->place[part->unit]] = w;
                out->counts[c] = true;
            } else if (part->weight > 0)
                out->link[c * criteria + (size_t)block->place[part->unit]] = w;
        }
    }
    return at;
}

bool ent__block_wins(const ent__block_table *table, const int64_t *digit, bool wide)
{
    int32_t criteria = table->block->criteria;
    for (int32_t c = 0; c < criteria; c++) {
        double sum = 0;
        const double *link = table->link + (size_t)c * (size_t)criteria;
        if (c == table->block->wide)
            sum = wide ? table->need[c] : 0;
        else if (table->counts[c])
            sum = (double)digit[table->digit[c]];
        for (int32_t e = 0; e < c; e++)
            sum += table->satisfied[e] ? link[e] : 0;
        table->satisfied[c] = sum >= table->need[c];
    }
    return table->satisfied[criteria - 1];
}

bool ent__block_wins_set(const ent__block_table *table, int64_t set)
{
    int32_t criteria = table->block->criteria, units = table->block->units;
    for (int32_t c = 0; c < criteria; c++) {
        double sum = 0;
        const double *weight = table->weight + (size_t)c * (size_t)units;
        const double *link = table->link + (size_t)c * (size_t)criteria;
        for (int32_t j = 0; j < units; j++)
            sum += set >> j & 1 ? weight[j] : 0;
        for (int32_t e = 0; e < c; e++)
            sum += table->satisfied[e] ? link[e] : 0;
        table->satisfied[c] = sum >= table->need[c];
    }
    return table->satisfied[criteria - 1];
}
