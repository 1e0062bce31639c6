/* What the results will need, asked for before the draws are made. */
#include "findings/findings.h"

#include <string.h>

enum { SLOT_ONE = 1, MANY_INPUTS = 20000 };

typedef struct asking {
    const ent__program *program;
    ent__wanted *wanted;
    const double *constant; /* slots of a machine that ran the constant steps: [slot][ENT__LANES] */
    bool brief, counted, failed;
} asking;

static int32_t checked(asking *a, int32_t index)
{
    a->failed = a->failed || index < 0;
    return index < 0 ? 0 : index;
}

static int32_t tally(asking *a, int32_t value, int32_t when, int32_t reading, int32_t model, bool prior)
{
    return checked(a, ent__keep_tally(&a->wanted->keep, (ent__tally){.value = value, .when = when, .reading = reading, .model = model,
                                                                        .prior = prior, .group = -1, .pair = -1, .next = -1}));
}

static ent__source constant_source(const asking *a, int32_t slot)
{
    return (ent__source){.slot = slot, .tally = -1, .grid = -1, .column = -1, .is_constant = true,
                         .constant = a->constant[(size_t)slot * ENT__LANES]};
}

/* What a slot is kept as: every draw, counts on a grid, or its moments alone. */
static ent__source moments_source(asking *a, int32_t slot)
{
    if (a->program->slot_constant[slot])
        return constant_source(a, slot);
    return (ent__source){.slot = slot, .grid = -1, .column = -1, .tally = tally(a, slot, -1, -1, 0, false)};
}

static ent__source source(asking *a, int32_t slot, bool exact, bool prior, double low, double high)
{
    if (a->program->slot_constant[slot])
        return constant_source(a, slot);
    ent__source s = {.slot = slot, .grid = -1, .column = -1};
    s.tally = tally(a, slot, -1, -1, 0, prior);
    s.scalar = exact;
    if (exact && !a->counted) {
        s.column = checked(a, ent__keep_column(&a->wanted->keep, slot));
        return s;
    }
    ent__grid grid = ENT__GRID(slot, exact ? ENT__FINE_BINS : ENT__GRID_BINS);
    grid.prior = prior;
    grid.low = low;
    grid.high = high;
    s.grid = checked(a, ent__keep_grid(&a->wanted->keep, grid));
    return s;
}

static void ask_quantities(asking *a)
{
    const ent_plan *plan = a->program->plan;
    for (int32_t q = 0; q < plan->n_quantities; q++) {
        const ent__plan_quantity *quantity = &plan->quantities[q];
        if (a->brief && !ent__is_in_brief(quantity))
            continue;
        ent__source *to = a->wanted->quantity + (size_t)q * ENT_ARM_COUNT;
        for (int32_t arm = 0; arm < ENT_ARM_COUNT && quantity->detail; arm++)
            to[arm] = moments_source(a, ent__program_slot(a->program, arm, quantity->cell));
        for (int32_t arm = 0; arm < ENT_ARM_COUNT && !quantity->detail; arm++)
            to[arm] = source(a, ent__program_slot(a->program, arm, quantity->cell), quantity->exact, false, quantity->low, quantity->high);
        if (quantity->reading < 0 || !to[ENT_ARM_WITH].scalar)
            continue;
        const ent__reading *reading = &plan->readings[quantity->reading];
        int32_t slot = ent__program_slot(a->program, ENT_ARM_WITH, reading->cell);
        for (int32_t m = 0; m < reading->n_choices; m++) {
            ent__grid grid = ENT__GRID(to[ENT_ARM_WITH].slot, ENT__FINE_BINS);
            grid.reading = slot;
            grid.model = m;
            grid.low = quantity->low;
            grid.high = quantity->high;
            a->wanted->quantity_model[q * ENT_CURVE_BINS + m] = tally(a, to[ENT_ARM_WITH].slot, -1, slot, m, false);
            if (a->counted)
                a->wanted->quantity_model_grid[q * ENT_CURVE_BINS + m] = checked(a, ent__keep_grid(&a->wanted->keep, grid));
        }
    }
}

