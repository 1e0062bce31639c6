/* The least costly pull of an actor's levers that reaches a goal.
 *
 * A pull is a vector of amounts; not pulled is undefined. For each block of 64 draws the scenario runs once as it stands
 * and what follows from an actor's levers runs again for each pull (plan/rerun.c): the same draws, the same weights.
 * With h the claim (or quantity) under a pull, h0 as it stands and w the weights of what is known,
 *     value = sum w h / sum w,   change error = sqrt(sum w^2 (h - h0 - change)^2) / sum w.
 * First every lever alone at nine amounts and, where an actor has several, all of them at their ends; the cheapest that
 * reaches the goal is then drawn back towards rest by steps that are halved (Hooke & Jeeves 1961). */
#include "entente/levers.h"

#include "core/elementary.h"
#include "ensemble/parallel.h"
#include "findings/target.h"

#include <string.h>

enum { L = ENT__LANES, AMOUNTS = 9, MOST_ENDS = 4, DEFAULT_DRAWS = 512 };

typedef struct sums { /* of one pull and goal over some draws; d = h - h0 */
    double w, wh, ww, wwh, wwhh, wd, wwd, wwdd;
} sums;

typedef struct outcome { double value, error, change_error; } outcome;

typedef struct way {
    bool found;
    double *amount; /* [n_levers] */
    double cost;
    outcome got;
} way;

typedef struct hand { ent__machine *machine; double *kept; ent__redo *redo; } hand;

struct ent_levers {
    const ent_plan *plan;
    ent__arena *arena;
    ent__target *target;
    ent_goal_view *goal;
    int32_t n_goals, n_actors;
    int32_t *actor_first;    /* [n_actors] its first lever, as an example of it */
    way *way;                /* [n_goals][n_actors] */
    outcome *now;            /* [n_goals] */
    uint64_t seed;
    int64_t draws;
    double effective_draws;
};

typedef struct study {
    ent_levers *out;
    ent__program *program;
    ent_run_options run;     /* jobs and progress */
    hand *hands;
    int32_t n_hands;
    int64_t n_blocks;
    /* the pulls being tried: of one actor */
    ent__rerun *rerun;
    const int32_t *lever;    /* his levers */
    int32_t n_levers, n_pulls;
    const double *pull;      /* [n_pulls][n_levers] */
    sums *block;             /* [n_blocks][1 + n_pulls][n_goals]; the first is as it stands */
} study;

/* --- trying pulls --------------------------------------------------------------------------------- */

static void add_lanes(sums *to, const double *h, const double *h0, const double *weight, int32_t lanes)
{
    for (int32_t l = 0; l < lanes; l++) {
        double w = weight[l], x = h[l];
        if (x != x || w == 0)
            continue;
        double d = h0[l] == h0[l] ? x - h0[l] : 0;
        to->w += w;
        to->wh += w * x;
        to->ww += w * w;
        to->wwh += w * w * x;
        to->wwhh += w * w * x * x;
        to->wd += w * d;
        to->wwd += w * w * d;
        to->wwdd += w * w * d * d;
    }
}

static void run_hand(const study *s, hand *h, int64_t block)
{
    const ent_levers *out = s->out;
    size_t goals = (size_t)out->n_goals;
    int64_t first = block * L, left = out->draws - first;
    int32_t lanes = (int32_t)(left < L ? left : L);
    sums *to = s->block + (size_t)block * (size_t)(1 + s->n_pulls) * goals;
    double weight[L], h0[L], x[L];
    memset(to, 0, (size_t)(1 + s->n_pulls) * goals * sizeof *to);
    ent__machine_run(h->machine, first, lanes);
    ent__target_weights(weight, h->machine);
    for (size_t g = 0; g < goals; g++) {
        ent__target_values(h0, h->machine, &out->target[g], ENT_ARM_WITH);
        add_lanes(&to[g], h0, h0, weight, lanes);
    }
    if (s->rerun == NULL)
        return;
    double *stood = h->kept + (size_t)s->rerun->n_slots * L;
    for (size_t g = 0; g < goals; g++)
        ent__target_values(stood + g * L, h->machine, &out->target[g], ENT_ARM_WITH);
    ent__rerun_keep(s->rerun, h->machine, h->kept);
    for (int32_t p = 0; p < s->n_pulls; p++) {
        for (int32_t l = 0; l < s->n_levers; l++)
            h->redo[l] = (ent__redo){.kind = ENT__REDO_VALUE, .value = s->pull[p * s->n_levers + l]};
        ent__rerun_run(s->rerun, h->machine, h->redo, first, lanes);
        for (size_t g = 0; g < goals; g++) {
            ent__target_values(x, h->machine, &out->target[g], ENT_ARM_WITH);
            add_lanes(&to[(size_t)(1 + p) * goals + g], x, stood + g * L, weight, lanes);
        }
    }
    ent__rerun_restore(s->rerun, h->machine, h->kept); /* constants stay as they are for the next block */
}

