/* What must hold of every simple model whatever the numbers, on random issues. A failure names its seed, so that it can
 * be settled again alone. */
#include "core/random.h"
#include "settle_case.h"

#include <float.h>

enum { SEEDS = 4000 };

typedef struct dice {
    uint64_t seed, next;
} dice;
static double roll(dice *d)
{
    return ent__uniform(d->seed, 7, d->next++);
}
static int pick(dice *d, int n)
{
    return (int)(roll(d) * n);
}

/* An issue of up to 12 actors on a scale of its own. Half of all have coarse positions and weights, so that positions
 * are equal, halves tie and status quo and positions coincide; some actors have no weight. */
static settle_case random_issue(dice *d)
{
    settle_case c = {.n = 1 + (size_t)pick(d, 12)};
    c.low = pick(d, 3) == 0 ? 0 : 200 * roll(d) - 100;
    c.high = c.low + (pick(d, 3) == 0 ? 100 : 0.1 + 1000 * roll(d));
    double range = c.high - c.low;
    bool coarse = pick(d, 2) == 0;
    for (size_t i = 0; i < c.n; i++) {
        c.position[i] = c.low + range * (coarse ? pick(d, 6) / 5. : roll(d));
        c.position[i] = c.position[i] > c.high ? c.high : c.position[i];
        c.salience[i] = coarse ? (1 + pick(d, 4)) / 4. : roll(d);
        c.capability[i] = i > 0 && pick(d, 6) == 0 ? 0 : coarse ? 1 + pick(d, 3) : 10 * roll(d);
    }
    c.status_quo = pick(d, 4) == 0 ? c.position[0] : c.low + range * (coarse ? pick(d, 6) / 5. : roll(d));
    c.status_quo = c.status_quo > c.high ? c.high : c.status_quo;
    return c;
}

typedef struct variant {
    const ent_model *model;
    double option[CASE_OPTIONS];
    const char *name;
} variant;
static const variant VARIANT[] = {
    {&ent__model_compromise, {2}, "compromise"},
    {&ent__model_median, {2}, "median"},
    {&ent__model_mode, {1}, "mode"},
    {&ent__model_gravity, {2, 0.75}, "gravity"},
    {&ent__model_agenda, {2, 0, 0}, "agenda"},
    {&ent__model_agenda, {2, 0, 1}, "agenda, weighted"},
    {&ent__model_agenda, {2, 0, 2}, "agenda, consensus"},
    {&ent__model_condorcet, {2}, "condorcet"},
    {&ent__model_nash, {2, 1, 0}, "nash"},
    {&ent__model_nash, {1, 1, 0}, "nash, r = 1"},
    {&ent__model_nash, {1.5, 0.3, 0}, "nash, r = 1.5, loss = 0.3"},
    {&ent__model_nash, {3, 0, 0}, "nash, r = 3, loss = 0"},
    {&ent__model_nash, {2, 1, 1}, "nash against the status quo"},
    {&ent__model_nash, {1, 1, 1}, "nash against the status quo, r = 1"},
    {&ent__model_nash, {2.5, 1, 1}, "nash against the status quo, r = 2.5"},
};

static settle_answer play(settle_case *c, const variant *v)
{
    memcpy(c->option, v->option, sizeof c->option);
    settle_answer a = settle_it(c, v->model);
    if (a.status != ENT_OK)
        fail_msg("%s: %s", v->name, a.err.message);
    return a;
}

static void near(double got, double want, double tolerance, const variant *v, uint64_t seed, const char *what)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%s, seed %llu, %s: got %.17g, want %.17g within %g", v->name, (unsigned long long)seed, what, got,
                 want, tolerance);
}

/* Calls the check on SEEDS issues, each with its own dice. */
static void for_all(void (*check)(settle_case *, const variant *, uint64_t, dice *), bool (*applies)(const variant *))
{
    for (size_t k = 0; k < ENT_COUNT(VARIANT); k++)
        for (uint64_t seed = 1; seed <= SEEDS && (applies == NULL || applies(&VARIANT[k])); seed++) {
            dice d = {seed, 0};
            settle_case c = random_issue(&d);
            check(&c, &VARIANT[k], seed, &d);
        }
}