static void ask_inputs(asking *a)
{
    const ent_plan *plan = a->program->plan;
    bool weighted = plan->n_givens > 0;
    const double inf = __builtin_inf();
    for (int32_t i = 0; i < plan->n_inputs; i++) {
        int32_t slot = ent__program_slot(a->program, ENT_ARM_WITHOUT, plan->inputs[i].cell);
        if (plan->n_inputs > MANY_INPUTS) { /* their counts would take gigabytes */
            a->wanted->input[2 * i] = a->wanted->input[2 * i + 1] = moments_source(a, slot);
            continue;
        }
        a->wanted->input[2 * i] = source(a, slot, false, weighted, -inf, inf);
        a->wanted->input[2 * i + 1] = weighted ? source(a, slot, false, false, -inf, inf) : a->wanted->input[2 * i];
    }
}

static void ask_form(asking *a, int32_t f, int32_t when, int32_t reading, bool track)
{
    const ent__plan_form *form = &a->program->plan->forms[f];
    for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++) {
        ent__form_source *to = &a->wanted->form[f * ENT_ARM_COUNT + arm];
        *to = (ent__form_source){-1, -1, -1, false};
        if (form->cell < 0 || (form->needs_with && arm == ENT_ARM_WITHOUT))
            continue;
        int32_t slot = ent__program_slot(a->program, arm, form->cell);
        int32_t when_slot = when >= 0 ? ent__program_slot(a->program, arm, when) : -1;
        to->tally = tally(a, slot, when_slot, -1, 0, false);
        to->is_constant = a->program->slot_constant[slot];
        if (form->undefined >= 0)
            to->undefined = tally(a, ent__program_slot(a->program, arm, form->undefined), when_slot, -1, 0, false);
        if (when_slot >= 0)
            to->counted = tally(a, when_slot, -1, -1, 0, false);
    }
    a->wanted->form_track[f] = -1;
    if (form->cell < 0)
        return;
    int32_t slot = ent__program_slot(a->program, ENT_ARM_WITH, form->cell);
    int32_t when_slot = when >= 0 ? ent__program_slot(a->program, ENT_ARM_WITH, when) : -1;
    if (reading >= 0) {
        const ent__reading *list = &a->program->plan->readings[reading];
        int32_t choice = ent__program_slot(a->program, ENT_ARM_WITH, list->cell);
        for (int32_t m = 0; m < list->n_choices; m++)
            a->wanted->form_model[f * ENT_CURVE_BINS + m] = tally(a, slot, when_slot, choice, m, false);
    }
    if (track && !a->brief)
        a->wanted->form_track[f] = checked(a, ent__keep_track(&a->wanted->keep, slot, when_slot));
}

static void ask_claims(asking *a, bool keep_draws)
{
    const ent_plan *plan = a->program->plan;
    for (int32_t i = 0; i < plan->n_claims; i++) {
        const ent__plan_claim *claim = &plan->claims[i];
        if (claim->form >= 0)
            ask_form(a, claim->form, claim->when, claim->reading, true);
        for (int32_t r = 0; r < claim->n_readings; r++)
            ask_form(a, claim->reading_form + r, claim->when, -1, false);
        for (int32_t arm = 0; arm < ENT_ARM_COUNT && keep_draws && claim->form >= 0; arm++)
            if (plan->forms[claim->form].cell >= 0)
                checked(a, ent__keep_column(&a->wanted->keep, ent__program_slot(a->program, arm, plan->forms[claim->form].cell)));
    }
}

static void ask_overalls(asking *a)
{
    const ent_plan *plan = a->program->plan;
    for (int32_t o = 0; o < plan->n_overalls; o++) {
        for (int32_t side = 0; side < 2; side++) {
            int32_t cell = side == 0 ? plan->overalls[o].x.cell : plan->overalls[o].y.cell;
            for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++)
                a->wanted->overall_column[(2 * o + side) * ENT_ARM_COUNT + arm] =
                    cell < 0 ? -1 : checked(a, ent__keep_column(&a->wanted->keep, ent__program_slot(a->program, arm, cell)));
        }
    }
}