typedef struct job { const study *study; hand *hand; } job;
static void run_job(void *payload, int64_t block)
{
    const job *j = payload;
    run_hand(j->study, j->hand, block);
}

static double spread(double ww, double wwx, double wwxx, double mean, double w)
{
    double square = wwxx - 2 * mean * wwx + mean * mean * ww;
    return w > 0 ? ent_sqrt(square > 0 ? square : 0) / w : ENT_UNDEFINED;
}

static outcome outcome_of(const study *s, int32_t pull, int32_t goal)
{
    sums all = {0};
    size_t goals = (size_t)s->out->n_goals, row = (size_t)(1 + s->n_pulls) * goals, at = (size_t)pull * goals + (size_t)goal;
    for (int64_t b = 0; b < s->n_blocks; b++) {
        const sums *x = &s->block[(size_t)b * row + at];
        all.w += x->w;
        all.wh += x->wh;
        all.ww += x->ww;
        all.wwh += x->wwh;
        all.wwhh += x->wwhh;
        all.wd += x->wd;
        all.wwd += x->wwd;
        all.wwdd += x->wwdd;
    }
    if (!(all.w > 0))
        return (outcome){ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED};
    double mean = all.wh / all.w;
    return (outcome){mean, spread(all.ww, all.wwh, all.wwhh, mean, all.w), spread(all.ww, all.wwd, all.wwdd, all.wd / all.w, all.w)};
}

/* Tries pulls of one actor's levers (or none: how things stand); got[n_pulls][n_goals], or NULL. */
static ent_status try_pulls(study *s, const double *pull, int32_t n_pulls, outcome *got, ent_error *err)
{
    ent_status status = ENT_OK;
    job jobs[64];
    void *hands[64];
    s->pull = pull;
    s->n_pulls = n_pulls;
    ent__free(s->block);
    s->block = ent__alloc((size_t)s->n_blocks * (size_t)(1 + n_pulls) * (size_t)s->out->n_goals, sizeof *s->block);
    ENT_REQUIRE(s->block != NULL, ENT_ERR_MEMORY, "not enough memory to try %d pulls", n_pulls);
    for (int32_t i = 0; i < s->n_hands; i++) {
        if (s->rerun != NULL) {
            ent__free(s->hands[i].kept);
            ent__free(s->hands[i].redo);
            s->hands[i].kept = ent__alloc(((size_t)s->rerun->n_slots + (size_t)s->out->n_goals) * L, sizeof(double));
            s->hands[i].redo = ent__alloc((size_t)s->n_levers, sizeof(ent__redo));
            ENT_REQUIRE(s->hands[i].kept && s->hands[i].redo, ENT_ERR_MEMORY, "not enough memory to try %d pulls", n_pulls);
        }
        jobs[i] = (job){s, &s->hands[i]};
        hands[i] = &jobs[i];
    }
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->n_blocks, run_job, &s->run), ENT_ERR_INTERRUPTED, "stopped before all pulls were tried");
    for (int32_t p = 0; p < n_pulls; p++)
        for (int32_t g = 0; g < s->out->n_goals; g++)
            got[(size_t)p * (size_t)s->out->n_goals + (size_t)g] = outcome_of(s, 1 + p, g);
