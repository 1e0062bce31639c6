/* Why a claim has its verdict, in a paragraph made from the numbers by rule: what decides it and where it fails, which
 * models disagree, what the document does to it, what else should be known before it is quoted. */
#include "findings/findings.h"

#include "core/elementary.h"

#include <string.h>

/* 37 %, "nearly all", "hardly any". */
static void percent(ent__buffer *out, double share)
{
    if (share > 0.995)
        ent__buffer_text(out, share == 1 ? "all" : "nearly all");
    else if (share < 0.005)
        ent__buffer_text(out, share == 0 ? "none" : "hardly any");
    else
        ent__buffer_printf(out, "%d %%", (int)(100 * share + 0.5));
}

static void number(ent__buffer *out, double x)
{
    char text[32];
    ent__buffer_add(out, text, ent__number_people(text, x, 3));
}

static const char *unit_of(const ent_results *r, const char *input)
{
    for (int32_t i = 0; i < r->plan->n_inputs; i++)
        if (strcmp(r->input[i].name, input) == 0)
            return r->input[i].unit;
    return "";
}

/* Bins from, from + 1, .. to - 1 taken together, each equally likely before what is known. */
static double share_between(const ent_driver *d, int32_t from, int32_t to)
{
    double sum = 0, n = 0;
    for (int32_t b = from; b < to; b++) {
        if (d->share[b] != d->share[b])
            continue;
        sum += d->share[b];
        n++;
    }
    return n > 0 ? sum / n : ENT_UNDEFINED;
}

/* Where the two sides of a curve differ most; at least three bins on each. */
static int32_t split_of(const ent_driver *d)
{
    int32_t best = d->bins / 2;
    double most = -1;
    for (int32_t b = 3; b <= d->bins - 3; b++) {
        double below = share_between(d, 0, b), above = share_between(d, b, d->bins);
        double gap = below > above ? below - above : above - below;
        /* weighed by both sides' sizes, as a sum of squares between is */
        gap *= ent_sqrt((double)b * (d->bins - b));
        if (gap > most) {
            most = gap;
            best = b;
        }
    }
    return best;
}

static void models_along(ent__buffer *out, const ent_driver *d)
{
    int32_t low = -1, high = -1;
    for (int32_t b = 0; b < d->bins; b++) {
        if (d->share[b] != d->share[b])
            continue;
        low = low < 0 || d->share[b] < d->share[low] ? b : low;
        high = high < 0 || d->share[b] > d->share[high] ? b : high;
    }
    if (low < 0)
        return;
    ent__buffer_printf(out, ": under %s it holds in ", d->model[high]);
    percent(out, d->share[high]);
    ent__buffer_printf(out, " of the draws, under %s in ", d->model[low]);
    percent(out, d->share[low]);
}

static void first_driver(ent__buffer *out, const ent_results *r, const ent_driver *d)
{
    ent__buffer_printf(out, "What decides it most is %s, which alone explains %d %% of it", d->label, (int)(100 * d->strength + 0.5));
    if (d->model != NULL) {
        models_along(out, d);
    } else if (d->is_event) {
        ent__buffer_text(out, ": where it does it holds in ");
        percent(out, d->share[1]);
        ent__buffer_text(out, " of the draws, else in ");
        percent(out, d->share[0]);
    } else {
        int32_t at = split_of(d);
        const char *unit = unit_of(r, d->input);
        double below = share_between(d, 0, at), above = share_between(d, at, d->bins);
        ent__buffer_text(out, below > above ? ": below " : ": above ");
        number(out, d->low[at]);
        bool plain = unit[0] == 0 || strcmp(unit, "1") == 0;
        ent__buffer_printf(out, "%s%s it holds in ", plain ? "" : " ", plain ? "" : unit);
        percent(out, below > above ? below : above);
        ent__buffer_text(out, " of the draws, on the other side in ");
        percent(out, below > above ? above : below);
        if (d->break_even == d->break_even) {
            ent__buffer_text(out, "; it crosses one half at ");
            number(out, d->break_even);
        }
    }
    ent__buffer_text(out, ". ");
}

static void other_drivers(ent__buffer *out, const ent_claim_view *c)
{
    if (c->n_drivers < 2)
        return;
    ent__buffer_printf(out, "Then %s", c->n_drivers > 2 ? "come " : "comes ");
    for (size_t d = 1; d < c->n_drivers; d++)
        ent__buffer_printf(out, "%s%s (%d %%)", d > 1 ? " and " : "", c->driver[d].label, (int)(100 * c->driver[d].strength + 0.5));
    ent__buffer_text(out, ". ");
}

static void no_turning(ent__buffer *out, const ent_claim_view *c)
{
    for (size_t d = 0; d < c->n_drivers; d++) {
        bool below = false, above = false;
        for (int32_t b = 0; b < c->driver[d].bins; b++) {
            below = below || c->driver[d].share[b] < 0.5;
            above = above || c->driver[d].share[b] > 0.5;
        }
        if (below && above)
            return;
    }
    ent__buffer_printf(out, "No value of %s brings it across one half. ", c->n_drivers > 1 ? "any of these alone" : "it");
}

