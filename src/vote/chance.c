/* The chance that a decision is made when each member says yes with its own chance, and what each stands in the way.
 *
 *     P(p_1 .. p_n) = sum over the sets S that decide of  product_{i in S} p_i  product_{i not in S} (1 - p_i)
 *
 * is the rule's multilinear extension (Owen 1972). P is linear in each p_i, so
 *
 *     P(adopted | i yes) - P(adopted) = (1 - p_i) dP/dp_i
 *
 * and one derivative by every p_i, found backward from the result, gives all of them without a division.
 *
 * The rule falls into blocks (block.h). Each is computed in one of five ways:
 *   all, any   a product; its derivatives by products from the left and from the right
 *   table      layer j holds the chance of success from unit j on, for each sum so far, capped at what is needed:
 *                  V_j(s) = V_{j+1}(s) + p_j (V_{j+1}(s + w_j) - V_{j+1}(s)),      P = V_0(0)
 *                  dP/dp_j = sum over s of  F_j(s) (V_{j+1}(s + w_j) - V_{j+1}(s)),  F_j(s) the chance to be at s
 *   halves     the units in two halves. All subsets of each, sorted by their sum in the one criterion that is not a
 * small whole number; for a subset b of one half, the chance that the other half completes it comes from a sweep over
 * both sorted lists. Then a contraction over b, unit by unit. Once with either half as b. Enumerating 2^n sets would
 * take minutes where halves take milliseconds. */
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

/* --- products ------------------------------------------------------------------------------------------------ */

/* Product of p (or of 1 - p), and in slope[] the product of all others. */
static double product(double *slope, const double *p, int32_t n, bool of_no)
{
    double left = 1, right = 1;
    for (int32_t j = 0; j < n; j++) {
        slope[j] = left;
        left *= of_no ? 1 - p[j] : p[j];
    }
    for (int32_t j = n - 1; j >= 0; j--) {
        slope[j] *= right;
        right *= of_no ? 1 - p[j] : p[j];
    }
    return of_no ? 1 - left : left;
}

/* --- a table --------------------------------------------------------------------------------------------------- */

/* Walks over all states, the first dimension fastest, and knows where each leads when a unit says yes. */
typedef struct walk {
    int32_t dims;
    int64_t digit[ENT__BLOCK_DIMS], step[ENT__BLOCK_DIMS], stride[ENT__BLOCK_DIMS], cap[ENT__BLOCK_DIMS];
} walk;

static walk walk_from(const ent__block_table *t, int32_t unit)
{
    const ent__block *block = t->block;
    walk w = {.dims = block->dims};
    int64_t stride = 1;
    for (int32_t d = 0; d < block->dims; d++) {
        w.cap[d] = block->cap[d];
        w.stride[d] = stride;
        stride *= w.cap[d] + 1;
        if (unit >= 0)
            w.step[d] = (int64_t)t->weight[(size_t)block->dim[d] * (size_t)block->units + (size_t)unit];
    }
    return w;
}

static inline int64_t leads_to(const walk *w)
{
    int64_t to = 0;
    for (int32_t d = 0; d < w->dims; d++) {
        int64_t digit = w->digit[d] + w->step[d];
        to += w->stride[d] * (digit < w->cap[d] ? digit : w->cap[d]);
    }
    return to;
}

static inline void next_state(walk *w)
{
    for (int32_t d = 0; d < w->dims && ++w->digit[d] > w->cap[d]; d++)
        w->digit[d] = 0;
}

static size_t table_bytes(const ent__block *block)
{
    return round_up((size_t)(block->units + 1) * (size_t)block->states * sizeof(double)) +
           2 * round_up((size_t)block->states * sizeof(double));
}