done:
    return status;
}

/* --- searching ------------------------------------------------------------------------------------ */

static double rest_of(const ent__plan_lever *lever)
{
    return lever->low > 0 ? lever->low : lever->high < 0 ? lever->high : 0;
}

static double cost_of(const study *s, const double *pull)
{
    double cost = 0;
    for (int32_t l = 0; l < s->n_levers; l++) {
        const ent__plan_lever *lever = &s->out->plan->levers[s->lever[l]];
        double moved = pull[l] == pull[l] ? pull[l] - rest_of(lever) : 0;
        cost += lever->unit_cost * (moved < 0 ? -moved : moved);
    }
    return cost;
}

static bool reaches(const ent_goal_view *goal, double value)
{
    return goal->at_least ? value >= goal->threshold : value <= goal->threshold; /* false where undefined */
}

static bool nearer(const ent_goal_view *goal, double value, double than)
{
    return value == value && (than != than || (goal->at_least ? value > than : value < than));
}

/* Each lever alone at AMOUNTS amounts; several together at all their ends. Returns how many. */
static int32_t first_pulls(const study *s, double *pull)
{
    int32_t n = s->n_levers, made = 0;
    for (int32_t l = 0; l < n; l++)
        for (int32_t a = 0; a < AMOUNTS; a++, made++)
            for (int32_t k = 0; k < n; k++) {
                const ent__plan_lever *lever = &s->out->plan->levers[s->lever[k]];
                pull[made * n + k] = k == l ? lever->low + (lever->high - lever->low) * a / (AMOUNTS - 1) : ENT_UNDEFINED;
            }
    for (int32_t ends = 0; n > 1 && ends < 1 << (n < MOST_ENDS ? n : MOST_ENDS); ends++, made++)
        for (int32_t k = 0; k < n; k++) { /* levers beyond the fourth go with the fourth */
            const ent__plan_lever *lever = &s->out->plan->levers[s->lever[k]];
            pull[made * n + k] = ends >> (k < MOST_ENDS ? k : MOST_ENDS - 1) & 1 ? lever->high : lever->low;
        }
    return made;
}

/* Takes a pull for a goal where it is the first to reach it, a cheaper one, or the nearest so far. */
static void consider(const study *s, way *w, int32_t goal, const double *pull, outcome got)
{
    const ent_goal_view *g = &s->out->goal[goal];
    bool found = reaches(g, got.value);
    double cost = cost_of(s, pull);
    if (w->found ? !found || cost >= w->cost : !found && !nearer(g, got.value, w->got.value))
        return;
    w->found = found;
    w->cost = cost;
    w->got = got;
    for (int32_t l = 0; l < s->n_levers; l++)
        w->amount[s->lever[l]] = pull[l];
}

/* From what was found for each goal: every lever drawn back by a step; cheaper ones that still reach it are taken. */
static ent_status draw_back(study *s, way *const *w, double step, double *pull, outcome *got, bool *cheaper, ent_error *err)
{
    int32_t n = s->n_levers, made = 0;
    *cheaper = false;
    for (int32_t g = 0; g < s->out->n_goals; g++)
        for (int32_t l = 0; l < n && w[g]->found; l++) {
            const ent__plan_lever *lever = &s->out->plan->levers[s->lever[l]];
            double amount = w[g]->amount[s->lever[l]], rest = rest_of(lever), by = step * (lever->high - lever->low);
            if (amount != amount || amount == rest)
                continue;
            for (int32_t k = 0; k < n; k++)
                pull[made * n + k] = w[g]->amount[s->lever[k]];
            double back = amount > rest ? amount - by : amount + by;
            pull[made++ * n + l] = (amount > rest) == (back > rest) ? back : rest;
        }
    if (made == 0)
        return ENT_OK;
    ent_status status = try_pulls(s, pull, made, got, err);
    for (int32_t p = 0; p < made && status == ENT_OK; p++)
        for (int32_t g = 0; g < s->out->n_goals; g++) { /* what is tried for one goal may serve another */
            double before = w[g]->cost;
            if (w[g]->found)
                consider(s, w[g], g, pull + (size_t)p * (size_t)n, got[(size_t)p * (size_t)s->out->n_goals + (size_t)g]);
            *cheaper = *cheaper || w[g]->cost < before;
        }
    return status;
}