/* Of a mean a tally of each group of blocks, of a quantile a grid, of a correlation the tallies of a pair. */
static int32_t ask_group(asking *a, const ent__overall *node, int32_t arm, int32_t group)
{
    ent__keep *keep = &a->wanted->keep;
    int32_t x = ent__program_slot(a->program, arm, node->x.cell);
    ent__tally tally = ENT__TALLY(x);
    ent__grid grid = ENT__GRID(x, ENT__FINE_BINS);
    tally.group = grid.group = group;
    if (node->stat == ENT__STAT_QUANTILE)
        return checked(a, ent__keep_grid(keep, grid));
    if (node->stat != ENT__STAT_CORRELATION)
        return checked(a, ent__keep_tally(keep, tally));
    ent__pair pair = {.x = x, .y = ent__program_slot(a->program, arm, node->y.cell)};
    ent__grid of_x = ENT__GRID(x, ENT__FINE_BINS), of_y = ENT__GRID(pair.y, ENT__FINE_BINS);
    pair.grid_x = checked(a, ent__keep_grid(keep, of_x));
    pair.grid_y = checked(a, ent__keep_grid(keep, of_y));
    tally.pair = checked(a, ent__keep_pair(keep, pair));
    int32_t first = -1;
    for (tally.part = 0; tally.part < ENT__PAIR_PARTS; tally.part++) { /* made one after the other: they stand so, too */
        int32_t at = checked(a, ent__keep_tally(keep, tally));
        first = tally.part == 0 ? at : first;
    }
    return first;
}

static void ask_overall_counts(asking *a)
{
    const ent_plan *plan = a->program->plan;
    for (int32_t o = 0; o < plan->n_overalls; o++)
        for (int32_t arm = 0; arm < ENT_ARM_COUNT && plan->overalls[o].x.cell >= 0; arm++)
            for (int32_t g = 0; g < ENT__GROUPS; g++)
                a->wanted->overall_count[(o * ENT_ARM_COUNT + arm) * ENT__GROUPS + g] =
                    plan->overalls[o].stat == ENT__STAT_CORRELATION && plan->overalls[o].y.cell < 0 ? -1 : ask_group(a, &plan->overalls[o], arm, g);
}

static void ask_events(asking *a)
{
    const ent_plan *plan = a->program->plan;
    for (int32_t e = 0; e < plan->n_events; e++)
        a->wanted->event[e] = tally(a, ent__program_slot(a->program, ENT_ARM_WITH, plan->events[e].cell), -1, -1, 0, false);
    for (int32_t p = 0; p < plan->n_provisions; p++)
        a->wanted->provision[p] = plan->provisions[p].event >= 0 ? a->wanted->event[plan->provisions[p].event] : -1;
    for (int32_t g = 0; g < plan->n_givens; g++)
        a->wanted->given[g] = tally(a, ent__program_slot(a->program, ENT_ARM_WITHOUT, plan->givens[g].cell), -1, -1, 0, true);
    a->wanted->everything = tally(a, SLOT_ONE, -1, -1, 0, false);
}

static bool make_room(ent__wanted *w, const ent_plan *plan, ent__arena *arena)
{
    size_t quantities = (size_t)plan->n_quantities, forms = (size_t)plan->n_forms;
    w->quantity = ent__arena_alloc(arena, quantities * ENT_ARM_COUNT, sizeof *w->quantity);
    w->quantity_model = ent__arena_alloc(arena, quantities * ENT_CURVE_BINS, sizeof *w->quantity_model);
    w->input = ent__arena_alloc(arena, 2 * (size_t)plan->n_inputs, sizeof *w->input);
    w->form = ent__arena_alloc(arena, forms * ENT_ARM_COUNT, sizeof *w->form);
    w->form_model = ent__arena_alloc(arena, forms * ENT_CURVE_BINS, sizeof *w->form_model);
    w->form_track = ent__arena_alloc(arena, forms, sizeof *w->form_track);
    w->quantity_model_grid = ent__arena_alloc(arena, quantities * ENT_CURVE_BINS, sizeof *w->quantity_model_grid);
    w->overall_count = ent__arena_alloc(arena, (size_t)plan->n_overalls * ENT_ARM_COUNT * ENT__GROUPS, sizeof *w->overall_count);
    w->overall_column = ent__arena_alloc(arena, (size_t)plan->n_overalls * 2 * ENT_ARM_COUNT, sizeof *w->overall_column);
    w->event = ent__arena_alloc(arena, (size_t)plan->n_events, sizeof *w->event);
    w->given = ent__arena_alloc(arena, (size_t)plan->n_givens, sizeof *w->given);
    w->provision = ent__arena_alloc(arena, (size_t)plan->n_provisions, sizeof *w->provision);
    return w->quantity && w->quantity_model && w->input && w->form && w->form_model && w->form_track && w->overall_column &&
           w->quantity_model_grid && w->overall_count && w->event && w->given && w->provision;
}

