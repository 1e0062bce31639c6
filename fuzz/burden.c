/* Who pays in an alliance, on alliances made of bytes: at the equilibrium no ally gains by spending another sum, and
 * tastes that are calibrated give back what was observed. Deterrence and the value of membership are what they may be.
 */
#include "target.h"

#include <math.h>

enum { MOST = 6 };

typedef struct alliance {
    size_t n;
    double income[MOST], shared[MOST], private[MOST], pair[MOST * MOST], credibility[MOST], least[MOST];
    ent_burden_input in;
} alliance;

static void make(alliance *a, dice *d)
{
    bool wild = dice_byte(d) < 30;
    *a = (alliance){.n = 1 + (size_t)dice_pick(d, MOST)};
    for (size_t i = 0; i < a->n; i++) {
        a->income[i] = wild ? dice_number(d) : pow(10, dice_between(d, -3, 4));
        a->shared[i] = wild && dice_byte(d) < 60 ? dice_number(d) : dice_between(d, 0, 0.5);
        a->private[i] = wild && dice_byte(d) < 60 ? dice_number(d) : dice_between(d, 0, 0.4);
        a->credibility[i] = wild && dice_byte(d) < 60 ? dice_number(d) : dice_unit(d);
        a->least[i] = wild && dice_byte(d) < 60 ? dice_number(d) : a->income[i] * dice_between(d, 0, 0.3);
        for (size_t j = 0; j < a->n; j++)
            a->pair[i * a->n + j] = wild && dice_byte(d) < 30 ? dice_number(d) : dice_unit(d);
    }
    uint32_t how = dice_byte(d);
    a->in = (ent_burden_input){.n = a->n,
                               .income = a->income,
                               .taste_shared = a->shared,
                               .taste_private = a->private,
                               .spill = {dice_unit(d), how & 1 ? a->pair : NULL, how & 2 ? a->credibility : NULL},
                               .floor = how & 4 ? a->least : NULL};
}

static double term(double taste, double of)
{
    return taste == 0 ? 0 : taste * log(of);
}

static double utility(const alliance *a, size_t i, double q, double spill_in)
{
    return term(1 - a->shared[i] - a->private[i], a -> income[i] - q) + term(a->private[i], q) +
           term(a->shared[i], q + spill_in);
}

static void check_burden(const alliance *a)
{
    double q[MOST] = {0}, spill_in[MOST], share[MOST];
    ent_error err = {0};
    ent_burden_output out = {.spending = q, .spill_in = spill_in, .total_share = share};
    ent_status status = ent_burden_sharing(&out, &a->in, &err);
    MUST(status == ENT_OK || err.message[0] != 0, "refused without a word: %s", ent_status_text(status));
    if (status != ENT_OK || out.stop != ENT_STOP_DONE)
        return;
    double total = 0, shares = 0;
    for (size_t i = 0; i < a->n; i++) {
        double least = a->in.floor != NULL ? a->least[i] : 0, here = utility(a, i, q[i], spill_in[i]);
        total += q[i];
        shares += share[i];
        MUST(q[i] >= least && q[i] < a->income[i], "ally %zu spends %.17g of %.17g, at least %.17g", i, q[i],
             a->income[i], least);
        for (int k = 0; k < 200; k++) { /* over the whole range, and near */
            double other = k < 100 ? least + (a->income[i] - least) * k / 100
                                   : q[i] + a->income[i] * pow(10, -1 - (k - 100) / 20.) * (k % 2 ? 1 : -1);
            if (other < least || other >= a->income[i])
                continue;
            double there = utility(a, i, other, spill_in[i]);
            MUST(!(there > here + 1e-9), "ally %zu at %.17g has %.17g; at %.17g it would have %.17g", i, q[i], here,
                 other, there);
        }
    }
    MUST(total == 0 || fabs(shares - 1) < 1e-9, "the shares of the total sum to %.17g", shares);
}

static void check_calibration(const alliance *a, dice *d)
{
    double observed[MOST], v[MOST], shared[MOST], private[MOST], q[MOST];
    ent_error err = {0};
    double least = a->income[0], most = a->income[0];
    for (size_t i = 0; i < a->n; i++) {
        least = fmin(least, a->income[i]);
        most = fmax(most, a->income[i]);
        observed[i] = a->income[i] * dice_between(d, 0.001, 0.3);
        v[i] = dice_unit(d);
    }
    if (!(least * 1e6 > most)) /* beside one so large, a small ally's taste is 1 but for the last digits of a double */
        return;
    ent_burden_past past = {a->n, a->income, observed, v, a->in.spill};
    if (ent_burden_calibrate(shared, private, &past, &err) != ENT_OK)
        return;
    ent_burden_input in = {.n = a->n,
                           .income = a->income,
                           .taste_shared = shared,
                           .taste_private = private,
                           .spill = a->in.spill,
                           .start = observed};
    ent_burden_output out = {.spending = q};
    if (ent_burden_sharing(&out, &in, &err) != ENT_OK || out.stop != ENT_STOP_DONE)
        return;
    for (size_t i = 0; i < a->n; i++) /* where several equilibria are possible, the start is one */
        MUST(fabs(q[i] - observed[i]) <= 1e-7 * a->income[i],
             "ally %zu was seen to spend %.17g; calibrated it spends %.17g", i, observed[i], q[i]);
}

static void check_deterrence(dice *d)
{
    double help[MOST], stake[MOST], cost[MOST], loss[MOST], honour[MOST];
    bool wild = dice_byte(d) < 30;
    ent_deterrence_input in = ENT_DETERRENCE_INPUT_INIT;
    ent_deterrence_output out = {.honour = honour};
    ent_error err = {0};
    in.n = 1 + (size_t)dice_pick(d, MOST);
    for (size_t i = 0; i < in.n; i++) {
        help[i] = wild ? dice_number(d) : dice_between(d, 0, 3);
        stake[i] = wild ? dice_number(d) : dice_unit(d);
        cost[i] = wild ? dice_number(d) : dice_unit(d);
        loss[i] = wild ? dice_number(d) : dice_unit(d);
    }
    in.help = help, in.stake = stake, in.cost = cost, in.loss = loss;
    in.challenger = wild ? dice_number(d) : dice_between(d, 0, 3);
    in.target = wild ? dice_number(d) : dice_between(d, 0, 3);
    in.lambda_defender = dice_between(d, 0, 20), in.lambda_challenger = dice_between(d, 0, 20);
    in.c = dice_unit(d), in.c_opposed = dice_between(d, 0, 2),
    in.wanted = dice_byte(d) & 1 ? dice_unit(d) : ENT_UNDEFINED;
    in.withdraws = dice_pick(d, MOST + 1) - 1;
    if (ent_deterrence(&out, &in, &err) != ENT_OK)
        return;
    double nobody = 1;
    for (size_t i = 0; i < in.n; i++) {
        MUST(honour[i] >= 0 && honour[i] <= 1, "defender %zu honours with %.17g", i, honour[i]);
        nobody *= 1 - honour[i];
    }
    MUST(fabs(out.challenge + out.deterrence - 1) < 1e-12 && out.challenge >= 0 && out.challenge <= 1,
         "%.17g and %.17g", out.challenge, out.deterrence);
    MUST(fabs(out.alliance - (1 - nobody)) < 1e-9, "somebody comes with %.17g, by each one's %.17g", out.alliance,
         1 - nobody);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    alliance a;
    dice d = {data, size};
    make(&a, &d);
    check_burden(&a);
    check_calibration(&a, &d);
    check_deterrence(&d);
    return 0;
}