static ent_status search_actor(study *s, int32_t actor, const int32_t *lever, int32_t n_levers, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_levers *out = s->out;
    size_t goals = (size_t)out->n_goals, n = (size_t)n_levers, most = n * (AMOUNTS + goals) + (1u << MOST_ENDS);
    double *pull = ent__alloc(most * n, sizeof *pull);
    outcome *got = ent__alloc(most * goals, sizeof *got);
    way **w = ent__alloc(goals, sizeof *w);
    int32_t *cell = ent__alloc(n, sizeof *cell);
    ENT_REQUIRE(pull && got && w && cell, ENT_ERR_MEMORY, "not enough memory to search %zu levers", n);
    s->lever = lever;
    s->n_levers = n_levers;
    for (size_t l = 0; l < n; l++)
        cell[l] = out->plan->levers[lever[l]].cell;
    for (size_t g = 0; g < goals; g++)
        w[g] = &out->way[g * (size_t)out->n_actors + (size_t)actor];
    ENT_TRY(ent__rerun_create(&s->rerun, s->program, cell, n_levers, err));
    int32_t made = first_pulls(s, pull);
    ENT_TRY(try_pulls(s, pull, made, got, err));
    for (int32_t p = 0; p < made; p++)
        for (size_t g = 0; g < goals; g++)
            if (!out->goal[g].met)
                consider(s, w[g], (int32_t)g, pull + (size_t)p * n, got[(size_t)p * goals + g]);
    /* Alone, the amounts tried lie 1/8 apart; several together come from their ends, and each step may serve each lever. */
    for (double step = n_levers > 1 ? 0.5 : 0.5 / (AMOUNTS - 1); step >= 1.0 / 64; step /= 2) {
        bool cheaper = true;
        for (int32_t again = 0; again < n_levers && cheaper; again++)
            ENT_TRY(draw_back(s, w, step, pull, got, &cheaper, err));
    }
    for (size_t g = 0; g < goals; g++)
        if (!w[g]->found && !out->goal[g].met) /* the best that was reached is told; it costs nothing to do nothing */
            w[g]->cost = ENT_UNDEFINED;
done:
    ent__rerun_free(s->rerun);
    s->rerun = NULL;
    ent__free(pull);
    ent__free(got);
    ent__free(w);
    ent__free(cell);
    return status;
}

/* --- the study ------------------------------------------------------------------------------------ */

static ent_status read_goals(ent_levers *out, const ent_levers_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    if (options->n_goals == 0) {
        out->target = ent__targets_main(&out->n_goals, out->plan, out->arena);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the goals");
        while (out->n_goals > 0 && !out->target[out->n_goals - 1].is_claim)
            out->n_goals--;
    } else {
        out->target = ent__arena_alloc(out->arena, options->n_goals, sizeof *out->target);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the goals");
        out->n_goals = (int32_t)options->n_goals;
        for (int32_t g = 0; g < out->n_goals; g++) {
            const ent_goal *goal = &options->goal[g];
            ENT_TRY(ent__target_find(&out->target[g], out->plan, goal->name, err));
            ENT_REQUIRE(out->target[g].is_claim || goal->threshold == goal->threshold, ENT_ERR_ARGUMENT,
                        "\"%s\" is a quantity: a goal for it needs a value, as in \"%s >= 10\"", goal->name, goal->name);
        }
    }
    out->goal = ent__arena_alloc(out->arena, (size_t)out->n_goals, sizeof *out->goal);
    out->now = ent__arena_alloc(out->arena, (size_t)out->n_goals, sizeof *out->now);
    ENT_REQUIRE(out->goal && out->now, ENT_ERR_MEMORY, "not enough memory for the goals");
done:
    return status;
}

