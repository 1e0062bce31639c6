/* Capability over time: what is spent becomes a stock that wears.
 *
 *     q(t) = q(t-1) + (target(t) - q(t-1)), moved by at most ramp I(t) a year
 *     K(t) = (1 - w) K(t-1) + e(t) q(t),   K(first) = e0 q0 / w
 *     stock = w K / e0: the yearly spending that would keep up such a stock
 *
 * Perpetual inventory (Goldsmith 1951): w is the wear of a year, e the efficiency (duplication, prices), e0 the
 * efficiency that stocks are measured by, so that a stock in balance counts as its yearly spending and a gain in
 * efficiency as more of it. `required` is a factor on the stocks of the year before, by which deterrence was reckoned:
 *
 *     deficit(t) = required(t) sum S(t-1) - sum S(t)      over the allies that remain; S(first) for the first year's
 *     window     = sum over years of the deficits above 0 */
#include "alliance/alliance.h"

#include <math.h>
#include <string.h>

#define OPEN __builtin_inf()

/* One year, from last year's q and K (NULL in the first) to this year's; K is in units of e0. */
typedef struct one_year {
    size_t n;
    const double *income, *spending, *start; /* start: q0; NULL: spending */
    const double *efficiency, *baseline;     /* NULL: 1, efficiency */
    double wear, ramp, required;             /* required NaN: none */
    int32_t without;
} one_year;

static const ent__range WEAR = {0, 1, true, false};