/* --- invariance ------------------------------------------------------------------------------------------ */

static void check_order(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    settle_answer a = play(c, v), b;
    settle_case other = *c;
    size_t from[CASE_MOST];
    for (size_t i = 0; i < c->n; i++)
        from[i] = i;
    for (size_t i = c->n; i-- > 1;) {
        size_t j = (size_t)pick(d, (int)i + 1), swap = from[i];
        from[i] = from[j];
        from[j] = swap;
    }
    for (size_t i = 0; i < c->n; i++) {
        other.position[i] = c->position[from[i]];
        other.salience[i] = c->salience[from[i]];
        other.capability[i] = c->capability[from[i]];
    }
    b = play(&other, v);
    near(b.outcome, a.outcome, 1e-9 * (c->high - c->low), v, seed, "reordered");
    for (size_t i = 0; i < c->n; i++) {
        near(b.utility[i], a.utility[from[i]], 1e-9, v, seed, "utility, reordered");
        near(b.gain[i], a.gain[from[i]], 1e-9, v, seed, "gain, reordered");
        if (v->model == &ent__model_condorcet)
            near(b.distribution[i], a.distribution[from[i]], 1e-9, v, seed, "distribution, reordered");
    }
}

static void check_capability(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    settle_answer a = play(c, v), b;
    double factor = ent__uniform(seed, 9, 0) * (pick(d, 2) ? 1e6 : 1e-6);
    for (size_t i = 0; i < c->n; i++)
        c->capability[i] *= factor;
    b = play(c, v);
    near(b.outcome, a.outcome, 1e-9 * (c->high - c->low), v, seed, "capabilities scaled");
    CHECK(a.stop == b.stop);
}

static void check_shift(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    settle_answer a = play(c, v), b;
    double shift = 500 * roll(d) - 250, range = c->high - c->low;
    c->low += shift, c->high += shift, c->status_quo += shift;
    for (size_t i = 0; i < c->n; i++) {
        c->position[i] += shift;
        c->position[i] = fmin(fmax(c->position[i], c->low), c->high);
    }
    c->status_quo = fmin(fmax(c->status_quo, c->low), c->high);
    b = play(c, v);
    near(b.outcome, a.outcome + shift, 1e-9 * range, v, seed, "shifted");
}

static void check_mirror(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    (void)d;
    settle_answer a = play(c, v), b;
    double sum = c->low + c->high;
    double low = -c->high, high = -c->low;
    for (size_t i = 0; i < c->n; i++)
        c->position[i] = -c->position[i];
    c->low = low, c->high = high, c->status_quo = -c->status_quo;
    b = play(c, v);
    near(b.outcome, -a.outcome, 1e-9 * (high - low), v, seed, "mirrored");
    for (size_t i = 0; i < c->n; i++)
        near(b.gain[i], a.gain[i], 1e-9, v, seed, "gain, mirrored");
    /* and about the middle of the scale, where rounding moves every position */
    for (size_t i = 0; i < c->n; i++)
        c->position[i] = fmin(fmax(sum + c->position[i], -high), -low);
    c->status_quo = fmin(fmax(sum + c->status_quo, -high), -low);
    c->low = -high, c->high = -low;
    b = play(c, v);
    near(b.outcome, sum - a.outcome, 1e-9 * (high - low), v, seed, "mirrored about the middle");
}

static void order_does_not_matter(void **state)
{
    (void)state;
    for_all(check_order, NULL);
}
static void the_unit_of_capability_does_not_matter(void **state)
{
    (void)state;
    for_all(check_capability, NULL);
}
static void a_shifted_scale_shifts_the_outcome(void **state)
{
    (void)state;
    for_all(check_shift, NULL);
}
static void a_mirrored_scale_mirrors_the_outcome(void **state)
{
    (void)state;
    for_all(check_mirror, NULL);
}

/* --- bounds ---------------------------------------------------------------------------------------------- */