/* How things stand, and so which way each goal lies. */
static void set_goals(const study *s, const ent_levers_options *options)
{
    ent_levers *out = s->out;
    for (int32_t g = 0; g < out->n_goals; g++) {
        const ent_goal *asked = options->n_goals > 0 ? &options->goal[g] : NULL;
        const ent__target *target = &out->target[g];
        outcome now = outcome_of(s, 0, g);
        double threshold = asked != NULL && asked->threshold == asked->threshold ? asked->threshold : 0.5;
        int32_t direction = asked != NULL ? asked->direction : 0;
        ent_goal_view *view = &out->goal[g];
        *view = (ent_goal_view){.name = target->name, .title = target->title, .unit = target->unit, .is_claim = target->is_claim,
                                .threshold = threshold, .now = now.value, .now_error = now.error};
        view->at_least = direction != 0 ? direction > 0 : now.value < threshold;
        view->met = direction != 0 && reaches(view, now.value);
        out->now[g] = now;
    }
    sums all = {0};
    for (int64_t b = 0; b < s->n_blocks && out->n_goals > 0; b++) {
        const sums *x = &s->block[(size_t)b * (size_t)out->n_goals];
        all.w += x->w;
        all.ww += x->ww;
    }
    out->effective_draws = all.ww > 0 ? all.w * all.w / all.ww : 0;
}

static ent_status make_program(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_levers *out = s->out;
    size_t most = 2 * (size_t)out->n_goals + (size_t)out->plan->n_givens + 1;
    ent__arg *root = ent__alloc(most, sizeof *root);
    ENT_REQUIRE(root != NULL, ENT_ERR_MEMORY, "not enough memory for the goals");
    int32_t n = ent__target_roots(root, 0, out->target, out->n_goals, ENT__ARM_WITH);
    n = ent__weight_roots(root, n, out->plan);
    ENT_TRY(ent__program_create_for(&s->program, out->plan, &(ent__aim){.root = root, .n_roots = n}, err));
    s->n_blocks = (out->draws + L - 1) / L;
    s->n_hands = ent__parallel_jobs(&s->run, s->n_blocks);
    s->n_hands = s->n_hands < 64 ? s->n_hands : 64;
    s->hands = ent__alloc((size_t)s->n_hands, sizeof *s->hands);
    ENT_REQUIRE(s->hands != NULL, ENT_ERR_MEMORY, "not enough memory for %d threads", s->n_hands);
    for (int32_t i = 0; i < s->n_hands; i++)
        ENT_TRY(ent__machine_create(&s->hands[i].machine, s->program, out->seed, err));
done:
    ent__free(root);
    return status;
}

/* The actors that have levers, in the order of the scenario, and what each can do. */
static ent_status search_all(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_levers *out = s->out;
    int32_t n = out->plan->n_levers;
    int32_t *his = ent__alloc((size_t)n, sizeof *his);
    out->actor_first = ent__arena_alloc(out->arena, (size_t)n, sizeof *out->actor_first);
    ENT_REQUIRE(his && out->actor_first, ENT_ERR_MEMORY, "not enough memory for %d levers", n);
    for (int32_t l = 0; l < n; l++) {
        int32_t a = 0;
        while (a < out->n_actors && out->plan->levers[out->actor_first[a]].actor != out->plan->levers[l].actor)
            a++;
        if (a == out->n_actors)
            out->actor_first[out->n_actors++] = l;
    }
    size_t ways = (size_t)out->n_goals * (size_t)out->n_actors;
    out->way = ent__arena_alloc(out->arena, ways, sizeof *out->way);
    double *amount = ent__arena_alloc(out->arena, ways * (size_t)n, sizeof *amount);
    ENT_REQUIRE(out->way && amount, ENT_ERR_MEMORY, "not enough memory for %d levers", n);
    for (size_t w = 0; w < ways; w++) {
        size_t g = w / (size_t)out->n_actors;
        out->way[w] = (way){.found = out->goal[g].met, .amount = amount + w * (size_t)n, .got = out->now[g]};
        out->way[w].got.change_error = 0;
        for (int32_t l = 0; l < n; l++)
            out->way[w].amount[l] = ENT_UNDEFINED;
    }
    for (int32_t a = 0; a < out->n_actors; a++) {
        int32_t n_his = 0;
        for (int32_t l = 0; l < n; l++)
            if (out->plan->levers[l].actor == out->plan->levers[out->actor_first[a]].actor)
                his[n_his++] = l;
        ENT_TRY(search_actor(s, a, his, n_his, err));
    }
done:
    ent__free(his);
    return status;
}

