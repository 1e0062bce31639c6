/* Power under one criterion of whole weights, for many members.
 *
 * Swings, exact: c(s) sets have the sum s, counted for s < q by integers of as many words as 2^n needs. With
 * C(s) = c(0) + .. + c(s), a member of weight w turns as many sets as
 *
 *     sum over q - w <= s < q of c_-i(s) = C(q - 1) - 2 C(q - 1 - w) + 2 C(q - 1 - 2 w) - ..
 *
 * because c_-i(s) = c(s) - c_-i(s - w). A quota above half is turned into its dual W - q + 1, which has the same
 * swings.
 *
 * Shapley-Shubik, by Owen's integral: when every other member is in with chance t, independently,
 *
 *     SS_i = integral from 0 to 1 of g_i(t) dt,    g_i(t) = P(q - w_i <= sum of the others < q)
 *
 * which is a polynomial in t. With f the distribution of the sum of all and F its running total,
 *
 *     g_i(t) = 1 / (1 - t) * sum over k >= 0 of (-t / (1 - t))^k [F(q - 1 - k w) - F(q - 1 - (k + 1) w)]
 *
 * stable for t <= 1/2; above, the dual at 1 - t has the same g_i. F is kept in two doubles, so that the differences
 * keep their digits. With t = 1 / (1 + exp(-x)) the trapezoid rule in x converges exponentially (the integrand is
 * analytic and falls off at both ends); the step is halved until nothing changes. Chernoff's bound says where all of it
 * lies: the g_i sum to dP/dt (Russo 1981), so what is left out is P(win) at the lower end and P(lose) at the upper.
 * Exact integers by size and sum would need n as much room and time as the distribution; the integral needs some forty
 * of it.
 *
 * Sources: Owen 1972, 1975; Leech 2003 (large games). */
#include "vote/power.h"

#include "core/elementary.h"

#include <math.h>
#include <string.h>

enum { MOST_BYTES = 1 << 29, NODES = 18, HALVINGS = 12 };
static const double MOST_WORK = 3e10; /* word additions of counting swings */
static const double LEFT_OUT = 41;    /* exp(-41) = 1.6e-18 of the integral */
static const double NOTHING = 1e-30;  /* a chance below this is dropped: together far below 1e-18 */

/* Members by kind: those of one weight have the same power. Ascending. */
typedef struct kinds {
    int32_t n, kinds;
    int64_t *sorted; /* n weights, ascending */
    int64_t *weight; /* kinds, without 0 */
    int64_t quota, total;
} kinds;

static bool find_kinds(kinds *out, const ent__game *game)
{
    int32_t n = game->players;
    *out = (kinds){.n = n, .quota = game->need[0]};
    out->sorted = ent__alloc((size_t)n, sizeof *out->sorted);
    out->weight = ent__alloc((size_t)n, sizeof *out->weight);
    if (out->sorted == NULL || out->weight == NULL)
        return false;
    memcpy(out->sorted, game->weight, (size_t)n * sizeof *out->sorted);
    for (int32_t gap = n / 2; gap > 0; gap /= 2)
        for (int32_t i = gap; i < n; i++) {
            int64_t moving = out->sorted[i];
            int32_t at = i;
            for (; at >= gap && out->sorted[at - gap] > moving; at -= gap)
                out->sorted[at] = out->sorted[at - gap];
            out->sorted[at] = moving;
        }
    for (int32_t i = 0; i < n; i++) {
        out->total += out->sorted[i];
        if (out->sorted[i] > 0 && (out->kinds == 0 || out->weight[out->kinds - 1] != out->sorted[i]))
            out->weight[out->kinds++] = out->sorted[i];
    }
    return true;
}

