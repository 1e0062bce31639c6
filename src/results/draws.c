/* draws.csv: one row a draw. First its number and weight, the model that each reading drew, then every quantity with
 * the document under its own name, and `without(NAME)` and `taken(NAME)` where the document reaches it. */
#include "results/results.h"

#include "findings/findings.h"

#include <string.h>

typedef struct csv_column {
    const double *value; /* [draws], or NULL: constant */
    double constant;
    const char *arm;     /* "", "without", "taken" */
    ent__text name;
    bool is_claim;
} csv_column;

typedef struct csv_table {
    const ent_results *results;
    int32_t *column_of; /* [n_slots]: the column that keeps it, or -1 */
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
static int32_t *columns_by_slot(const ent__ensemble *e)
{
    int32_t n = e->program->n_slots;
    int32_t *column_of = ent__alloc((size_t)n, sizeof *column_of);
    for (int32_t s = 0; column_of != NULL && s < n; s++)
        column_of[s] = -1;
    for (int32_t c = 0; column_of != NULL && c < e->keep.n_columns; c++)
        column_of[e->keep.column[c]] = c;
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
        column.value = kept >= 0 ? out->results->ensemble->column[kept] : NULL;
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
    const ent__ensemble *e = csv->results->ensemble;
    ent__buffer_printf(out, "%lld,", (long long)draw + 1);
    ent__buffer_number(out, e->weight != NULL ? e->weight[draw] : 1);
    for (int32_t r = 0; r < plan->n_readings; r++) {
        ent__buffer_text(out, ",");
        field(out, ent__plan_text(plan, plan->choices[plan->readings[r].choice + e->reading[r][draw]].label));
    }
    for (size_t c = 0; c < csv->n; c++) {
        double x = csv->column[c].value != NULL ? csv->column[c].value[draw] : csv->column[c].constant;
        ent__buffer_text(out, ",");
        if (ent__is_finite(x)) /* undefined: an empty field */
            ent__buffer_number(out, x);
    }
    ent__buffer_text(out, "\n");
}

static ent_status write_rows(ent__file *file, const csv_table *csv, ent_error *err)
{
    enum { CHUNK = 1 << 18 };
    ent_status status = ENT_OK;
    ent__buffer out = {0};
    header(&out, csv);
    for (int64_t draw = 0; draw < csv->results->ensemble->draws; draw++) {
        row(&out, csv, draw);
        ENT_REQUIRE(!out.failed, ENT_ERR_MEMORY, "not enough memory to write the draws");
        if (out.length >= CHUNK) {
            ENT_TRY(ent__file_write(file, out.data, out.length, err));
            out.length = 0;
        }
    }
    ENT_REQUIRE(!out.failed, ENT_ERR_MEMORY, "not enough memory to write the draws");
    ENT_TRY(ent__file_write(file, out.data, out.length, err));
done:
    ent__buffer_free(&out);
    return status;
}

ent_status ent__fill_draws(ent__file *file, const ent_results *results, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t most = ((size_t)results->plan->n_quantities + (size_t)results->plan->n_claims) * ENT_ARM_COUNT + 1;
    csv_table csv = {results, columns_by_slot(results->ensemble), ent__alloc(most, sizeof(csv_column)), 0};
    ENT_REQUIRE(csv.column_of != NULL && csv.column != NULL, ENT_ERR_MEMORY, "not enough memory to write the draws");
    ENT_REQUIRE(list_columns(&csv), ENT_ERR_ARGUMENT, "the draws were not kept: run with keep_draws (--csv)");
    ENT_TRY(write_rows(file, &csv, err));
done:
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
