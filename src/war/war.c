/* A war month by month: the distribution over lines and states, propagated exactly.
 *
 * In month t, in this order:
 *   1. of what is frozen the share `resume` takes up arms again, and fights this month before it decides anything;
 *   2. what was fighting decides, each line on its own (stop.c), by values (fight.c) of the side's own belief:
 *      p_A(t) = p + o_A f^t, p_B(t) = p - o_B f^t, within [1e-9, 1 - 1e-9];
 *   3. the line of what still fights moves: up with move p, down with move (1 - p). At 0 A has collapsed, at K B;
 *   4. what was seen of this month removes what contradicts it, and the rest is renormalised;
 *   5. the month is reported.
 *
 * Masses are kept by line: fighting, frozen, settled. Of the settled also their summed y, since expected face values
 * are linear in expected x and y; and for each event the settled mass that belongs to it, since y differs by month. */
#include "war/war.h"
#include "core/contest.h"

#include <string.h>

static const double SURE = 1e-9;  /* beliefs stay away from 0 and 1 by this much */
static const double NEAR = 1e-12; /* ends of an event's intervals are met to this much */

typedef struct event_run {
    double settled;      /* the settled mass that belongs to it */
    int32_t first, last; /* lines */
    bool unagreed;       /* y0 lies in its interval */
} event_run;

typedef struct run {
    const ent_war_input *in;
    ent_war_output *out;
    int32_t n;                        /* K */
    double *fight, *frozen, *settled; /* by line, 0..K */
    double *go;                       /* what fights this month */
    double *y, *found;                /* agreed on, and the mass that agrees this month */
    unsigned char *act;               /* what each line does */
    double *space;                    /* of fight.c */
    double settled_y;                 /* sum of mass * y over the settled */
    double collapse[2];
    double fighting; /* sum of fight */
    double decay;    /* f^t */
    ent__war_month now;
    ent__war_values own, even, alone; /* by own beliefs; without optimism; so and without aid */
    event_run *event;
} run;

size_t ent__war_workspace(int32_t states, size_t n_events)
{
    return 17 * ((size_t)states + 1) * sizeof(double) + n_events * sizeof(event_run);
}

/* --- setting out -------------------------------------------------------------------------------------- */

static event_run event_of(const ent_war_input *in, const ent_war_event *e)
{
    event_run r = {0, in->states + 1, -1, in->y0 >= e->y_low - NEAR && in->y0 <= e->y_high + NEAR};
    for (int32_t k = 0; k <= in->states; k++) {
        double x = k / (double)in->states;
        if (x < e->line_low - NEAR || x > e->line_high + NEAR)
            continue;
        r.first = k < r.first ? k : r.first;
        r.last = k;
    }
    return r;
}

static double *take(double **space, size_t n)
{
    double *block = *space;
    *space += n;
    return block;
}

static run set_out(ent_war_output *out, const ent_war_input *in, void *workspace)
{
    const size_t n = (size_t)in->states + 1;
    double *space = workspace;
    run r = {.in = in, .out = out, .n = in->states, .decay = 1};
    memset(workspace, 0, ent__war_workspace(in->states, in->n_events));
    r.fight = take(&space, n);
    r.frozen = take(&space, n);
    r.settled = take(&space, n);
    r.go = take(&space, n);
    r.y = take(&space, n);
    r.found = take(&space, n);
    r.act = (unsigned char *)take(&space, n);
    r.space = take(&space, 4 * n);
    for (int i = 0; i < 2; i++) {
        r.own.value[i] = take(&space, n);
        r.even.value[i] = take(&space, n);
        r.alone.value[i] = take(&space, n);
    }
    r.event = (event_run *)space;
    for (size_t e = 0; e < in->n_events; e++)
        r.event[e] = event_of(in, &in->event[e]);
    if (in->line == 0 || in->line == in->states)
        r.collapse[in->line != 0] = 1;
    else
        r.fight[in->line] = r.fighting = 1;
    return r;
}

static double value_at(const double *series, size_t at, double fallback)
{
    return series != NULL ? series[at] : fallback;
}

