/* Any model by its name, from what the table says of it: who pays in an alliance, over two years.
 * Round numbers, not those of any states. */
#include <entente.h>

#include <stdio.h>
#include <string.h>

enum { MOST = 64, ALLIES = 3, YEARS = 2 };

static size_t find(const ent_port *port, size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && strcmp(port[i].name, name) != 0)
        i++;
    return i;
}

int main(void)
{
    const ent_model *model = ent_model_find("burden_sharing");
    const double income[] = {29000, 4700, 3200}, observed[] = {980, 94, 66}, spillover = 0.4;
    const double floor[] = {580, 94, 64, 1015, 164.5, 112}; /* 2 % of income, then 3.5 % */
    double burden[YEARS * ALLIES], *out[MOST] = {NULL};
    ent_numbers given[MOST] = {{NULL, 0}};
    ent_model_input in = ENT_MODEL_INPUT_INIT;
    ent_error err = {0};
    in.count[ENT_AXIS_ALLY] = ALLIES;
    in.count[ENT_AXIS_YEAR] = YEARS;
    in.first_year = 2026;
    in.input = given;
    given[find(model->inputs, model->n_inputs, "income")] = (ent_numbers){income, ALLIES}; /* the same each year */
    given[find(model->inputs, model->n_inputs, "observed")] = (ent_numbers){observed, ALLIES};
    given[find(model->inputs, model->n_inputs, "spillover")] = (ent_numbers){&spillover, 1};
    given[find(model->inputs, model->n_inputs, "floor")] = (ent_numbers){floor, YEARS * ALLIES};
    out[find(model->outputs, model->n_outputs, "burden")] = burden;
    if (ent_model_call(out, NULL, model, &in, &err) != ENT_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (int y = 0; y < YEARS; y++)
        for (int i = 0; i < ALLIES; i++)
            printf("%d, ally %d: %.2f %% of its GDP\n", 2026 + y, i + 1, 100 * burden[y * ALLIES + i]);
    return 0;
}