static double by_table(double *slope, const double *p, const ent__block_table *t, void *memory)
{
    int32_t n = t->block->units;
    int64_t states = t->block->states;
    char *at = memory;
    double *value = take(&at, (size_t)(n + 1) * (size_t)states, sizeof(double));
    double *chance = take(&at, (size_t)states, sizeof(double)), *next = take(&at, (size_t)states, sizeof(double));
    walk w = walk_from(t, -1);
    for (int64_t s = 0; s < states; s++, next_state(&w))
        value[n * states + s] = ent__block_wins(t, w.digit, false);
    for (int32_t j = n - 1; j >= 0; j--) {
        const double *from = value + (j + 1) * states;
        w = walk_from(t, j);
        for (int64_t s = 0; s < states; s++, next_state(&w))
            value[j * states + s] = from[s] + p[j] * (from[leads_to(&w)] - from[s]);
    }
    memset(chance, 0, (size_t)states * sizeof(double));
    chance[0] = 1;
    for (int32_t j = 0; j < n; j++) {
        const double *from = value + (j + 1) * states;
        memset(next, 0, (size_t)states * sizeof(double));
        w = walk_from(t, j);
        slope[j] = 0;
        for (int64_t s = 0; s < states; s++, next_state(&w)) {
            if (chance[s] == 0)
                continue;
            int64_t to = leads_to(&w);
            slope[j] += chance[s] * (from[to] - from[s]);
            next[s] += chance[s] * (1 - p[j]);
            next[to] += chance[s] * p[j];
        }
        double *swap = chance;
        chance = next;
        next = swap;
    }
    return value[0];
}

/* --- two halves --------------------------------------------------------------------------------------------------- */

typedef struct half {
    int32_t first, units; /* of the block's */
    int64_t subsets;
    double *sum;       /* in the wide criterion, ascending */
    int32_t *mask;     /* of each in that order */
    int32_t *state;    /* of each mask in the other criteria */
    double *chance;    /* of each mask */
    double *other_sum; /* scratch of the sorting */
    int32_t *other_mask;
} half;

static void half_take(half *out, int32_t first, int32_t units, char **at)
{
    size_t n = (size_t)1 << units;
    *out = (half){.first = first, .units = units, .subsets = (int64_t)n};
    out->sum = take(at, n, sizeof(double));
    out->chance = take(at, n, sizeof(double));
    out->other_sum = take(at, n, sizeof(double));
    out->mask = take(at, n, sizeof(int32_t));
    out->state = take(at, n, sizeof(int32_t));
    out->other_mask = take(at, n, sizeof(int32_t));
}

static size_t half_bytes(int32_t units)
{
    size_t n = (size_t)1 << units;
    return 3 * round_up(n * sizeof(double)) + 3 * round_up(n * sizeof(int32_t));
}

/* All subsets in the order of their sums: each unit merges the list with the same one moved up by its weight. */
static void sort_sums(half *h, const double *weight)
{
    h->sum[0] = 0;
    h->mask[0] = 0;
    for (int32_t j = 0; j < h->units; j++) {
        double w = weight[h->first + j];
        int64_t n = (int64_t)1 << j, a = 0, b = 0;
        for (int64_t to = 0; to < 2 * n; to++) {
            bool low = b == n || (a < n && h->sum[a] <= h->sum[b] + w);
            h->other_sum[to] = low ? h->sum[a] : h->sum[b] + w;
            h->other_mask[to] = low ? h->mask[a] : h->mask[b] | (int32_t)1 << j;
            a += low;
            b += !low;
        }
        double *sum = h->sum;
        int32_t *mask = h->mask;
        h->sum = h->other_sum;
        h->mask = h->other_mask;
        h->other_sum = sum;
        h->other_mask = mask;
    }
}

static void fill_half(half *h, const ent__block_table *t, const double *p, int32_t *leads)
{
    const ent__block *block = t->block;
    sort_sums(h, t->weight + (size_t)block->wide * (size_t)block->units);
    h->state[0] = 0;
    h->chance[0] = 1;
    for (int32_t j = 0; j < h->units; j++) {
        walk w = walk_from(t, h->first + j);
        for (int64_t s = 0; s < block->states; s++, next_state(&w))
            leads[s] = (int32_t)leads_to(&w);
        int64_t n = (int64_t)1 << j;
        double yes = p[h->first + j];
        for (int64_t b = 0; b < n; b++) {
            h->state[n + b] = leads[h->state[b]];
            h->chance[n + b] = h->chance[b] * yes;
            h->chance[b] *= 1 - yes;
        }
    }
}

typedef struct sweep_tables {
    uint8_t *wins;    /* states: bit 0 without the wide criterion, bit 1 with it */
    int32_t *digits;  /* states x dims */
    int32_t *leads;   /* states: scratch */
    int32_t *reached; /* states that the other half reaches */
    double *all, *in; /* chance of the other half to be in each: in all, and with enough of the wide criterion */
    int32_t n_reached;
} sweep_tables;

