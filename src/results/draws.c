/* draws.csv: one row a draw. First its number and weight, the model that each reading drew, then every quantity with
 * the document under its own name, and `without(NAME)` and `taken(NAME)` where the document reaches it. */
#include "results/results.h"

#include "findings/findings.h"

#include <string.h>

typedef struct csv_column {
    int32_t kept;        /* the column of the ensemble that has it, or -1: constant */
    double constant;
    const char *arm;     /* "", "without", "taken" */
    ent__text name;
    bool is_claim;
} csv_column;

typedef struct csv_table {
    const ent_results *results;
    const ent__ensemble *e; /* the draws at hand */
    int32_t *column_of;     /* [n_slots]: the column that keeps it, or -1 */
    csv_column *column;
    size_t n;
} csv_table;

/* Quoted where it must be (RFC 4180). */
static void field(ent__buffer *out, const char *text)
{
    if (text[strcspn(text, ",\"\n\r")] == 0) {
        ent__buffer_text(out, text);
        return;
    }
    ent__buffer_text(out, "\"");
    for (; *text != 0; text++)
        ent__buffer_add(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    ent__buffer_text(out, "\"");
}

/* column_of[slot]: its place among the columns kept, or -1. */
static int32_t *columns_by_slot(int32_t n_slots, const ent__keep *keep)
{
    int32_t *column_of = ent__alloc((size_t)n_slots, sizeof *column_of);
    for (int32_t s = 0; column_of != NULL && s < n_slots; s++)
        column_of[s] = -1;
    for (int32_t c = 0; column_of != NULL && c < keep->n_columns; c++)
        column_of[keep->column[c]] = c;
    return column_of;
}

/* The arms of one cell, each once. False where one was not kept. */
static bool add_cell(csv_table *out, int32_t cell, csv_column column, const double *constant)
{
    static const struct { ent_arm arm; const char *name; } order[] = {
        {ENT_ARM_WITH, ""}, {ENT_ARM_WITHOUT, "without"}, {ENT_ARM_TAKEN, "taken"}};
    const ent__program *program = out->results->program;
    bool all = true;
    int32_t with = ent__program_slot(program, ENT_ARM_WITH, cell);
    for (size_t k = 0; k < ENT_COUNT(order); k++) {
        int32_t slot = ent__program_slot(program, (int32_t)order[k].arm, cell), kept = out->column_of[slot];
        if (k > 0 && slot == with)
            continue;
        column.arm = order[k].name;
        column.kept = kept;
        column.constant = constant[order[k].arm];
        if (kept >= 0 || program->slot_constant[slot])
            out->column[out->n++] = column;
        else
            all = false;
    }
    return all;
}

/* Quantities that keep their draws (those along actors or years keep counts), then claims. */
static bool list_columns(csv_table *out)
{
    const ent_plan *plan = out->results->plan;
    bool all = true;
    for (int32_t q = 0; q < plan->n_quantities; q++) {
        double constant[ENT_ARM_COUNT];
        for (size_t a = 0; a < ENT_ARM_COUNT; a++)
            constant[a] = out->results->quantity[q].arm[a].mean;
        if (plan->quantities[q].exact)
            all = add_cell(out, plan->quantities[q].cell, (csv_column){.name = plan->quantities[q].name}, constant) &&
                  all;
    }
    for (int32_t c = 0; c < plan->n_claims; c++) {
        double constant[ENT_ARM_COUNT];
        int32_t cell = plan->claims[c].form >= 0 ? plan->forms[plan->claims[c].form].cell : -1;
        for (size_t a = 0; a < ENT_ARM_COUNT; a++)
            constant[a] = out->results->claim[c].arm[a].share;
        if (cell >= 0)
            all = add_cell(out, cell, (csv_column){.name = plan->claims[c].id, .is_claim = true}, constant) && all;
    }
    return all;
}

static void header(ent__buffer *out, const csv_table *csv)
{
    const ent_plan *plan = csv->results->plan;
    ent__buffer name = {0};
    ent__buffer_text(out, "draw,weight");
    for (int32_t r = 0; r < plan->n_readings; r++) {
        ent__buffer_text(out, ",");
        field(out, ent__plan_text(plan, plan->readings[r].name));
    }
    for (size_t c = 0; c < csv->n; c++) {
        const csv_column *column = &csv->column[c];
        name.length = 0;
        ent__buffer_printf(&name, column->arm[0] != 0 ? "%s(" : "%s", column->arm);
        ent__buffer_printf(&name, column->is_claim ? "claim(%s)" : "%s", ent__plan_text(plan, column->name));
        ent__buffer_text(&name, column->arm[0] != 0 ? ")" : "");
        ent__buffer_text(out, ",");
        field(out, name.failed ? "" : name.data);
    }
    ent__buffer_text(out, "\n");
    out->failed = out->failed || name.failed;
    ent__buffer_free(&name);
}

static void row(ent__buffer *out, const csv_table *csv, int64_t draw)
{
    const ent_plan *plan = csv->results->plan;
    const ent__ensemble *e = csv->e;
    const int64_t at = draw - e->first;
    ent__buffer_printf(out, "%lld,", (long long)draw + 1);
    ent__buffer_number(out, e->weight != NULL ? e->weight[at] : 1);
    for (int32_t r = 0; r < plan->n_readings; r++) {
        ent__buffer_text(out, ",");
        field(out, ent__plan_text(plan, plan->choices[plan->readings[r].choice + e->reading[r][at]].label));
    }
    for (size_t c = 0; c < csv->n; c++) {
        double x = csv->column[c].kept >= 0 ? e->column[csv->column[c].kept][at] : csv->column[c].constant;
        ent__buffer_text(out, ",");
        if (ent__is_finite(x)) /* undefined: an empty field */
            ent__buffer_number(out, x);
    }
    ent__buffer_text(out, "\n");
}

/* The rows of the draws at hand, up to `end`. */
static ent_status write_rows(ent__file *file, ent__buffer *out, const csv_table *csv, int64_t end, ent_error *err)
{
    enum { CHUNK = 1 << 18 };
    ent_status status = ENT_OK;
    for (int64_t draw = csv->e->first; draw < end; draw++) {
        row(out, csv, draw);
        ENT_REQUIRE(!out->failed, ENT_ERR_MEMORY, "not enough memory to write the draws");
        if (out->length >= CHUNK) {
            ENT_TRY(ent__file_write(file, out->data, out->length, err));
            out->length = 0;
        }
    }
done:
    return status;
}

/* --- draws that were counted and not kept ---------------------------------------------------------- */

/* Every slot that a column of the file needs. */
static bool keep_cells(ent__keep *keep, const ent_results *r)
{
    const ent_plan *plan = r->plan;
    bool all = true;
    for (int32_t i = 0; i < plan->n_quantities + plan->n_claims; i++) {
        const int32_t c = i - plan->n_quantities;
        const int32_t cell = c < 0 ? (plan->quantities[i].exact ? plan->quantities[i].cell : -1)
                                   : (plan->claims[c].form >= 0 ? plan->forms[plan->claims[c].form].cell : -1);
        for (int32_t arm = 0; arm < ENT_ARM_COUNT && cell >= 0; arm++) {
            const int32_t slot = ent__program_slot(r->program, arm, cell);
            all = (r->program->slot_constant[slot] || ent__keep_column(keep, slot) >= 0) && all;
        }
    }
    return all;
}

/* They are made again, so many blocks at a time that their numbers take little room: a draw is a function of its number. */
static ent_status write_again(ent__file *file, ent__buffer *out, csv_table *csv, ent_error *err)
{
    enum { ROOM = 32 << 20 };
    ent_status status = ENT_OK;
    const ent__ensemble *counted = csv->results->ensemble;
    const ent_run_options options = {.version = 1, .draws = counted->asked, .has_seed = true, .seed = counted->seed, .keep_draws = true};
    ent__ensemble *e = NULL;
    for (int64_t draw = 0; draw < counted->draws;) {
        ent__keep keep = {0};
        if (!keep_cells(&keep, csv->results)) {
            ent__keep_free(&keep);
            ENT_REQUIRE(false, ENT_ERR_MEMORY, "not enough memory to write the draws");
        }
        int64_t blocks = ROOM / (ent__draw_bytes(csv->results->plan, &keep) * ENT__BLOCK) + 1;
        const int64_t first = draw / ENT__BLOCK, left = ent__blocks(counted->draws) - first;
        ENT_TRY(ent__ensemble_create(&e, csv->results->program, &keep, first, blocks < left ? blocks : left, &options, err));
        ENT_TRY(ent__ensemble_make(e, &options, NULL, err));
        csv->e = e;
        const int64_t end = e->first + e->draws < counted->draws ? e->first + e->draws : counted->draws;
        ENT_TRY(write_rows(file, out, csv, end, err));
        draw = end;
        ent__ensemble_free(e);
        e = NULL;
    }
done:
    ent__ensemble_free(e);
    return status;
}

ent_status ent__fill_draws(ent__file *file, const ent_results *results, ent_error *err)
{
    ent_status status = ENT_OK;
    const bool counted = results->ensemble->counted;
    size_t most = ((size_t)results->plan->n_quantities + (size_t)results->plan->n_claims) * ENT_ARM_COUNT + 1;
    ent__keep again = {0};
    ent__buffer out = {0};
    csv_table csv = {.results = results, .e = results->ensemble, .column = ent__alloc(most, sizeof(csv_column))};
    ENT_REQUIRE(!counted || keep_cells(&again, results), ENT_ERR_MEMORY, "not enough memory to write the draws");
    csv.column_of = columns_by_slot(results->program->n_slots, counted ? &again : &results->ensemble->keep);
    ENT_REQUIRE(csv.column_of != NULL && csv.column != NULL, ENT_ERR_MEMORY, "not enough memory to write the draws");
    ENT_REQUIRE(list_columns(&csv), ENT_ERR_ARGUMENT, "the draws were not kept: run with keep_draws (--csv)");
    header(&out, &csv);
    if (counted)
        ENT_TRY(write_again(file, &out, &csv, err));
    else
        ENT_TRY(write_rows(file, &out, &csv, results->ensemble->draws, err));
    ENT_REQUIRE(!out.failed, ENT_ERR_MEMORY, "not enough memory to write the draws");
    ENT_TRY(ent__file_write(file, out.data, out.length, err));
done:
    ent__keep_free(&again);
    ent__buffer_free(&out);
    ent__free(csv.column_of);
    ent__free(csv.column);
    return status;
}

ent_status ent_results_write_draws(const ent_results *results, const char *path, ent_error *err)
{
    return ent__file_replace(path, ent__fill_draws, results, err);
}

/* --- in place ------------------------------------------------------------------------------------- */

/* The draws of a cell in one arm, as they stand in the ensemble; false where they were not kept. */
static bool view_of(ent_draws_view *out, const ent_results *r, int32_t cell, ent_arm arm, double constant)
{
    const int32_t slot = ent__program_slot(r->program, (int32_t)arm, cell);
    const ent__keep *keep = &r->ensemble->keep;
    if (r->program->slot_constant[slot]) {
        *out = (ent_draws_view){NULL, constant};
        return true;
    }
    for (int32_t c = 0; c < keep->n_columns; c++)
        if (keep->column[c] == slot) {
            *out = (ent_draws_view){r->ensemble->column[c], ENT_UNDEFINED};
            return true;
        }
    return false;
}

ent_status ent_results_quantity_draws(ent_draws_view *out, const ent_results *r, size_t i, ent_arm arm, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(!r->brief, ENT_ERR_ARGUMENT, "a brief run keeps no draws");
    ENT_REQUIRE(i < r->facts.quantities && (unsigned)arm < ENT_ARM_COUNT, ENT_ERR_ARGUMENT, "there is no quantity %zu", i);
    const ent__plan_quantity *quantity = &r->plan->quantities[i];
    ENT_REQUIRE(quantity->exact, ENT_ERR_ARGUMENT,
                "%s has an actor or a year: of such, counts are kept and no draws; name the number in `quantities:` to keep it",
                r->quantity[i].name);
    ENT_REQUIRE(view_of(out, r, quantity->cell, arm, r->quantity[i].arm[arm].mean), ENT_ERR_ARGUMENT,
                "the draws of %s were not kept: run with keep_draws", r->quantity[i].name);
done:
    return status;
}

ent_status ent_results_claim_draws(ent_draws_view *out, const ent_results *r, size_t i, ent_arm arm, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(!r->brief, ENT_ERR_ARGUMENT, "a brief run keeps no draws");
    ENT_REQUIRE(i < r->facts.claims && (unsigned)arm < ENT_ARM_COUNT, ENT_ERR_ARGUMENT, "there is no claim %zu", i);
    const int32_t form = r->plan->claims[i].form;
    ENT_REQUIRE(form >= 0, ENT_ERR_ARGUMENT, "the claim %s is about all draws or has no formula: it has no value in a draw",
                r->claim[i].id);
    ENT_REQUIRE(view_of(out, r, r->plan->forms[form].cell, arm, r->claim[i].arm[arm].share), ENT_ERR_ARGUMENT,
                "the draws of the claim %s were not kept: run with keep_draws", r->claim[i].id);
done:
    return status;
}

const double *ent_results_weights(const ent_results *r)
{
    return r->brief ? NULL : r->ensemble->weight;
}