static bool stays_within(const variant *v)
{
    return v->model != &ent__model_gravity && !(v->model == &ent__model_nash && v->option[2] == 1);
}

static void check_within(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    (void)d;
    double low = INFINITY, high = -INFINITY, x = play(c, v).outcome;
    for (size_t i = 0; i < c->n; i++) {
        low = fmin(low, c->position[i]);
        high = fmax(high, c->position[i]);
    }
    if (!(x >= low && x <= high))
        fail_msg("%s, seed %llu: %.17g is not in [%.17g, %.17g]", v->name, (unsigned long long)seed, x, low, high);
}

static void outcomes_lie_within_the_positions(void **state)
{
    (void)state;
    for_all(check_within, stays_within);
}

/* The status quo as disagreement: within the positions too, unless the status quo itself stands. */
static bool is_nash_against_status_quo(const variant *v)
{
    return v->model == &ent__model_nash && v->option[2] == 1;
}

static void check_status_quo(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    (void)d;
    settle_answer a = play(c, v);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        bool weighs = c->salience[i] * c->capability[i] > 0;
        low = weighs ? fmin(low, c->position[i]) : low;
        high = weighs ? fmax(high, c->position[i]) : high;
        if (weighs && !(a.gain[i] >= -1e-12))
            fail_msg("%s, seed %llu: actor %zu loses %g by what it accepted", v->name, (unsigned long long)seed, i,
                     -a.gain[i]);
    }
    bool between = c->status_quo >= low && c->status_quo <= high;
    CHECK(a.stop == (between ? ENT_STOP_STATUS_QUO : ENT_STOP_DONE));
    if (between)
        CHECK_SAME(a.outcome, c->status_quo);
    else
        CHECK(a.outcome >= low && a.outcome <= high);
}

static void nobody_accepts_a_loss(void **state)
{
    (void)state;
    for_all(check_status_quo, is_nash_against_status_quo);
}

/* --- nash ------------------------------------------------------------------------------------------------ */

static bool is_nash(const variant *v)
{
    return v->model == &ent__model_nash;
}

/* The sum that nash maximises, by the C library; minus infinity where somebody does not accept. */
static long double objective(const settle_case *c, double x)
{
    long double sum = 0, range = (long double)c->high - c->low, r = c->option[0];
    for (size_t i = 0; i < c->n; i++) {
        long double w = (long double)c->salience[i] * c->capability[i];
        long double u = -powl(fabsl((long double)x - c->position[i]) / range, r);
        long double against = c->option[2] == 1 ? -powl(fabsl((long double)c->status_quo - c->position[i]) / range, r)
                                                : -1 - (long double)c->option[1];
        if (w > 0)
            sum += u > against ? w * logl(u - against) : -INFINITY;
    }
    return sum;
}

static void check_best(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    settle_answer a = play(c, v);
    if (a.stop == ENT_STOP_STATUS_QUO)
        return;
    long double best = objective(c, a.outcome);
    for (int k = 0; k < 8; k++) {
        double off = (c->high - c->low) * pow(10, -6 * roll(d)) * (k % 2 ? 1 : -1);
        if (objective(c, a.outcome + off) > best + 1e-16L * fabsl(best))
            fail_msg("%s, seed %llu: %.17g is better than %.17g", v->name, (unsigned long long)seed, a.outcome + off,
                     a.outcome);
    }
}

static void nash_is_better_than_what_lies_beside_it(void **state)
{
    (void)state;
    for_all(check_best, is_nash);
}

/* Achen 2006: with quadratic utility, as the loss grows. The difference falls as 1 / L. */
static void nash_tends_to_the_compromise(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        dice d = {seed, 0};
        settle_case c = random_issue(&d);
        double range = c.high - c.low, compromise = play(&c, &VARIANT[0]).outcome, last = range;
        for (double loss = 1e2; loss <= 1e6; loss *= 1e2) {
            variant v = {&ent__model_nash, {2, loss, 0}, "nash"};
            double off = fabs(play(&c, &v).outcome - compromise);
            near(off, 0, range / loss + 1e-12 * range, &v, seed, "distance from the compromise");
            CHECK(off <= last + 1e-12 * range);
            last = off;
        }
    }
}

