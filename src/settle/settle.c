/* Settling one issue by one model: what is checked, what every model is given, who gains.
 *
 *     u_i(x) = 1 - |x - x_i|^r / R^r                R the range of the scale's stated ends
 *     gain_i = u_i(outcome) - u_i(status quo)       or u_i(mean of positions) where no status quo is stated */
#include "settle/settle.h"
#include "core/elementary.h"

#include <math.h>
#include <string.h>

/* Sums of products of numbers below this stay far from overflow. */
#define MOST ENT_MAX_NUMBER

const ent_port ent__settle_inputs[4] = {
    {.name = "position",
     .shape = "a,y",
     .unit = "scale",
     .low = -INFINITY,
     .high = INFINITY,
     .fallback = ENT_UNDEFINED,
     .required = true,
     .meaning = "what each actor wants, on the issue's scale"},
    {.name = "salience",
     .shape = "a,y",
     .unit = "1",
     .low = 0,
     .high = 1,
     .fallback = ENT_UNDEFINED,
     .required = true,
     .meaning = "how much the issue matters to it: 0 not at all, 1 above everything else"},
    {.name = "capability",
     .shape = "a,y",
     .unit = "any",
     .low = 0,
     .high = INFINITY,
     .fallback = ENT_UNDEFINED,
     .required = true,
     .meaning = "how much it could bring to bear; only proportions count"},
    {.name = "status_quo",
     .shape = "y",
     .unit = "scale",
     .low = -INFINITY,
     .high = INFINITY,
     .fallback = ENT_UNDEFINED,
     .meaning = "where the issue stands now; what nash with disagreement status_quo and gravity start from, and gains "
                "are against"},
};
const ent_port ent__settle_outputs[4] = {ENT__SETTLE_OUTPUTS};

const char *ent_stop_text(ent_stop stop)
{
    static const char *const text[ENT_STOP_COUNT] = {
        [ENT_STOP_DONE] = "solved",
        [ENT_STOP_STATUS_QUO] = "the status quo stands: no point improves on it for all",
        [ENT_STOP_SETTLED] = "settled: nothing moves any more",
        [ENT_STOP_CYCLE] = "a cycle: the outcome is the mean over it",
        [ENT_STOP_MAX_ROUNDS] = "the allowed rounds were used up",
        [ENT_STOP_UNDEFINED] = "undefined: no weight, or an input is missing",
        [ENT_STOP_NO_CONVERGENCE] = "no convergence: the equilibrium was not reached, so there is no result",
    };
    return (unsigned)stop < ENT_STOP_COUNT ? text[stop] : "unknown";
}

const char *ent_stop_word(ent_stop stop)
{
    static const char *const word[ENT_STOP_COUNT] = {
        [ENT_STOP_DONE] = "done",   [ENT_STOP_STATUS_QUO] = "status_quo", [ENT_STOP_SETTLED] = "settled",
        [ENT_STOP_CYCLE] = "cycle", [ENT_STOP_MAX_ROUNDS] = "max_rounds", [ENT_STOP_UNDEFINED] = "undefined",
        [ENT_STOP_NO_CONVERGENCE] = "no_convergence"};
    return (unsigned)stop < ENT_STOP_COUNT ? word[stop] : "unknown";
}

/* --- utility ------------------------------------------------------------------------------------- */

static inline double utility(double x, double position, double range, double r)
{
    double d = fabs(x - position) / range;
    return 1 - (r == 2 ? d * d : r == 1 ? d : ent_pow(d, r));
}

void ent__settle_welfare(ent_settle_output *out, const ent_settle_input *in, double r)
{
    double range = in->high - in->low, before = in->status_quo;
    if (ent__is_undefined(before)) {
        before = 0;
        for (size_t i = 0; i < in->n; i++)
            before += in->position[i];
        before /= (double)in->n;
    }
    for (size_t i = 0; i < in->n; i++) {
        double u = utility(out->outcome, in->position[i], range, r);
        if (out->utility != NULL)
            out->utility[i] = u;
        if (out->gain != NULL)
            out->gain[i] = u - utility(before, in->position[i], range, r);
    }
}

void ent_settle_welfare(ent_settle_output *out, const ent_settle_input *in, const ent_model *model)
{
    bool curved = model->n_options > 0 && strcmp(model->options[0].name, "r") == 0;
    ent__settle_welfare(out, in, curved ? in->option[0] : 2);
}

/* --- the draw loop ------------------------------------------------------------------------------- */

static void undefine(ent_settle_output *out, size_t n)
{
    double *array[] = {out->utility, out->gain, out->distribution};
    out->outcome = ENT_UNDEFINED;
    out->stop = ENT_STOP_UNDEFINED;
    for (size_t a = 0; a < ENT_COUNT(array); a++)
        for (size_t i = 0; array[a] != NULL && i < n; i++)
            array[a][i] = ENT_UNDEFINED;
}

/* Whether there is anything to settle. A draw may hold any numbers: an input that is uncertain can be undefined. */
static bool is_settleable(const ent_settle_input *in)
{
    double total = 0, sum = 0;
    bool negative = false;
    for (size_t i = 0; i < in->n; i++) {
        double w = ent__settle_weight(in, i);
        total += w;
        sum += in->position[i];
        negative |= in->salience[i] < 0 || in->capability[i] < 0;
    }
    return total > 0 && total <= MOST * MOST && fabs(sum) <= MOST && !(fabs(in->status_quo) > MOST) && !negative;
}