static void begin_month(run *r, int32_t t)
{
    const ent_war_input *in = r->in;
    const size_t at = ent__war_value_of(in, t);
    if (t > 0 && at == ent__war_value_of(in, t - 1))
        return;
    const double a = value_at(in->effort_a, at, 1), b = value_at(in->effort_b, at, 1);
    r->now = (ent__war_month){
        .odds = ent_contest(a, b, in->m),
        .odds_no_aid = ent_contest(a, b - value_at(in->aid_b, at, 0), in->m),
        .cost = {in->cost_a[at], in->cost_b[at]},
        .guarantee = {value_at(in->guarantee_a, at, 1), value_at(in->guarantee_b, at, 1)},
        .talk = value_at(in->talk, at, 1),
    };
}

/* --- values ------------------------------------------------------------------------------------------- */

static double belief(double p)
{
    return p < SURE ? SURE : p > 1 - SURE ? 1 - SURE : p;
}

static void solve(run *r, ent__war_values *v, double p_a, double p_b)
{
    const double p[2] = {belief(p_a), 1 - belief(p_b)};
    ent__war_values_solve(v, p, r->now.cost, r->n, r->in->move, r->in->discount, r->space);
}

static void solve_own(run *r)
{
    const double p = r->now.odds;
    solve(r, &r->own, p + r->in->optimism_a * r->decay, p - r->in->optimism_b * r->decay);
}

/* What A could hold out for, (1 - beta) W_A + beta (1 - W_B), over the lines still fought over. */
static double leverage(run *r, ent__war_values *v, double odds)
{
    double sum = 0;
    if (!(r->fighting > 0))
        return ENT_UNDEFINED;
    solve(r, v, odds, odds);
    for (int32_t k = 1; k < r->n; k++)
        sum += r->fight[k] * ((1 - r->in->beta) * v->value[0][k] + r->in->beta * (1 - v->value[1][r->n - k]));
    return sum / r->fighting;
}

/* --- a month ------------------------------------------------------------------------------------------ */

/* Of what was settled this month, what belongs to each event. */
static void sort_settled(run *r)
{
    for (size_t e = 0; e < r->in->n_events; e++) {
        const ent_war_event *event = &r->in->event[e];
        const double low = event->y_low - NEAR, high = event->y_high + NEAR;
        if ((event->states & ENT_WAR_SETTLED) == 0)
            continue;
        for (int32_t k = r->event[e].first; k <= r->event[e].last; k++)
            if (r->found[k] > 0 && r->y[k] >= low && r->y[k] <= high)
                r->event[e].settled += r->found[k];
    }
}

/* What was fighting at line k does what was decided there; what still fights joins `go`. */
static void act_on(run *r, int32_t k)
{
    const double mass = r->fight[k];
    switch (r->act[k]) {
    case ENT__WAR_SETTLE:
        r->found[k] = mass * r->now.talk;
        r->settled[k] += r->found[k];
        r->settled_y += r->found[k] * r->y[k];
        r->go[k] += mass - r->found[k];
        break;
    case ENT__WAR_FREEZE:
        r->frozen[k] += mass;
        break;
    case ENT__WAR_QUIT_A:
        r->collapse[0] += mass;
        break;
    case ENT__WAR_QUIT_B:
        r->collapse[1] += mass;
        break;
    default:
        r->go[k] += mass;
    }
}

/* The diagnostic outputs of a month: undefined until something is known. */
static double *row(double *table, const run *r, int32_t t)
{
    const size_t n = (size_t)r->n + 1;
    double *at = table != NULL ? table + (size_t)t * n : NULL;
    for (size_t k = 0; at != NULL && k < n; k++)
        at[k] = ENT_UNDEFINED;
    return at;
}

/* The tables of a month in which somebody fights. */
static void tell_decisions(const run *r, double *a, double *b, double *agreed)
{
    for (int32_t k = 0; k <= r->n; k++) {
        if (a != NULL)
            a[k] = r->own.value[0][k];
        if (b != NULL)
            b[k] = r->own.value[1][r->n - k];
        if (agreed != NULL && k > 0 && k < r->n && r->act[k] == ENT__WAR_SETTLE)
            agreed[k] = r->y[k];
    }
}

static void fight(run *r, int32_t t)
{
    double *a = row(r->out->fight_on_a, r, t), *b = row(r->out->fight_on_b, r, t), *agreed = row(r->out->agreed, r, t);
    for (int32_t k = 1; k < r->n; k++) {
        r->go[k] = r->in->resume * r->frozen[k];
        r->frozen[k] -= r->go[k];
        r->found[k] = 0;
    }
    if (r->fighting > 0) {
        solve_own(r);
        ent__war_decide(r->act, r->y, r->in, &r->now, &r->own, agreed != NULL ? NULL : r->fight);
        for (int32_t k = 1; k < r->n; k++)
            if (r->fight[k] > 0)
                act_on(r, k);
        sort_settled(r);
        tell_decisions(r, a, b, agreed);
    }
    r->decay *= r->in->learning;
}