/* --- a first look ----------------------------------------------------------------------------------- */

bool ent__is_in_brief(const ent__plan_quantity *quantity)
{
    return quantity->exact && (quantity->kind == ENT__KIND_OUTCOME || quantity->kind == ENT__KIND_DERIVED || quantity->kind == ENT__KIND_EVENT);
}

static void add_root(ent__arg *root, int32_t *n, int32_t cell, int32_t arm)
{
    if (cell >= 0)
        root[(*n)++] = (ent__arg){cell, arm};
}

static void add_roots(ent__arg *root, int32_t *n, int32_t cell)
{
    add_root(root, n, cell, ENT__ARM_WITHOUT);
    add_root(root, n, cell, ENT__ARM_WITH);
    add_root(root, n, cell, ENT__ARM_TAKEN);
}

ent_status ent__brief_program(ent__program **out, const ent_plan *plan, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t most = 3 * ((size_t)plan->n_quantities + 2 * (size_t)plan->n_forms + (size_t)plan->n_claims + 2 * (size_t)plan->n_overalls) +
                  (size_t)plan->n_events + (size_t)plan->n_readings + (size_t)plan->n_givens;
    ent__arg *root = ent__alloc(most + 1, sizeof *root);
    int32_t n = 0;
    ENT_REQUIRE(root != NULL, ENT_ERR_MEMORY, "not enough memory for a run");
    for (int32_t q = 0; q < plan->n_quantities; q++)
        if (ent__is_in_brief(&plan->quantities[q]))
            add_roots(root, &n, plan->quantities[q].cell);
    for (int32_t f = 0; f < plan->n_forms; f++) {
        add_roots(root, &n, plan->forms[f].cell);
        add_roots(root, &n, plan->forms[f].undefined);
    }
    for (int32_t i = 0; i < plan->n_claims; i++)
        add_roots(root, &n, plan->claims[i].when);
    for (int32_t o = 0; o < plan->n_overalls; o++) {
        add_roots(root, &n, plan->overalls[o].x.cell);
        add_roots(root, &n, plan->overalls[o].y.cell);
    }
    for (int32_t e = 0; e < plan->n_events; e++)
        add_root(root, &n, plan->events[e].cell, ENT__ARM_WITH);
    for (int32_t r = 0; r < plan->n_readings; r++)
        add_root(root, &n, plan->readings[r].cell, ENT__ARM_WITH);
    for (int32_t g = 0; g < plan->n_givens; g++)
        add_root(root, &n, plan->givens[g].cell, ENT__ARM_WITHOUT);
    if (n == 0) /* a plan of which nothing is told: any cell will do */
        add_root(root, &n, 0, ENT__ARM_WITHOUT);
    ENT_TRY(ent__program_create_for(out, plan, &(ent__aim){.root = root, .n_roots = n}, err));
done:
    ent__free(root);
    return status;
}

/* --- all of it --------------------------------------------------------------------------------------- */

ent_status ent__wanted_build(ent__wanted *wanted, const ent__program *program, ent__arena *arena, const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__machine *machine = NULL; /* runs the constant steps, so that constants are known before any draw */
    *wanted = (ent__wanted){0};
    ENT_REQUIRE(make_room(wanted, program->plan, arena), ENT_ERR_MEMORY, "not enough memory for the results");
    ENT_TRY(ent__machine_create(&machine, program, 0, err));
    asking a = {.program = program, .wanted = wanted, .constant = machine->slot, .brief = options->brief, .counted = options->counts};
    ask_quantities(&a);
    if (!options->brief)
        ask_inputs(&a);
    ask_claims(&a, options->keep_draws && !options->counts);
    if (options->counts)
        ask_overall_counts(&a);
    else
        ask_overalls(&a);
    ask_events(&a);
    ENT_REQUIRE(!a.failed, ENT_ERR_MEMORY, "not enough memory for the results");
done:
    ent__machine_free(machine);
    if (status != ENT_OK)
        ent__keep_free(&wanted->keep);
    return status;
}