ent_status ent_levers_run(ent_levers **out, const ent_plan *plan, const ent_levers_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    study s = {0};
    ent_levers *levers = NULL;
    ENT_REQUIRE(out != NULL && plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "ent_levers_run() needs a plan and options made by ENT_LEVERS_OPTIONS_INIT");
    levers = ent__alloc(1, sizeof *levers);
    ENT_REQUIRE(levers != NULL && (levers->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY, "not enough memory for levers");
    levers->plan = plan;
    levers->seed = options->has_seed ? options->seed : plan->head->seed;
    levers->draws = options->draws > 0 ? options->draws : plan->head->draws < DEFAULT_DRAWS ? plan->head->draws : DEFAULT_DRAWS;
    s.out = levers;
    s.run = (ent_run_options){.version = 1, .jobs = options->jobs, .progress = options->progress, .payload = options->payload};
    ENT_TRY(read_goals(levers, options, err));
    ENT_TRY(make_program(&s, err));
    if (levers->n_goals > 0) {
        ENT_TRY(try_pulls(&s, NULL, 0, NULL, err));
        set_goals(&s, options);
        ENT_TRY(search_all(&s, err));
    }
    *out = levers;
    levers = NULL;
done:
    for (int32_t i = 0; i < s.n_hands && s.hands != NULL; i++) {
        ent__machine_free(s.hands[i].machine);
        ent__free(s.hands[i].kept);
        ent__free(s.hands[i].redo);
    }
    ent__free(s.hands);
    ent__free(s.block);
    ent__program_free(s.program);
    ent_levers_free(levers);
    return status;
}

void ent_levers_free(ent_levers *levers)
{
    if (levers == NULL)
        return;
    ent__arena_free(levers->arena);
    ent__free(levers);
}

/* --- views ---------------------------------------------------------------------------------------- */

ent_levers_facts ent_levers_get_facts(const ent_levers *x)
{
    return (ent_levers_facts){.scenario = ent__plan_text(x->plan, x->plan->head->scenario), .levers = (size_t)x->plan->n_levers, .goals = (size_t)x->n_goals, .actors = (size_t)x->n_actors,
                              .draws = x->draws, .seed = x->seed, .effective_draws = x->effective_draws};
}

ent_lever_view ent_levers_lever(const ent_levers *x, size_t i)
{
    const ent__plan_lever *l = &x->plan->levers[i];
    return (ent_lever_view){.id = ent__plan_text(x->plan, l->id), .title = ent__plan_text(x->plan, l->title),
                            .actor = ent__plan_text(x->plan, l->actor), .actor_name = ent__plan_text(x->plan, l->actor_name),
                            .low = l->low, .high = l->high, .unit_cost = l->unit_cost, .cost_unit = ent__plan_text(x->plan, l->cost_unit)};
}

ent_goal_view ent_levers_goal(const ent_levers *x, size_t goal) { return x->goal[goal]; }

ent_way_view ent_levers_way(const ent_levers *x, size_t goal, size_t actor)
{
    const way *w = &x->way[goal * (size_t)x->n_actors + actor];
    const ent__plan_lever *l = &x->plan->levers[x->actor_first[actor]];
    return (ent_way_view){.actor = ent__plan_text(x->plan, l->actor), .actor_name = ent__plan_text(x->plan, l->actor_name),
                          .found = w->found, .amount = w->amount, .cost = w->cost, .reaches = w->got.value, .error = w->got.error,
                          .change_error = w->got.change_error};
}