static void find_states(sweep_tables *x, const ent__block_table *t)
{
    walk w = walk_from(t, -1);
    for (int64_t s = 0; s < t->block->states; s++, next_state(&w)) {
        x->wins[s] = (uint8_t)(ent__block_wins(t, w.digit, false) | ent__block_wins(t, w.digit, true) << 1);
        for (int32_t d = 0; d < w.dims; d++)
            x->digits[s * w.dims + d] = (int32_t)w.digit[d];
    }
}

static void find_reached(sweep_tables *x, const half *other, int64_t states)
{
    memset(x->all, 0, (size_t)states * sizeof(double));
    memset(x->in, 0, (size_t)states * sizeof(double));
    memset(x->leads, 0, (size_t)states * sizeof(int32_t));
    x->n_reached = 0;
    for (int64_t a = 0; a < other->subsets; a++) {
        int32_t s = other->state[a];
        x->all[s] += other->chance[a];
        if (x->leads[s] == 0)
            x->reached[x->n_reached++] = s;
        x->leads[s] = 1;
    }
}

/* The chance that the other half completes a subset whose state is `mine`. */
static double completes(const sweep_tables *x, const walk *w, int32_t mine)
{
    double chance = 0;
    const int32_t *digit = x->digits + (int64_t)mine * w->dims;
    for (int32_t r = 0; r < x->n_reached; r++) {
        int32_t theirs = x->reached[r];
        const int32_t *other = x->digits + (int64_t)theirs * w->dims;
        int64_t both = 0;
        for (int32_t d = 0; d < w->dims; d++) {
            int64_t sum = (int64_t)digit[d] + other[d];
            both += w->stride[d] * (sum < w->cap[d] ? sum : w->cap[d]);
        }
        uint8_t wins = x->wins[both];
        chance += wins & 1 ? x->all[theirs] : wins & 2 ? x->in[theirs] : 0;
    }
    return chance;
}

/* value[mask of mine] = the chance that the other half completes it. */
static void sweep(double *value, const half *mine, const half *other, const ent__block_table *t, sweep_tables *x)
{
    walk w = walk_from(t, -1);
    double need = t->need[t->block->wide];
    int64_t a = other->subsets - 1;
    find_reached(x, other, t->block->states);
    for (int64_t b = 0; b < mine->subsets; b++) {
        for (; a >= 0 && mine->sum[b] + other->sum[a] >= need; a--)
            x->in[other->state[other->mask[a]]] += other->chance[other->mask[a]];
        value[mine->mask[b]] = completes(x, &w, mine->state[mine->mask[b]]);
    }
}

/* Takes the units out one by one, the last first; then back for the derivatives. value holds 2 x subsets. */
static double contract(double *slope, double *value, double *back, const half *mine, const double *p)
{
    int64_t n = mine->subsets;
    double *at = value;
    for (int32_t j = mine->units - 1; j >= 0; j--) {
        double *to = at + n;
        n /= 2;
        for (int64_t b = 0; b < n; b++)
            to[b] = at[b] + p[mine->first + j] * (at[n + b] - at[b]);
        at = to;
    }
    double chance = at[0];
    back[0] = 1;
    for (int32_t j = 0; j < mine->units; j++) {
        double yes = p[mine->first + j], sum = 0;
        at -= 2 * n;
        for (int64_t b = 0; b < n; b++) {
            sum += back[b] * (at[n + b] - at[b]);
            back[n + b] = back[b] * yes;
            back[b] *= 1 - yes;
        }
        slope[mine->first + j] = sum;
        n *= 2;
    }
    return chance;
}

static size_t halves_bytes(const ent__block *block)
{
    int32_t a = block->units / 2, b = block->units - a;
    size_t states = (size_t)block->states, most = (size_t)1 << b;
    return half_bytes(a) + half_bytes(b) + round_up(states) + round_up(states * (size_t)block->dims * sizeof(int32_t)) +
           2 * round_up(states * sizeof(int32_t)) + 2 * round_up(states * sizeof(double)) +
           round_up(2 * most * sizeof(double)) + round_up(most * sizeof(double));
}