static void move_line(run *r)
{
    const double up = r->in->move * r->now.odds, down = r->in->move * (1 - r->now.odds), stay = 1 - r->in->move;
    const double *go = r->go;
    double fighting = 0;
    for (int32_t k = 1; k < r->n; k++) {
        double here = stay * go[k] + up * go[k - 1] + down * go[k + 1];
        r->fight[k] = here;
        fighting += here;
    }
    r->fighting = fighting;
    if (r->n > 1) {
        r->collapse[0] += down * go[1];
        r->collapse[1] += up * go[r->n - 1];
    }
}

/* --- what is known ------------------------------------------------------------------------------------ */

static double sum(const double *mass, int32_t first, int32_t last)
{
    double s = 0;
    for (int32_t k = first; k <= last; k++)
        s += mass[k];
    return s;
}

/* Keeps the mass of the states seen, over `kept`. */
static void renormalise(run *r, double kept)
{
    const int32_t seen = r->in->seen_states;
    const double fighting = (seen & ENT_WAR_FIGHTING) != 0, settled = (seen & ENT_WAR_SETTLED) != 0,
                 frozen = (seen & ENT_WAR_FROZEN) != 0;
    for (int32_t k = 0; k <= r->n; k++) {
        r->fight[k] *= fighting / kept;
        r->settled[k] *= settled / kept;
        r->frozen[k] *= frozen / kept;
    }
    r->fighting = sum(r->fight, 0, r->n);
    r->settled_y *= settled / kept;
    for (size_t e = 0; e < r->in->n_events; e++)
        r->event[e].settled *= settled / kept;
    r->collapse[0] *= ((seen & ENT_WAR_COLLAPSE_A) != 0) / kept;
    r->collapse[1] *= ((seen & ENT_WAR_COLLAPSE_B) != 0) / kept;
}

/* The probability of what was seen, and all else given that. */
static double condition(run *r)
{
    const int32_t seen = r->in->seen_states;
    double kept = 0;
    if ((seen & ENT_WAR_FIGHTING) != 0)
        kept += r->fighting;
    if ((seen & ENT_WAR_SETTLED) != 0)
        kept += sum(r->settled, 0, r->n);
    if ((seen & ENT_WAR_FROZEN) != 0)
        kept += sum(r->frozen, 0, r->n);
    if ((seen & ENT_WAR_COLLAPSE_A) != 0)
        kept += r->collapse[0];
    if ((seen & ENT_WAR_COLLAPSE_B) != 0)
        kept += r->collapse[1];
    if (kept < 1e-300) /* of no weight in any ensemble, and 1 / kept could overflow */
        return 0;
    renormalise(r, kept);
    return kept < 1 ? kept : 1;
}

/* --- the report --------------------------------------------------------------------------------------- */

static void put(double *series, int32_t t, double x)
{
    if (series != NULL)
        series[t] = x;
}

/* Sums may pass 1 by rounding. */
static double share(double x)
{
    return x > 1 ? 1 : x;
}

static double event_mass(const run *r, size_t e)
{
    const ent_war_event *event = &r->in->event[e];
    const event_run *at = &r->event[e];
    double mass = at->settled;
    if (at->unagreed && (event->states & ENT_WAR_FIGHTING) != 0)
        mass += sum(r->fight, at->first, at->last);
    if (at->unagreed && (event->states & ENT_WAR_FROZEN) != 0)
        mass += sum(r->frozen, at->first, at->last);
    if ((event->states & ENT_WAR_COLLAPSE_A) != 0 && at->first == 0 && event->y_low <= NEAR)
        mass += r->collapse[0];
    if ((event->states & ENT_WAR_COLLAPSE_B) != 0 && at->last == r->n && event->y_high >= 1 - NEAR)
        mass += r->collapse[1];
    return share(mass);
}