/* --- the others ------------------------------------------------------------------------------------------ */

/* With odd equal weights no point beats the median when each votes for the nearer (Black 1958). */
static void the_median_beats_every_other_point(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        dice d = {seed, 0};
        settle_case c = random_issue(&d);
        c.n = c.n % 2 == 0 ? c.n - 1 : c.n;
        for (size_t i = 0; i < c.n; i++)
            c.salience[i] = c.capability[i] = 1;
        double median = play(&c, &VARIANT[1]).outcome;
        for (int k = 0; k < 40; k++) {
            double rival = k < (int)c.n ? c.position[k] : c.low + (c.high - c.low) * roll(&d);
            size_t votes = 0;
            for (size_t i = 0; i < c.n; i++)
                votes += fabs(median - c.position[i]) < fabs(rival - c.position[i]);
            if (rival != median && 2 * votes <= c.n)
                fail_msg("seed %llu: %g has only %zu of %zu votes against %g", (unsigned long long)seed, median, votes,
                         c.n, rival);
        }
    }
}

static bool is_condorcet(const variant *v)
{
    return v->model == &ent__model_condorcet;
}

static void check_distribution(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    (void)d;
    settle_answer a = play(c, v);
    double sum = 0, mean = 0;
    for (size_t i = 0; i < c->n; i++) {
        CHECK(a.distribution[i] >= 0);
        sum += a.distribution[i];
        mean += a.distribution[i] * c->position[i];
        for (size_t j = 0; j < i; j++)
            if (c->position[i] == c->position[j])
                near(a.distribution[i], a.distribution[j], 0, v, seed, "the share of the same position");
    }
    near(sum, 1, 1e-13, v, seed, "sum of the distribution");
    near(mean, a.outcome, 1e-12 * (c->high - c->low + fabs(c->low)), v, seed, "mean of the distribution");
}

static void a_distribution_sums_to_one(void **state)
{
    (void)state;
    for_all(check_distribution, is_condorcet);
}

/* Those without weight may as well not be there (what they hold is still an option in the election). */
static bool ignores_the_weightless(const variant *v)
{
    return v->model != &ent__model_condorcet;
}

static void check_weightless(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    (void)d;
    settle_case kept = *c;
    kept.n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->capability[i] > 0) {
            kept.position[kept.n] = c->position[i];
            kept.salience[kept.n] = c->salience[i];
            kept.capability[kept.n++] = c->capability[i];
        }
    near(play(&kept, v).outcome, play(c, v).outcome, 1e-12 * (c->high - c->low), v, seed, "without the weightless");
}

static void weightless_actors_change_nothing(void **state)
{
    (void)state;
    for_all(check_weightless, ignores_the_weightless);
}

/* The same issue twice is the same bits, whatever was settled between. */
static void check_repeat(settle_case *c, const variant *v, uint64_t seed, dice *d)
{
    settle_answer a = play(c, v), b;
    settle_case other = random_issue(d);
    (void)play(&other, v);
    b = play(c, v);
    near(a.outcome, b.outcome, 0, v, seed, "again");
    CHECK(memcmp(a.gain, b.gain, sizeof a.gain) == 0);
}

static void settling_leaves_nothing_behind(void **state)
{
    (void)state;
    for_all(check_repeat, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(the_unit_of_capability_does_not_matter),
        cmocka_unit_test(a_shifted_scale_shifts_the_outcome),
        cmocka_unit_test(a_mirrored_scale_mirrors_the_outcome),
        cmocka_unit_test(outcomes_lie_within_the_positions),
        cmocka_unit_test(nobody_accepts_a_loss),
        cmocka_unit_test(nash_is_better_than_what_lies_beside_it),
        cmocka_unit_test(nash_tends_to_the_compromise),
        cmocka_unit_test(the_median_beats_every_other_point),
        cmocka_unit_test(a_distribution_sums_to_one),
        cmocka_unit_test(weightless_actors_change_nothing),
        cmocka_unit_test(settling_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