static double by_halves(double *slope, const double *p, const ent__block_table *t, void *memory)
{
    const ent__block *block = t->block;
    size_t states = (size_t)block->states, most = (size_t)1 << (block->units - block->units / 2);
    char *at = memory;
    half a, b;
    sweep_tables x = {0};
    half_take(&a, 0, block->units / 2, &at);
    half_take(&b, block->units / 2, block->units - block->units / 2, &at);
    x.wins = take(&at, states, 1);
    x.digits = take(&at, states * (size_t)block->dims, sizeof(int32_t));
    x.leads = take(&at, states, sizeof(int32_t));
    x.reached = take(&at, states, sizeof(int32_t));
    x.all = take(&at, states, sizeof(double));
    x.in = take(&at, states, sizeof(double));
    double *value = take(&at, 2 * most, sizeof(double)), *back = take(&at, most, sizeof(double));
    fill_half(&a, t, p, x.leads);
    fill_half(&b, t, p, x.leads);
    find_states(&x, t);
    sweep(value, &b, &a, t, &x);
    double chance = contract(slope, value, back, &b, p);
    sweep(value, &a, &b, t, &x);
    contract(slope, value, back, &a, p);
    return chance;
}

/* --- every set -------------------------------------------------------------------------------------------------- */

static size_t sets_bytes(const ent__block *block)
{
    size_t sets = (size_t)1 << block->units;
    return 3 * round_up(sets * sizeof(double));
}