static int32_t kind_of(const kinds *k, int64_t weight)
{
    int32_t low = 0, high = k->kinds - 1;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (k->weight[middle] < weight)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool ent__large_fits(const ent__game *game)
{
    int64_t total = 0;
    if (game->criteria != 1 || !game->whole || game->outer != 0)
        return false;
    for (int32_t i = 0; i < game->players; i++)
        total += game->weight[i];
    return (double)total <= ENT_POWER_MAX_SUM;
}

/* --- integers of many words --------------------------------------------------------------------------------------- */

static inline void wide_add(uint64_t *to, const uint64_t *x, int32_t words)
{
    uint64_t carry = 0;
    for (int32_t k = 0; k < words; k++) {
        uint64_t sum = to[k] + x[k], over = sum < x[k];
        to[k] = sum + carry;
        carry = over | (uint64_t)(to[k] < carry);
    }
}

static inline void wide_subtract(uint64_t *from, const uint64_t *x, int32_t words)
{
    uint64_t borrow = 0;
    for (int32_t k = 0; k < words; k++) {
        uint64_t rest = from[k] - x[k], under = from[k] < x[k];
        from[k] = rest - borrow;
        borrow = under | (uint64_t)(rest < borrow);
    }
}

/* The number of bits that x takes. */
static int32_t wide_bits(const uint64_t *x, int32_t words)
{
    int32_t top = words - 1, bits = 64;
    while (top > 0 && x[top] == 0)
        top--;
    while (bits > 0 && (x[top] >> (bits - 1)) == 0)
        bits--;
    return 64 * top + bits;
}

/* x / 2^bits */
static double wide_ratio(const uint64_t *x, int32_t words, int32_t bits)
{
    double ratio = 0;
    for (int32_t k = 0; k < words; k++)
        ratio += ldexp((double)x[k], 64 * k - bits);
    return ratio;
}

/* x / 10^9, and what is left over. */
static uint32_t wide_divide(uint64_t *x, int32_t words)
{
    const uint64_t by = 1000000000;
    uint64_t rest = 0;
    for (int32_t k = words - 1; k >= 0; k--) {
        uint64_t high = rest << 32 | x[k] >> 32, low = (high % by) << 32 | (x[k] & 0xffffffff);
        x[k] = (high / by) << 32 | low / by;
        rest = low % by;
    }
    return (uint32_t)rest;
}

/* In decimals; x is used up. */
static char *wide_text(uint64_t *x, int32_t words, ent__arena *arena)
{
    size_t most = (size_t)words * 20 + 20, at = most - 1, first = at;
    char *text = ent__arena_alloc(arena, most, 1);
    if (text == NULL)
        return NULL;
    for (int32_t top = words; top > 0;) {
        uint32_t rest = wide_divide(x, top);
        for (int digit = 0; digit < 9; digit++, rest /= 10)
            text[--at] = (char)('0' + rest % 10);
        while (top > 0 && x[top - 1] == 0)
            top--;
    }
    while (at < first - 1 && text[at] == '0')
        at++;
    return text + at;
}

/* --- swings ----------------------------------------------------------------------------------------------------------
 */

typedef struct tally {
    uint64_t *count; /* sums x words, running totals in the end */
    int64_t sums;    /* 0 .. sums - 1 */
    int32_t words;
} tally;

/* Another word for every sum: 64 members more may fill one. From the last to the first, since rows only move up. */
static void widen(tally *t)
{
    int32_t from = t->words, to = from + 1;
    for (int64_t s = t->sums - 1; s >= 0; s--) {
        memmove(t->count + s * to, t->count + s * from, (size_t)from * sizeof *t->count);
        t->count[s * to + from] = 0;
    }
    t->words = to;
}

static bool tally_sums(tally *t, const kinds *k, int64_t quota)
{
    int32_t words = (k->n + 64) / 64;
    int64_t reach = 0;
    *t = (tally){.sums = quota, .words = 1};
    if ((double)quota * words * (double)k->n > MOST_WORK || (double)quota * words * 8 > MOST_BYTES)
        return false;
    t->count = ent__alloc((size_t)quota, (size_t)words * sizeof *t->count);
    if (t->count == NULL)
        return false;
    t->count[0] = 1;
    for (int32_t i = 0; i < k->n; i++) {
        int64_t w = k->sorted[i];
        if (i + 1 >= 64 * t->words)
            widen(t);
        reach = reach + w < quota - 1 ? reach + w : quota - 1;
        for (int64_t s = reach; s >= w; s--)
            wide_add(t->count + s * t->words, t->count + (s - w) * t->words, t->words);
    }
    for (int64_t s = 1; s < quota; s++)
        wide_add(t->count + s * t->words, t->count + (s - 1) * t->words, t->words);
    return true;
}

static void swings_of(uint64_t *out, const tally *t, int64_t weight)
{
    memcpy(out, t->count + (t->sums - 1) * t->words, (size_t)t->words * sizeof *out);
    bool minus = true;
    for (int64_t s = t->sums - 1 - weight; s >= 0; s -= weight, minus = !minus)
        for (int twice = 0; twice < 2; twice++)
            (minus ? wide_subtract : wide_add)(out, t->count + s * t->words, t->words);
}

/* Exact swings and winning sets; false where that is too much. */
static bool count_swings(ent__large_result *out, const ent__game *game, const kinds *k, ent__arena *arena)
{
    bool dual = 2 * k->quota > k->total + 1;
    int64_t quota = dual ? k->total - k->quota + 1 : k->quota;
    tally t;
    if (!tally_sums(&t, k, quota)) {
        ent__free(t.count);
        return false;
    }
    uint64_t *x = ent__arena_alloc(arena, (size_t)t.words, sizeof *x);
    const char **text = ent__arena_alloc(arena, (size_t)k->kinds + 1, sizeof *text);
    double *ratio = ent__arena_alloc(arena, (size_t)k->kinds + 1, sizeof *ratio);
    double *prevent = ent__arena_alloc(arena, (size_t)k->kinds + 1, sizeof *prevent);
    bool fine = x != NULL && text != NULL && ratio != NULL && prevent != NULL;
    if (fine) {
        memset(x, 0, (size_t)t.words * sizeof *x);
        if (!dual)
            x[k->n / 64] = (uint64_t)1 << k->n % 64; /* all sets, less those below the quota */
        (dual ? wide_add : wide_subtract)(x, t.count + (quota - 1) * t.words, t.words);
        int32_t bits = wide_bits(x, t.words); /* of the winning sets: what shares of them are taken of */
        double winning = wide_ratio(x, t.words, bits);
        out->act = wide_ratio(x, t.words, k->n);
        out->winning = wide_text(x, t.words, arena);
        for (int32_t j = 0; j < k->kinds; j++) {
            swings_of(x, &t, k->weight[j]);
            ratio[j] = wide_ratio(x, t.words, k->n - 1);
            prevent[j] = wide_ratio(x, t.words, bits) / winning;
            text[j] = wide_text(x, t.words, arena);
            fine = fine && text[j] != NULL;
        }
        for (int32_t i = 0; i < k->n; i++) {
            int32_t j = kind_of(k, game->weight[i]);
            out->swings[i] = game->weight[i] > 0 ? text[j] : "0";
            out->ratio[i] = game->weight[i] > 0 ? ratio[j] : 0;
            out->prevent[i] = game->weight[i] > 0 ? prevent[j] : 0;
        }
    }
    ent__free(t.count);
    return fine && out->winning != NULL;
}

/* --- the distribution of the sum
 * ------------------------------------------------------------------------------------------ */

typedef struct sums {
    double *f, *other;  /* quota: chances of the sums below it */
    double *high, *low; /* quota: running totals, in two parts */
} sums;

/* Chances of all sums below the quota when each member is in with chance t; those below NOTHING are dropped. */
static void distribute(sums *d, const kinds *k, int64_t quota, double t)
{
    int64_t first = 0, last = 0;
    d->f[0] = 1;
    for (int32_t i = 0; i < k->n; i++) {
        int64_t w = k->sorted[i], end = last + w < quota - 1 ? last + w : quota - 1;
        const double *restrict f = d->f;
        double *restrict to = d->other;
        int64_t s = first, keep = last < end ? last : end;
        for (; s <= keep && s < first + w; s++)
            to[s] = (1 - t) * f[s];
        for (; s < first + w && s <= end; s++)
            to[s] = 0;
        for (; s <= keep; s++)
            to[s] = (1 - t) * f[s] + t * f[s - w];
        for (; s <= end; s++)
            to[s] = t * f[s - w];
        d->other = d->f;
        d->f = to;
        last = end;
        while (first < last && to[first] < NOTHING)
            first++;
        while (last > first && to[last] < NOTHING)
            last--;
    }
    double high = 0, low = 0;
    for (int64_t s = 0; s < quota; s++) {
        double x = s >= first && s <= last ? d->f[s] : 0, sum = high + x, part = sum - high;
        low += (high - (sum - part)) + (x - part);
        high = sum;
        d->high[s] = high;
        d->low[s] = low;
    }
}

static inline double between(const sums *d, int64_t from, int64_t to) /* chance of sums in (from, to] */
{
    double high = from >= 0 ? d->high[from] : 0, low = from >= 0 ? d->low[from] : 0;
    return (d->high[to] - high) + (d->low[to] - low);
}

/* g_i(t) of each kind; t <= 1/2. */
static void pivotal(double *g, const sums *d, const kinds *k, int64_t quota, double t)
{
    double ratio = -t / (1 - t);
    for (int32_t j = 0; j < k->kinds; j++) {
        double sum = 0, factor = 1 / (1 - t);
        int64_t w = k->weight[j];
        for (int64_t s = quota - 1; s >= 0 && fabs(factor) > NOTHING; s -= w, factor *= ratio)
            sum += factor * between(d, s - w, s);
        g[j] = sum > 0 ? sum : 0;
    }
}

static double chance_at(double x)
{
    return 1 / (1 + ent_exp(-x));
}

/* Adds g_i t (1 - t) at the nodes first, first + step, .. up to last. */
static void add_nodes(double *value, double *g, sums *d, const kinds *k, double first, double last, double step)
{
    for (int32_t node = 0; first + node * step <= last; node++) {
        double x = first + node * step, t = chance_at(-fabs(x)), slope = t * chance_at(fabs(x));
        int64_t quota = x > 0 ? k->total - k->quota + 1 : k->quota;
        distribute(d, k, quota, t);
        pivotal(g, d, k, quota, t);
        for (int32_t j = 0; j < k->kinds; j++)
            value[j] += g[j] * slope;
    }
}

/* --- where the integral lies
 * ------------------------------------------------------------------------------------------------ */

static double soft_plus(double y)
{
    return y > 0 ? y + ent_log1p(ent_exp(-y)) : ent_log1p(ent_exp(y));
}

/* Chernoff: - log P(sum >= quota) is at least this, when each is in with chance t of x. */
static double improbability(const kinds *k, int64_t quota, double x)
{
    double low = 0, high = 1.0 / (double)k->total, log_chance = 0;
    for (int step = 0; step < 60; step++) {
        double theta = step < 20 ? high : (low + high) / 2, mean = 0;
        for (int32_t i = 0; i < k->n; i++)
            mean += (double)k->sorted[i] * chance_at(x + theta * (double)k->sorted[i]);
        if (mean < (double)quota) {
            low = theta;
            high = step < 20 ? 2 * high : high;
        } else if (step < 20)
            step = 19;
        else
            high = theta;
    }
    for (int32_t i = 0; i < k->n; i++)
        log_chance += soft_plus(x + low * (double)k->sorted[i]) - soft_plus(x);
    return low * (double)quota - log_chance;
}

/* The x below which reaching the quota is as good as impossible. */
static double lower_end(const kinds *k, int64_t quota)
{
    double low = -100, high = 100;
    for (int step = 0; step < 16; step++) {
        double x = (low + high) / 2;
        if (improbability(k, quota, x) > LEFT_OUT)
            low = x;
        else
            high = x;
    }
    return low;
}

/* --- all together
 * -------------------------------------------------------------------------------------------------------------- */

static double sum_over(const ent__game *game, const kinds *k, const double *value)
{
    double sum = 0;
    for (int32_t i = 0; i < k->n; i++)
        sum += game->weight[i] > 0 ? value[kind_of(k, game->weight[i])] : 0;
    return sum;
}

static void integrate(double *value, double *nodes, double *g, sums *d, const ent__game *game, const kinds *k)
{
    double first = lower_end(k, k->quota), last = -lower_end(k, k->total - k->quota + 1), step = (last - first) / NODES;
    memset(nodes, 0, (size_t)k->kinds * sizeof *nodes);
    add_nodes(nodes, g, d, k, first, last + step / 2, step);
    for (int32_t j = 0; j < k->kinds; j++)
        value[j] = nodes[j] * step;
    for (int halving = 0; halving < HALVINGS; halving++) {
        double worst = 0;
        add_nodes(nodes, g, d, k, first + step / 2, last, step);
        step /= 2;
        for (int32_t j = 0; j < k->kinds; j++) {
            double now = nodes[j] * step, change = fabs(now - value[j]) / (now + 1e-12);
            worst = change > worst ? change : worst;
            value[j] = now;
        }
        /* The error falls at least as its square from halving to halving. */
        if (worst < 1e-7 && fabs(sum_over(game, k, value) - 1) < 1e-11)
            break;
    }
}

/* Swings as shares of 2^(n - 1), where they were not counted: the same at t = 1/2. */
static void halfway(ent__large_result *out, double *g, sums *d, const ent__game *game, const kinds *k)
{
    bool dual = 2 * k->quota > k->total + 1;
    int64_t quota = dual ? k->total - k->quota + 1 : k->quota;
    distribute(d, k, quota, 0.5);
    pivotal(g, d, k, quota, 0.5);
    double below = between(d, -1, quota - 1);
    out->act = dual ? below : 1 - below;
    for (int32_t i = 0; i < k->n; i++)
        out->ratio[i] = game->weight[i] > 0 ? g[kind_of(k, game->weight[i])] : 0;
}

static bool take_sums(sums *d, const kinds *k)
{
    int64_t most = k->quota > k->total - k->quota + 1 ? k->quota : k->total - k->quota + 1;
    double **array[] = {&d->f, &d->other, &d->high, &d->low};
    bool enough = true;
    for (size_t a = 0; a < ENT_COUNT(array); a++) {
        *array[a] = ent__alloc((size_t)most, sizeof(double));
        enough = enough && *array[a] != NULL;
    }
    return enough;
}

ent_status ent__large(ent__large_result *out, const ent__game *game, ent__arena *arena)
{
    ent_status status = ENT_ERR_MEMORY;
    kinds k;
    sums d = {0};
    bool fine = find_kinds(&k, game) && take_sums(&d, &k);
    double *value = ent__alloc(3 * (size_t)game->players, sizeof *value);
    if (fine && value != NULL) {
        double *nodes = value + game->players, *g = nodes + game->players;
        if (!count_swings(out, game, &k, arena)) {
            out->winning = NULL;
            out->swings = NULL;
            halfway(out, g, &d, game, &k);
        }
        integrate(value, nodes, g, &d, game, &k);
        for (int32_t i = 0; i < k.n; i++)
            out->value[i] = game->weight[i] > 0 ? value[kind_of(&k, game->weight[i])] : 0;
        status = ENT_OK;
    }
    ent__free(k.sorted);
    ent__free(k.weight);
    ent__free(d.f);
    ent__free(d.other);
    ent__free(d.high);
    ent__free(d.low);
    ent__free(value);
    return status;
}
