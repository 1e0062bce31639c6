/* Plays the models of the alliance on numbers from standard input and prints what came of them, for test_twin.py.
 *
 * In: a word for the kind, then its numbers, apart by spaces ("nan" is undefined). Out: a line a case; numbers read
 * back to the same double. Every array is as long as the case says. */
#include "entente/alliance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 40, YEARS = 40, CELLS = MOST * YEARS, ROWS = 2000 };

static double number(void)
{
    double x;
    if (scanf("%lf", &x) != 1)
        exit(2);
    return x;
}

static size_t count(size_t most)
{
    double x = number();
    if (!(x >= 0 && x <= (double)most))
        exit(2);
    return (size_t)x;
}

static const double *numbers(double *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = number();
    return to;
}

static void print(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
}

static void must(ent_status status, const ent_error *err)
{
    if (status == ENT_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static void play_tastes(ent_error *err)
{
    static double room[4][MOST], pair[MOST * MOST], a[MOST], b[MOST];
    const size_t n = count(MOST);
    ent_burden_past past = {.n = n};
    past.income = numbers(room[0], n);
    past.observed = numbers(room[1], n);
    past.private_share = numbers(room[2], n);
    past.spill.by_pair = numbers(pair, n * n);
    past.spill.credibility = numbers(room[3], n);
    must(ent_burden_calibrate(a, b, &past, err), err);
    print(a, n);
    print(b, n);
}

static void play_burden(ent_error *err)
{
    static double room[6][MOST], pair[MOST * MOST], told[7][MOST];
    const size_t n = count(MOST);
    ent_burden_input in = {.n = n};
    in.income = numbers(room[0], n);
    in.taste_shared = numbers(room[1], n);
    in.taste_private = numbers(room[2], n);
    in.spill.by_pair = numbers(pair, n * n);
    in.spill.credibility = numbers(room[3], n);
    in.floor = numbers(room[4], n);
    in.weight = numbers(room[5], n);
    ent_burden_output out = {.spending = told[0],
                             .burden = told[1],
                             .alone = told[2],
                             .free_ride = told[3],
                             .spill_in = told[4],
                             .total_share = told[5],
                             .income_share = told[6]};
    must(ent_burden_sharing(&out, &in, err), err);
    const double rest[] = {out.efficient,        out.under_provision, out.rank_correlation,
                           out.start_difference, out.iterations,      out.stop};
    for (size_t k = 0; k < 7; k++)
        print(told[k], n);
    print(rest, sizeof rest / sizeof rest[0]);
}

static void play_membership(ent_error *err)
{
    static double room[6][MOST], told[3][MOST];
    const size_t members = count(MOST / 2), candidates = count(MOST / 2), n = members + candidates;
    ent_membership_input in = {.members = members, .candidates = candidates};
    in.income = numbers(room[0], n);
    in.taste_shared = numbers(room[1], n);
    in.taste_private = numbers(room[2], n);
    in.spending = numbers(room[3], members);
    in.credibility = numbers(room[4], members);
    in.floor_inside = numbers(room[5], n);
    in.spillover = number();
    in.outside = number();
    in.adjust = number() > 0;
    ent_membership_output out = {told[0], told[1], told[2], ENT_STOP_DONE};
    must(ent_membership(&out, &in, err), err);
    for (size_t k = 0; k < 3; k++)
        print(told[k], n);
}

static void play_deterrence(ent_error *err)
{
    static double room[4][MOST], honour[MOST];
    const size_t n = count(MOST);
    ent_deterrence_input in = ENT_DETERRENCE_INPUT_INIT;
    in.n = n;
    in.help = numbers(room[0], n);
    in.stake = numbers(room[1], n);
    in.cost = numbers(room[2], n);
    in.loss = numbers(room[3], n);
    double *const scalar[] = {&in.challenger, &in.target, &in.lambda_defender, &in.lambda_challenger, &in.m,
                              &in.v,          &in.c,      &in.c_opposed};
    for (size_t k = 0; k < sizeof scalar / sizeof scalar[0]; k++)
        *scalar[k] = number();
    in.withdraws = (int32_t)number();
    in.wanted = number();
    ent_deterrence_output out = {.honour = honour};
    must(ent_deterrence(&out, &in, err), err);
    const double rest[] = {out.alliance,         out.force,    out.challenge, out.deterrence,
                           out.challenger_value, out.required, out.exact};
    print(honour, n);
    print(rest, sizeof rest / sizeof rest[0]);
}

static void play_capability(ent_error *err)
{
    static double income[CELLS], spending[CELLS], efficiency[CELLS], start[MOST], base[MOST], required[YEARS];
    static double stock[CELLS], spent[CELLS], deficit[YEARS];
    const size_t n = count(MOST), years = count(YEARS);
    ent_capability_input in = {.n = n, .years = years};
    in.income = numbers(income, n * years);
    in.spending = numbers(spending, n * years);
    in.efficiency = numbers(efficiency, n * years);
    in.start = numbers(start, n);
    in.baseline_efficiency = numbers(base, n);
    in.required = numbers(required, years);
    in.wear = number();
    in.ramp = number();
    in.without = (int32_t)number();
    ent_capability_output out = {.stock = stock, .spent = spent, .deficit = deficit};
    must(ent_capability(&out, &in, err), err);
    const double rest[] = {out.first_closed, out.window};
    print(stock, n * years);
    print(spent, n * years);
    print(deficit, years);
    print(rest, 2);
}

static void play_cinc(ent_error *err)
{
    static double component[ROWS * ENT_CINC_COMPONENTS], out[ROWS];
    static int32_t year[ROWS];
    const size_t rows = count(ROWS);
    for (size_t i = 0; i < rows; i++) {
        year[i] = (int32_t)number();
        (void)numbers(component + i * ENT_CINC_COMPONENTS, ENT_CINC_COMPONENTS);
    }
    must(ent_cinc(out, component, year, rows, err), err);
    print(out, rows);
}

static void play_similarity(ent_error *err)
{
    static double a[MOST], b[MOST];
    const size_t n = count(MOST);
    (void)numbers(a, n);
    (void)numbers(b, n);
    const double width = number();
    for (int kind = ENT_SIMILARITY_S; kind <= ENT_SIMILARITY_PI; kind++)
        for (int squared = 0; squared < 2; squared++) {
            double out;
            must(ent_similarity(&out, (ent_similarity_kind)kind, squared > 0, a, b, n, width, err), err);
            print(&out, 1);
        }
}

int main(void)
{
    static const struct {
        const char *name;
        void (*play)(ent_error *);
    } kind[] = {{"tastes", play_tastes},         {"burden", play_burden},         {"membership", play_membership},
                {"deterrence", play_deterrence}, {"capability", play_capability}, {"cinc", play_cinc},
                {"similarity", play_similarity}};
    char word[32];
    while (scanf("%31s", word) == 1) {
        size_t k = 0;
        ent_error err = {0};
        while (k < sizeof kind / sizeof kind[0] && strcmp(kind[k].name, word) != 0)
            k++;
        if (k == sizeof kind / sizeof kind[0])
            return 2;
        kind[k].play(&err);
        printf("\n");
    }
    return 0;
}