void ent__settle_draw(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, void *workspace)
{
    out->rounds = 0;
    if (!is_settleable(in)) {
        undefine(out, in->n);
        return;
    }
    model->settle(out, in, workspace);
    if (out->stop == ENT_STOP_UNDEFINED || !ent__is_finite(out->outcome)) {
        undefine(out, in->n);
        return;
    }
    ent_settle_welfare(out, in, model);
}

/* --- the public call ----------------------------------------------------------------------------- */

/* A number for a message. */
static const char *shown(char text[32], double x)
{
    if (ent__is_finite(x))
        text[ent__number_text(text, x)] = 0;
    else
        strcpy(text, ent__is_undefined(x) ? "undefined" : x > 0 ? "infinite" : "minus infinite");
    return text;
}

static ent_status check_number(double x, double low, double high, const char *what, size_t actor, ent_error *err)
{
    char found[32], from[32], to[32];
    if (x >= low && x <= high)
        return ENT_OK;
    shown(found, x), shown(from, low), shown(to, high);
    if (actor > 0)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s of actor %zu is %s; allowed is %s to %s", what, actor,
                              found, from, to);
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s is %s; allowed is %s to %s", what, found, from, to);
}

static ent_status check_options(const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    ent_status status = ENT_OK;
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        double high = port->high;
        if (port->choices != NULL) {
            high = 0;
            for (const char *c = port->choices; *c; c++)
                high += *c == '|';
            ENT_REQUIRE(!(in->option[o] > 0) || in->option[o] == floor(in->option[o]), ENT_ERR_DOMAIN,
                        "option %s is a word, by its index among %s", port->name, port->choices);
        }
        char what[64] = "option ";
        strncat(what, port->name, sizeof what - 8);
        ENT_TRY(check_number(in->option[o], port->choices != NULL ? 0 : port->low, high, what, 0, err));
    }
done:
    return status;
}

const char *ent_model_needs_status_quo(const ent_model *model, const double *option)
{
    if (model == &ent__model_gravity)
        return "gravity pulls the outcome toward the status quo";
    if (model == &ent__model_agenda)
        return "the others choose between it and what is proposed";
    for (size_t o = 0; o < model->n_options; o++)
        if (strcmp(model->options[o].name, "disagreement") == 0 && option[o] != 0)
            return "disagreement: status_quo weighs every agreement against the status quo";
    return NULL;
}

ent_status ent_settle_check(const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in != NULL && model != NULL, ENT_ERR_ARGUMENT, "an issue and a model are needed, one is NULL");
    ENT_REQUIRE(model->settle != NULL, ENT_ERR_ARGUMENT, "the model '%s' does not settle an issue", model->name);
    ENT_REQUIRE(in->n >= 1, ENT_ERR_ARGUMENT, "an issue needs at least one actor, there is none");
    ENT_REQUIRE(in->n <= ENT_MAX_ACTORS, ENT_ERR_LIMIT, "%zu actors; at most %d are settled", in->n, ENT_MAX_ACTORS);
    ENT_REQUIRE(model->most_actors == 0 || in->n <= model->most_actors, ENT_ERR_LIMIT,
                "%zu actors; the model %s takes at most %zu: its cost is %s", in->n, model->name, model->most_actors,
                model->cost);
    ENT_REQUIRE(in->position != NULL && in->salience != NULL && in->capability != NULL, ENT_ERR_ARGUMENT,
                "position, salience and capability are needed, one is NULL");
    ENT_TRY(check_number(in->low, -MOST, MOST, "the low end of the scale", 0, err));
    ENT_TRY(check_number(in->high, -MOST, MOST, "the high end of the scale", 0, err));
    char low[32], high[32];
    ENT_REQUIRE(in->low < in->high, ENT_ERR_DOMAIN,
                "the scale runs from %s to %s; its low end must be below its high end", shown(low, in->low),
                shown(high, in->high));
    double total = 0;
    for (size_t i = 0; i < in->n; i++) {
        ENT_TRY(check_number(in->position[i], in->low, in->high, "the position", i + 1, err));
        ENT_TRY(check_number(in->salience[i], 0, 1, "the salience", i + 1, err));
        ENT_TRY(check_number(in->capability[i], 0, MOST, "the capability", i + 1, err));
        total += ent__settle_weight(in, i);
    }
    ENT_REQUIRE(total > 0, ENT_ERR_DOMAIN,
                "every weight (salience times capability) is zero: nobody can settle the issue");
    if (!ent__is_undefined(in->status_quo))
        ENT_TRY(check_number(in->status_quo, in->low, in->high, "the status quo", 0, err));
    ENT_REQUIRE(in->option != NULL || model->n_options == 0, ENT_ERR_ARGUMENT,
                "the options are NULL; ent_model_defaults() fills them");
    ENT_TRY(check_options(in, model, err));
    const char *why = ent_model_needs_status_quo(model, in->option);
    ENT_REQUIRE(why == NULL || !ent__is_undefined(in->status_quo), ENT_ERR_DOMAIN, "no status quo is stated, and %s",
                why);
done:
    return status;
}

ent_status ent_settle(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    ent_status status = ENT_OK;
    void *workspace = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    ENT_TRY(ent_settle_check(in, model, err));
    size_t bytes = model->workspace(in->n);
    if (bytes > 0) {
        workspace = ent__alloc(bytes, 1);
        ENT_REQUIRE(workspace != NULL, ENT_ERR_MEMORY, "not enough memory to settle an issue of %zu actors", in->n);
    }
    ent__settle_draw(out, in, model, workspace);
done:
    ent__free(workspace);
    return status;
}