static void why(ent__buffer *out, const ent_results *r, const ent_claim_view *c)
{
    const ent_claim_arm *with = &c->arm[ENT_ARM_WITH];
    if (c->n_drivers > 0) {
        first_driver(out, r, &c->driver[0]);
        other_drivers(out, c);
        no_turning(out, c);
    } else if (with->share > 0.98 || with->share < 0.02) {
        ent__buffer_printf(out, "It %s across the whole range of every input, so no one input decides it. ",
                           with->share > 0.5 ? "holds" : "fails");
    } else {
        ent__buffer_text(out, "No one input stands out at this number of draws: it takes several together, or chance. ");
    }
}

static void models(ent__buffer *out, const ent_claim_view *c)
{
    size_t low = 0, high = 0, n = 0;
    for (size_t m = 0; m < c->n_models; m++) {
        if (c->by_model[m].share != c->by_model[m].share)
            continue;
        low = n == 0 || c->by_model[m].share < c->by_model[low].share ? m : low;
        high = n == 0 || c->by_model[m].share > c->by_model[high].share ? m : high;
        n++;
    }
    if (n < 2)
        return;
    double gap = c->by_model[high].share - c->by_model[low].share;
    double error = c->by_model[high].mc_error + c->by_model[low].mc_error;
    if (gap < 0.1 || gap < 2 * error) {
        ent__buffer_printf(out, gap < 0.1 ? "The %d models agree (from " : "The %d models do not differ beyond their errors (from ", (int)n);
        percent(out, c->by_model[low].share);
        ent__buffer_text(out, " to ");
        percent(out, c->by_model[high].share);
        ent__buffer_text(out, "). ");
        return;
    }
    ent__buffer_printf(out, "%s %s says ", c->arm[ENT_ARM_WITH].verdict == ENT_VERDICT_DEPENDS ? "The models fall on different sides:" : "The models differ:",
                       c->model[high]);
    percent(out, c->by_model[high].share);
    ent__buffer_printf(out, ", %s ", c->model[low]);
    percent(out, c->by_model[low].share);
    ent__buffer_text(out, ". ");
}

static void document(ent__buffer *out, const ent_results *r, const ent_claim_view *c)
{
    const ent_claim_arm *without = &c->arm[ENT_ARM_WITHOUT], *with = &c->arm[ENT_ARM_WITH], *taken = &c->arm[ENT_ARM_TAKEN];
    if (!r->facts.has_document || without->share != without->share || with->share != with->share)
        return;
    double change = with->share - without->share, most = taken->share - without->share;
    double error = 2 * (with->mc_error + without->mc_error);
    if ((change < 0 ? -change : change) <= error && (most < 0 ? -most : most) <= error) {
        ent__buffer_text(out, "The document makes no difference to it that could be told from chance. ");
        return;
    }
    ent__buffer_text(out, "Without the document it would hold in ");
    percent(out, without->share);
    ent__buffer_text(out, ", with it in ");
    percent(out, with->share);
    if ((taken->share > with->share ? taken->share - with->share : with->share - taken->share) > 0.02) {
        ent__buffer_text(out, ", and were the document certain to take hold in ");
        percent(out, taken->share);
    }
    ent__buffer_text(out, ". ");
}

static void cautions(ent__buffer *out, const ent_claim_view *c)
{
    const ent_claim_arm *with = &c->arm[ENT_ARM_WITH];
    if (with->counted < 0.995) {
        ent__buffer_text(out, "It is asked only where its condition holds, in ");
        percent(out, with->counted);
        ent__buffer_text(out, " of the draws. ");
    }
    if (with->undefined > 0.01) {
        ent__buffer_text(out, "In ");
        percent(out, with->undefined);
        ent__buffer_text(out, " of the draws something it compares has no value, and it counts as not holding. ");
    }
    if (with->near_threshold)
        ent__buffer_text(out, "Its share lies within two errors of a threshold: more draws could change the word. ");
    for (size_t k = 0; k < c->n_readings; k++) {
        if (c->reading[k].verdict == with->verdict || c->reading[k].share != c->reading[k].share)
            continue;
        ent__buffer_printf(out, "Read another way (%s) the answer is: %s, ", c->reading_text[k], ent_verdict_text(c->reading[k].verdict));
        percent(out, c->reading[k].share);
        ent__buffer_text(out, ". ");
        break;
    }
}

const char *ent__claim_explain(const ent_results *r, const ent_claim_view *c)
{
    ent__buffer out = {0};
    if (c->arm[ENT_ARM_WITH].share != c->arm[ENT_ARM_WITH].share) {
        ent__buffer_text(&out, c->needs[0] != 0 ? "It is not tested. " : "No draw counts for it. ");
    } else if (c->is_overall) {
        ent__buffer_text(&out, "It is a statement about all draws together: its left side is ");
        double value = c->value[ENT_ARM_WITH];
        number(&out, value < 0 ? -value : value);
        ent__buffer_printf(&out, " %s its right, with an error of ", value < 0 ? "below" : "above");
        number(&out, c->value_error[ENT_ARM_WITH]);
        ent__buffer_text(&out, ". ");
        cautions(&out, c);
    } else {
        why(&out, r, c);
        models(&out, c);
        document(&out, r, c);
        cautions(&out, c);
    }
    while (out.length > 0 && out.data[out.length - 1] == ' ')
        out.data[--out.length] = 0;
    const char *text = out.failed ? NULL : ent__arena_text(r->arena, out.data, out.length);
    ent__buffer_free(&out);
    return text;
}