static ent_status check_year(const one_year *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in->n > 0, ENT_ERR_ARGUMENT, "there are no allies");
    ENT_TRY(ent__alliance_numbers("income", "ally", in->income, in->n, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_numbers("spending", "ally", in->spending, in->n, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_numbers("start", "ally", in->start, in->n, &ENT__MONEY, true, err));
    ENT_TRY(ent__alliance_numbers("efficiency", "ally", in->efficiency, in->n, &ENT__INCOME, true, err));
    ENT_TRY(ent__alliance_numbers("baseline_efficiency", "ally", in->baseline, in->n, &ENT__INCOME, true, err));
    ENT_TRY(ent__alliance_number("wear", NULL, 0, in->wear, &WEAR, err));
    ENT_TRY(ent__alliance_number("ramp", NULL, 0, in->ramp, &ENT__MONEY, err));
    if (!ent__is_undefined(in->required))
        ENT_TRY(ent__alliance_number("required", NULL, 0, in->required, &ENT__MONEY, err));
    ENT_REQUIRE(in->without >= -1 && (in->without < 0 || (size_t)in->without < in->n), ENT_ERR_DOMAIN,
                "without is %d; allowed is 0 to %zu, or -1 for nobody", (int)in->without, in->n - 1);
done:
    return status;
}

static double ramped(double before, double target, double most)
{
    const double move = target - before;
    return before + (move > most ? most : move < -most ? -most : move);
}

static double efficiency_of(const one_year *in, size_t i)
{
    const double e = in->efficiency != NULL ? in->efficiency[i] : 1;
    return in->baseline != NULL ? e / in->baseline[i] : in->efficiency != NULL ? 1 : e;
}

/* The year's deficit; q, K and stock are filled, and the stocks of those that remain, together, in *remaining. For
 * checked numbers. */
static double pass_year(double *q, double *K, double *stock, double *remaining, const one_year *in,
                        const double *q_before, const double *K_before)
{
    double there = 0, before = 0;
    for (size_t i = 0; i < in->n; i++) {
        double had;
        if (q_before == NULL) {
            q[i] = in->start != NULL ? in->start[i] : in->spending[i];
            K[i] = q[i] / in->wear;
            had = in->wear * K[i];
        } else {
            had = in->wear * K_before[i];
            q[i] = ramped(q_before[i], in->spending[i], in->ramp * in->income[i]);
            K[i] = (1 - in->wear) * K_before[i] + efficiency_of(in, i) * q[i];
        }
        stock[i] = in->wear * K[i];
        if (in->without >= 0 && i == (size_t)in->without)
            continue;
        there += stock[i];
        before += had;
    }
    *remaining = there;
    return in->required * before - there;
}

/* --- all years ------------------------------------------------------------------------------------------ */

static one_year year_of(const ent_capability_input *in, size_t t)
{
    return (one_year){
        .n = in->n,
        .income = in->income + t * in->n,
        .spending = in->spending + t * in->n,
        .start = in->start,
        .efficiency = in->efficiency != NULL ? in->efficiency + t * in->n : NULL,
        .baseline = in->baseline_efficiency != NULL ? in->baseline_efficiency : in->efficiency,
        .wear = in->wear,
        .ramp = in->ramp,
        .required = in->required != NULL ? in->required[t] : ENT_UNDEFINED,
        .without = in->without,
    };
}

static void sum_up(int32_t *first_closed, double *window, const double *deficit, size_t years)
{
    *first_closed = -1;
    *window = 0;
    for (size_t t = 0; t < years; t++) {
        if (*first_closed < 0 && deficit[t] <= 0)
            *first_closed = (int32_t)t;
        *window += deficit[t] <= 0 ? 0 : deficit[t];
    }
}

ent_status ent_capability(ent_capability_output *out, const ent_capability_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    double *space = NULL;
    ENT_REQUIRE(out != NULL && in != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_REQUIRE(in->n > 0 && in->years > 0 && in->years <= INT32_MAX, ENT_ERR_ARGUMENT,
                "there are no allies or no years");
    ENT_REQUIRE(in->income != NULL && in->spending != NULL, ENT_ERR_ARGUMENT, "%s is missing",
                in->income == NULL ? "income" : "spending");
    for (size_t t = 0; t < in->years; t++) {
        const one_year year = year_of(in, t);
        ENT_TRY(check_year(&year, err));
    }
    space = ent__alloc(5 * in->n + in->years, sizeof *space);
    ENT_REQUIRE(space != NULL, ENT_ERR_MEMORY, "not enough memory for %zu allies", in->n);
    double *const q[2] = {space, space + in->n}, *const K[2] = {space + 2 * in->n, space + 3 * in->n};
    double *const stock = space + 4 * in->n, *const deficit = space + 5 * in->n;
    for (size_t t = 0; t < in->years; t++) {
        const one_year year = year_of(in, t);
        const size_t now = t % 2;
        double remaining;
        deficit[t] = pass_year(q[now], K[now], stock, &remaining, &year, t > 0 ? q[!now] : NULL, K[!now]);
        if (out->stock != NULL)
            memcpy(out->stock + t * in->n, stock, in->n * sizeof *stock);
        if (out->spent != NULL)
            memcpy(out->spent + t * in->n, q[now], in->n * sizeof *stock);
        if (out->deficit != NULL)
            out->deficit[t] = deficit[t];
    }
    sum_up(&out->first_closed, &out->window, deficit, in->years);
done:
    ent__free(space);
    return status;
}

/* --- the call ------------------------------------------------------------------------------------------- */

enum { INCOME, SPENDING, START, WEAR_A_YEAR, EFFICIENCY, BASELINE_EFFICIENCY, RAMP, REQUIRED, WITHOUT_ALLY, INPUTS };
enum { STOCK, SPENT, REMAINING, LEVEL, DEFICIT, FIRST_CLOSED, WINDOW, OUTPUTS };

/* q and K, each n. */
static size_t state(const size_t *count)
{
    return 2 * count[ENT_AXIS_ALLY];
}

static size_t call_workspace(const size_t *count, const struct ent_rule *rule)
{
    (void)rule;
    return 3 * count[ENT_AXIS_ALLY] * sizeof(double);
}

static one_year input_of(const ent_call *call)
{
    const size_t n = call->count[ENT_AXIS_ALLY];
    return (one_year){
        .n = n,
        .income = call->in[INCOME],
        .spending = call->in[SPENDING],
        .start = call->in[START],
        .efficiency = call->in[EFFICIENCY],
        .baseline = call->in[BASELINE_EFFICIENCY],
        .wear = *call->in[WEAR_A_YEAR],
        .ramp = *call->in[RAMP],
        .required = call->in[REQUIRED] != NULL ? *call->in[REQUIRED] : ENT_UNDEFINED,
        .without = ent__place_among(call->in[WITHOUT_ALLY], n),
    };
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    (void)workspace;
    const one_year in = input_of(call);
    return call->phase == ENT_PHASE_YEAR ? check_year(&in, err) : ENT_OK;
}

static void call_year(ent_stop *stop, const ent_call *call, double *space)
{
    const one_year in = input_of(call);
    const size_t n = in.n;
    bool good = check_year(&in, NULL) == ENT_OK;
    for (size_t i = 0; good && call->before != NULL && i < 2 * n; i++)
        good = !ent__is_undefined(call->before[i]);
    if (!good) {
        ent__alliance_nothing(call, &ent__model_capability);
        *stop = ENT_STOP_UNDEFINED;
        return;
    }
    double *const q = space, *const K = space + n, *const stock = space + 2 * n;
    double remaining;
    const double deficit =
        pass_year(q, K, stock, &remaining, &in, call->before, call->before != NULL ? call->before + n : NULL);
    if (call->after != NULL)
        memcpy(call->after, q, 2 * n * sizeof *q);
    if (call->out[STOCK] != NULL)
        memcpy(call->out[STOCK], stock, n * sizeof *q);
    if (call->out[SPENT] != NULL)
        memcpy(call->out[SPENT], q, n * sizeof *q);
    ent__put(call, REMAINING, remaining);
    ent__put(call, LEVEL, remaining + deficit);
    ent__put(call, DEFICIT, deficit);
}

static void call_capability(ent_stop *stop, const ent_call *call, void *workspace)
{
    *stop = ENT_STOP_DONE;
    if (call->phase == ENT_PHASE_YEAR) {
        call_year(stop, call, workspace);
    } else if (call->phase == ENT_PHASE_LAST && call->out[DEFICIT] != NULL) {
        int32_t closed;
        double window;
        sum_up(&closed, &window, call->out[DEFICIT], call->count[ENT_AXIS_YEAR]);
        ent__put(call, FIRST_CLOSED, closed >= 0 ? (double)(call->first_year + closed) : ENT_UNDEFINED);
        ent__put(call, WINDOW, window);
    }
}

/* --- the table's entry ---------------------------------------------------------------------------------- */

/* clang-format off */
#define NUMBER(n, s, u, lo, hi, f, text) {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = f, .meaning = text}
#define NEEDED(n, s, u, lo, hi, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .required = true, .meaning = text}
#define BASELINE(n, s, u, lo, hi, of, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .falls_back = of, .meaning = text}

static const ent_port inputs[INPUTS] = {
    [INCOME] = NEEDED("income", "l,y", "US$ billion", 0, OPEN, "GDP of each ally, above 0"),
    [SPENDING] = NEEDED("spending", "l,y", "US$ billion", 0, OPEN,
                        "the target that spending moves toward; what is spent goes into this year's stock, so last year's spending gives "
                        "the stock at the start of the year"),
    [START] = BASELINE("initial", "l", "US$ billion", 0, OPEN, "spending", "the spending that the first year's stock is in balance with"),
    [WEAR_A_YEAR] = NUMBER("wear", "", "1 / year", 0, 1, 0.07, "what a stock loses in a year, above 0"),
    [EFFICIENCY] = NUMBER("efficiency", "l,y", "1", 0, OPEN, 1, "what a dollar adds to the stock: duplication, prices; above 0"),
    [BASELINE_EFFICIENCY] = BASELINE("baseline_efficiency", "l", "1", 0, OPEN, "efficiency",
                                     "the efficiency that stocks are measured by: a gain over it counts as more spending"),
    [RAMP] = NUMBER("ramp", "y", "share of GDP / year", 0, OPEN, 0.003, "the most that spending moves in a year"),
    [REQUIRED] = NUMBER("required", "y", "1", 0, OPEN, ENT_UNDEFINED, "the factor to which the stocks of the year before must rise: of deterrence"),
    [WITHOUT_ALLY] = NUMBER("without_ally", "", "1", -1, OPEN, ENT_UNDEFINED,
                            "the ally whose stock does not count against required, by name; nobody if left out"),
};

#define GIVEN(n, s, u, lo, hi, ph, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ph, .meaning = text}
static const ent_port outputs[OUTPUTS] = {
    [STOCK] = GIVEN("stock", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "each ally's stock, as the yearly spending that would keep it up"),
    [SPENT] = GIVEN("spent", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what was spent toward the target"),
    [REMAINING] = GIVEN("remaining", "y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "stocks of the allies that remain, together"),
    [LEVEL] = GIVEN("level", "y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what they would have to be; undefined where required is"),
    [DEFICIT] = GIVEN("deficit", "y", "US$ billion", -OPEN, OPEN, ENT_PHASE_YEAR,
                      "required stocks less those there are, of the allies that remain; below 0 a surplus; undefined where required is"),
    [FIRST_CLOSED] = GIVEN("first_closed", "", "year", -OPEN, OPEN, ENT_PHASE_LAST, "the first year without a deficit; undefined if there is none"),
    [WINDOW] = GIVEN("window", "", "US$ billion years", 0, OPEN, ENT_PHASE_LAST, "deficits above 0 summed over the years"),
};
/* clang-format on */

const ent_model ent__model_capability = {
    .name = "capability",
    .room = "alliance",
    .title = "Capability over time",
    .summary =
        "What allies spend becomes a stock of capability that wears by the year. Spending moves toward its target by "
        "at most a share of GDP a year. Stocks are told as the yearly spending that would keep them up. Against a "
        "required level (of deterrence without one ally) it tells the deficit, when it closes and how large the "
        "window is until then. A scenario names the allies: a group.",
    .equation = "q(t) = q(t-1) moved toward spending(t) by at most ramp income(t)\n"
                "K(t) = (1 - wear) K(t-1) + efficiency q(t),  K(first) = baseline_efficiency start / wear\n"
                "stock = wear K / baseline_efficiency\n"
                "deficit(t) = required(t) sum of stock(t-1) - sum of stock(t), over the allies that remain",
    .citation = "Goldsmith, R. W. (1951). A Perpetual Inventory of National Wealth. Studies in Income and Wealth 14.",
    .accuracy = "",
    .cost = "O(allies) a year",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .state = state,
    .call_workspace = call_workspace,
    .call = call_capability,
    .explain = explain,
};