static double by_sets(double *slope, const double *p, const ent__block_table *t, void *memory)
{
    half all = {.units = t->block->units, .subsets = (int64_t)1 << t->block->units};
    double *value = memory, *back = value + 2 * all.subsets;
    for (int64_t set = 0; set < all.subsets; set++)
        value[set] = ent__block_wins_set(t, set);
    return contract(slope, value, back, &all, p);
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

static size_t work_bytes(const ent__block *block)
{
    switch (block->way) {
    case ENT__BLOCK_TABLE:
        return ent__block_table_bytes(block) + table_bytes(block);
    case ENT__BLOCK_HALVES:
        return ent__block_table_bytes(block) + halves_bytes(block);
    case ENT__BLOCK_EACH:
        return ent__block_table_bytes(block) + sets_bytes(block);
    default:
        return 0;
    }
}

static double by_block(double *slope, const double *p, const ent_rule *rule, const ent__block *block, void *memory)
{
    if (block->way == ENT__BLOCK_ALL || block->way == ENT__BLOCK_ANY)
        return product(slope, p, block->units, block->way == ENT__BLOCK_ANY);
    ent__block_table table;
    void *rest = ent__block_table_fill(&table, rule, block, memory);
    return block->way == ENT__BLOCK_TABLE    ? by_table(slope, p, &table, rest)
           : block->way == ENT__BLOCK_HALVES ? by_halves(slope, p, &table, rest)
                                             : by_sets(slope, p, &table, rest);
}

/* What stays over all blocks: the units of each with dP(block) / dp(unit), and the chance of every unit. */
typedef struct kept {
    int32_t *unit;  /* parts */
    double *slope;  /* parts */
    int32_t *first; /* nodes + 1 */
    double *chance; /* members + nodes */
    double *total;  /* members + nodes: dP / dp */
    double *p;      /* parts: scratch, the chances of a block's units */
} kept;

static size_t kept_bytes(const ent_rule *rule)
{
    size_t parts = (size_t)rule->parts, nodes = (size_t)rule->nodes, all = (size_t)rule->members + nodes;
    return round_up(parts * sizeof(int32_t)) + 2 * round_up(parts * sizeof(double)) +
           round_up((nodes + 1) * sizeof(int32_t)) + 2 * round_up(all * sizeof(double));
}

static void *kept_take(kept *out, const ent_rule *rule, void *memory)
{
    size_t parts = (size_t)rule->parts, nodes = (size_t)rule->nodes, all = (size_t)rule->members + nodes;
    char *at = memory;
    out->unit = take(&at, parts, sizeof(int32_t));
    out->slope = take(&at, parts, sizeof(double));
    out->p = take(&at, parts, sizeof(double));
    out->first = take(&at, nodes + 1, sizeof(int32_t));
    out->chance = take(&at, all, sizeof(double));
    out->total = take(&at, all, sizeof(double));
    return at;
}

/* Every block from the first to the last. */
static void forward(kept *k, const ent_rule *rule, ent__block_scratch *scratch, void *memory)
{
    int32_t next = 0;
    for (int32_t node = 0; node < rule->nodes; node++) {
        k->first[node] = next;
        if (!scratch->alone[node])
            continue;
        ent__block block;
        ent__block_read(&block, rule, node, scratch);
        for (int32_t j = 0; j < block.units; j++) {
            k->unit[next + j] = block.unit[j];
            k->p[j] = k->chance[block.unit[j]];
        }
        k->chance[rule->members + node] = by_block(k->slope + next, k->p, rule, &block, memory);
        next += block.units;
    }
    k->first[rule->nodes] = next;
}

/* The chain rule, from the last block to the first. */
static void backward(kept *k, const ent_rule *rule)
{
    memset(k->total, 0, (size_t)(rule->members + rule->nodes) * sizeof(double));
    k->total[rule->members + rule->nodes - 1] = 1;
    for (int32_t node = rule->nodes - 1; node >= 0; node--)
        for (int32_t j = k->first[node]; j < k->first[node + 1]; j++)
            k->total[k->unit[j]] += k->total[rule->members + node] * k->slope[j];
}

static void undefine(double *chance, double *blocks, int32_t n)
{
    *chance = ENT_UNDEFINED;
    for (int32_t i = 0; blocks != NULL && i < n; i++)
        blocks[i] = ENT_UNDEFINED;
}

static inline double within(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

void ent_rule_chance(double *chance, double *blocks, const ent_rule *rule, const double *p, void *workspace)
{
    int32_t n = rule->members;
    for (int32_t i = 0; i < n; i++)
        if (!(p[i] >= 0 && p[i] <= 1)) {
            undefine(chance, blocks, n);
            return;
        }
    if (ent__rule_is_consensus(rule)) { /* the common case, by far */
        double *slope = blocks != NULL ? blocks : workspace;
        *chance = product(slope, p, n, false);
        for (int32_t i = 0; blocks != NULL && i < n; i++)
            blocks[i] = within(slope[i] * (1 - p[i]));
        return;
    }
    kept k;
    ent__block_scratch scratch;
    void *rest = kept_take(&k, rule, workspace);
    memcpy(k.chance, p, (size_t)n * sizeof(double));
    rest = ent__blocks_find(&scratch, rule, rest);
    forward(&k, rule, &scratch, rest);
    *chance = within(k.chance[n + rule->nodes - 1]);
    if (blocks == NULL)
        return;
    backward(&k, rule);
    for (int32_t i = 0; i < n; i++)
        blocks[i] = within((1 - p[i]) * k.total[i]);
}

/* --- limits ---------------------------------------------------------------------------------------------------------
 */

/* The most that any block needs, or SIZE_MAX with the message of one that does not fit. */
static size_t most_bytes(const ent_rule *rule, ent__block_scratch *scratch, ent_error *err)
{
    size_t most = 0;
    for (int32_t node = 0; node < rule->nodes; node++) {
        if (!scratch->alone[node])
            continue;
        ent__block block;
        ent__block_read(&block, rule, node, scratch);
        if (block.way == ENT__BLOCK_NONE) {
            ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0,
                           "the chance of criterion %d, with %d members and %d criteria over them, cannot be computed "
                           "exactly: it needs at most %d members, or whole weights of which at most %d sums up to the quotas differ",
                           (int)node + 1, (int)block.units, (int)block.criteria, ENT_CHANCE_MAX_MEMBERS,
                           ENT_CHANCE_MAX_CELLS / (block.units + 1));
            return SIZE_MAX;
        }
        size_t bytes = work_bytes(&block);
        most = bytes > most ? bytes : most;
    }
    return most;
}

static ent_status measure(size_t *bytes, const ent_rule *rule, ent_error *err)
{
    ent_status status = ENT_OK;
    void *memory = NULL;
    ent__block_scratch scratch;
    ENT_REQUIRE(rule != NULL, ENT_ERR_ARGUMENT, "a rule is needed, it is NULL");
    memory = ent__alloc(ent__block_scratch_bytes(rule), 1);
    ENT_REQUIRE(memory != NULL, ENT_ERR_MEMORY, "not enough memory to look at a rule");
    ent__blocks_find(&scratch, rule, memory);
    size_t most = most_bytes(rule, &scratch, err);
    status = most == SIZE_MAX ? ENT_ERR_LIMIT : ENT_OK;
    *bytes = kept_bytes(rule) + ent__block_scratch_bytes(rule) + most;
done:
    ent__free(memory);
    return status;
}

ent_status ent_rule_chance_check(const ent_rule *rule, ent_error *err)
{
    size_t bytes;
    return measure(&bytes, rule, err);
}

size_t ent_rule_chance_workspace(const ent_rule *rule)
{
    size_t bytes = 0;
    return measure(&bytes, rule, NULL) == ENT_OK ? bytes : 0;
}