static void report_mass(const run *r, int32_t t)
{
    if (r->out->mass == NULL)
        return;
    double(*at)[ENT_WAR_STATE_COUNT] = (double(*)[ENT_WAR_STATE_COUNT])r->out->mass + (size_t)t * ((size_t)r->n + 1);
    for (int32_t k = 0; k <= r->n; k++) {
        at[k][0] = r->fight[k];
        at[k][1] = r->settled[k];
        at[k][2] = r->frozen[k];
        at[k][3] = k == 0 ? r->collapse[0] : 0;
        at[k][4] = k == r->n ? r->collapse[1] : 0;
    }
}

static void report(run *r, int32_t t)
{
    const ent_war_input *in = r->in;
    ent_war_output *out = r->out;
    double settled = 0, frozen = 0, x = 0;
    for (int32_t k = 1; k < r->n; k++) {
        settled += r->settled[k];
        frozen += r->frozen[k];
        x += (r->fight[k] + r->settled[k] + r->frozen[k]) * k;
    }
    x = share(x / r->n + r->collapse[1]);
    const double y = share(r->settled_y + (r->fighting + frozen) * in->y0 + r->collapse[1]);
    put(out->fighting, t, share(r->fighting));
    put(out->settled, t, share(settled));
    put(out->frozen, t, share(frozen));
    put(out->collapse_a, t, share(r->collapse[0]));
    put(out->collapse_b, t, share(r->collapse[1]));
    put(out->line, t, x);
    put(out->concession, t, y);
    put(out->value_a, t, in->alpha_a * x + (1 - in->alpha_a) * y);
    put(out->value_b, t, in->alpha_b * (1 - x) + (1 - in->alpha_b) * (1 - y));
    if (out->leverage_a != NULL)
        out->leverage_a[t] = leverage(r, &r->even, r->now.odds);
    if (out->leverage_a_no_aid != NULL)
        out->leverage_a_no_aid[t] = leverage(r, &r->alone, r->now.odds_no_aid);
    for (size_t e = 0; out->event != NULL && e < in->n_events; e++)
        out->event[e * (size_t)in->months + (size_t)t] = event_mass(r, e);
    report_mass(r, t);
}

/* All from month t on is undefined: what was seen cannot be. */
static void report_nothing(const run *r, int32_t t)
{
    const ent_war_output *out = r->out;
    const size_t months = (size_t)r->in->months, n = (size_t)r->n + 1, from = (size_t)t;
    double *const series[] = {out->fighting,   out->settled,    out->frozen,           out->collapse_a,
                              out->collapse_b, out->line,       out->concession,       out->value_a,
                              out->value_b,    out->leverage_a, out->leverage_a_no_aid};
    for (size_t m = from; m < months; m++) {
        for (size_t s = 0; s < ENT_COUNT(series); s++)
            put(series[s], (int32_t)m, ENT_UNDEFINED);
        for (size_t e = 0; out->event != NULL && e < r->in->n_events; e++)
            out->event[e * months + m] = ENT_UNDEFINED;
        (void)row(out->fight_on_a, r, (int32_t)m);
        (void)row(out->fight_on_b, r, (int32_t)m);
        (void)row(out->agreed, r, (int32_t)m);
    }
    for (size_t i = from * n * ENT_WAR_STATE_COUNT; out->mass != NULL && i < months * n * ENT_WAR_STATE_COUNT; i++)
        out->mass[i] = ENT_UNDEFINED;
}

void ent__war_run(ent_war_output *out, const ent_war_input *in, void *workspace)
{
    run r = set_out(out, in, workspace);
    out->kept = 1;
    out->stop = ENT_STOP_DONE;
    for (int32_t t = 0; t < in->months; t++) {
        begin_month(&r, t);
        fight(&r, t);
        move_line(&r);
        if (t == in->seen_month && (out->kept = condition(&r)) <= 0) {
            report_nothing(&r, t);
            return;
        }
        report(&r, t);
    }
}

ent_status ent_war(ent_war_output *out, const ent_war_input *in, ent_error *err)
{
    if (out == NULL || in == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "a war needs an input and an output, found NULL");
    ent_status status = ent__war_check(in, err);
    if (status != ENT_OK)
        return status;
    void *workspace = ent__alloc(1, ent__war_workspace(in->states, in->n_events));
    if (workspace == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for a war of %d states and %zu events",
                              (int)in->states, in->n_events);
    ent__war_run(out, in, workspace);
    ent__free(workspace);
    return ENT_OK;
}
