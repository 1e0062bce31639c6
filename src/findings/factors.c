/* Factors: the uniforms of a plan, joined by the name of what is drawn with them. */
#include "findings/factors.h"

#include <stdlib.h>
#include <string.h>

typedef struct source { /* a uniform and whose it is */
    const char *name;
    int32_t cell, order, with; /* with: of a correlated set, its first uniform's order; or -1 */
} source;

static int by_name(const void *a, const void *b)
{
    const source *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : x->order < y->order ? -1 : x->order > y->order;
}

static int by_order(const void *a, const void *b)
{
    const source *x = a, *y = b;
    return x->order != y->order ? (x->order < y->order ? -1 : 1) : x->cell < y->cell ? -1 : x->cell > y->cell;
}

static int32_t find_driver(const ent_plan *plan, const char *name)
{
    for (int32_t d = 0; d < plan->n_drivers; d++)
        if (strcmp(ent__plan_text(plan, plan->drivers[d].name), name) == 0)
            return d;
    return -1;
}

/* Which uniforms are joined by a copula: with[cell] is the first of them, or -1. */
static void mark_correlated(const ent_plan *plan, int32_t *with)
{
    for (int32_t c = 0; c < plan->head->n_cells; c++)
        with[c] = -1;
    for (int32_t s = 0; s < plan->n_steps; s++)
        for (int32_t a = 0; plan->steps[s].op == ENT__DO_COPULA && a < plan->steps[s].n_arg; a++)
            with[plan->args[plan->steps[s].arg + a].cell] = plan->args[plan->steps[s].arg].cell;
}

static void describe(ent__factor *f, const ent_plan *plan, ent__arena *arena)
{
    f->driver = find_driver(plan, f->name);
    f->label = f->name;
    f->unit = "";
    f->kind = ENT__FACTOR_EVENT; /* how a decision falls in one year is nobody's driver */
    if (f->driver < 0) {
        const char *label = ent__arena_printf(arena, "how %s falls", f->name);
        f->label = label != NULL ? label : f->name;
        return;
    }
    const ent__plan_driver *driver = &plan->drivers[f->driver];
    f->label = ent__plan_text(plan, driver->label);
    f->kind = driver->kind == ENT__DRIVER_UNIFORM ? ENT__FACTOR_INPUT : driver->kind == ENT__DRIVER_CHOICE ? ENT__FACTOR_MODEL : ENT__FACTOR_EVENT;
    if (driver->kind == ENT__DRIVER_UNIFORM)
        f->unit = ent__plan_text(plan, plan->inputs[driver->input].unit);
}

/* --- groups ------------------------------------------------------------------------------------------ */

/* The model whose call an input reaches without passing another: marks, for each cell, the first such model found. */
static void mark_models(const ent_plan *plan, ent__text *model)
{
    memset(model, 0, (size_t)plan->head->n_cells * sizeof *model);
    for (int32_t s = plan->n_steps - 1; s >= 0; s--) {
        const ent__step *step = &plan->steps[s];
        ent__text of = 0;
        if (step->op == ENT__DO_CALL)
            of = plan->calls[step->extra].model;
        else if (step->op != ENT__DO_SETTLE && step->op != ENT__DO_SETTLE_MANY)
            for (int32_t o = 0; o < step->n_out; o++)
                of = model[step->out + o] != 0 ? model[step->out + o] : of;
        for (int32_t a = 0; a < step->n_arg && of != 0; a++)
            model[plan->args[step->arg + a].cell] = of;
    }
}

static const char *actor_of(const ent_plan *plan, const char *name)
{
    const char *bracket = strchr(name, '['), *end = bracket != NULL ? strpbrk(bracket, ",]") : NULL;
    for (int32_t a = 0; a < plan->n_actors && end != NULL; a++) {
        const char *id = ent__plan_text(plan, plan->actors[a].id);
        if (strlen(id) == (size_t)(end - bracket - 1) && strncmp(id, bracket + 1, strlen(id)) == 0)
            return ent__plan_text(plan, plan->actors[a].name);
    }
    return NULL;
}

static bool is_stance(const char *name)
{
    return strstr(name, ".position[") != NULL || strstr(name, ".salience[") != NULL || strstr(name, ".capability[") != NULL;
}

static const char *group_of(const ent_plan *plan, const ent__factor *f, const ent__text *model, ent__arena *arena)
{
    const char *actor = actor_of(plan, f->name);
    if (f->kind == ENT__FACTOR_MODEL)
        return "the choice of model";
    if (f->kind == ENT__FACTOR_EVENT)
        return "what falls by chance: provisions and decisions";
    if (actor != NULL && is_stance(f->name))
        return ent__arena_printf(arena, "stances of %s", actor);
    if (model[f->cell[0]] != 0)
        return ent__arena_printf(arena, "inputs of the model %s", ent__plan_text(plan, model[f->cell[0]]));
    return actor != NULL ? ent__arena_printf(arena, "other numbers of %s", actor) : "other inputs";
}

/* Joins factors of one group, in the order of their first. */
static ent_status join_groups(ent__factor *factor, int32_t *n, const ent_plan *plan, ent__arena *arena, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t made = 0;
    ent__text *model = ent__alloc((size_t)plan->head->n_cells, sizeof *model);
    ENT_REQUIRE(model != NULL, ENT_ERR_MEMORY, "not enough memory for groups of inputs");
    mark_models(plan, model);
    for (int32_t f = 0; f < *n; f++) {
        ent__factor old = factor[f];
        const char *name = group_of(plan, &old, model, arena);
        ENT_REQUIRE(name != NULL, ENT_ERR_MEMORY, "not enough memory for groups of inputs");
        int32_t g = 0;
        while (g < made && strcmp(factor[g].name, name) != 0)
            g++;
        if (g == made)
            factor[made++] = (ent__factor){.name = name, .label = name, .unit = "", .kind = ENT__FACTOR_GROUP, .driver = -1};
        int32_t *cell = ent__arena_alloc(arena, (size_t)(factor[g].n_cells + old.n_cells), sizeof *cell);
        ENT_REQUIRE(cell != NULL, ENT_ERR_MEMORY, "not enough memory for groups of inputs");
        if (factor[g].n_cells > 0)
            memcpy(cell, factor[g].cell, (size_t)factor[g].n_cells * sizeof *cell);
        memcpy(cell + factor[g].n_cells, old.cell, (size_t)old.n_cells * sizeof *cell);
        factor[g].cell = cell;
        factor[g].n_cells += old.n_cells;
        factor[g].n_inputs += old.n_inputs;
    }
    *n = made;
done:
    ent__free(model);
    return status;
}

/* --- all of them --------------------------------------------------------------------------------------- */

/* A factor answers to its name, to that of any input it joins, and a decision's years to the decision's. */
static bool is_called(const ent__factor *f, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = f->name; at != NULL && *at != 0; at = strstr(at, ", ") != NULL ? strstr(at, ", ") + 2 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == 0 || strncmp(at + length, ", ", 2) == 0 || (at[length] == '[' && f->driver < 0)))
            return true;
    return false;
}

static ent_status keep_only(ent__factor *factor, int32_t *n, const char *const *only, size_t n_only, ent_error *err)
{
    int32_t kept = 0;
    for (size_t k = 0; k < n_only; k++) {
        const char *near = NULL;
        bool found = false;
        for (int32_t f = 0; f < *n && !found; f++) {
            found = is_called(&factor[f], only[k]);
            const char *pair[2] = {near, factor[f].name};
            near = near == NULL ? ent__nearest(only[k], pair + 1, 1) : ent__nearest(only[k], pair, 2);
        }
        if (!found)
            return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "no uncertain input is called \"%s\"%s%s%s", only[k],
                                  near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
    }
    for (int32_t f = 0; f < *n; f++)
        for (size_t k = 0; k < n_only; k++)
            if (is_called(&factor[f], only[k])) {
                factor[kept++] = factor[f];
                break;
            }
    *n = kept;
    return ENT_OK;
}

/* Uniforms of one name lie together; then those of one correlated set; then in the order of the plan. */
static int32_t join_sources(source *all, int32_t n, const int32_t *with)
{
    qsort(all, (size_t)n, sizeof *all, by_name);
    for (int32_t i = 0; i < n; i++) {
        bool same = i > 0 && strcmp(all[i].name, all[i - 1].name) == 0;
        all[i].order = same ? all[i - 1].order : all[i].order;
    }
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = 0; with[all[i].cell] >= 0 && k < n; k++)
            if (all[k].cell == with[all[i].cell])
                all[i].order = all[k].order;
    qsort(all, (size_t)n, sizeof *all, by_order);
    return n;
}

ent_status ent__factors_find(ent__factor **out, int32_t *n, const ent_plan *plan, const char *const *only, size_t n_only,
                             bool groups, ent__arena *arena, ent_error *err)
{
    ent_status status = ENT_OK;
    source *all = ent__alloc((size_t)plan->n_steps + 1, sizeof *all);
    int32_t *with = ent__alloc((size_t)plan->head->n_cells, sizeof *with), sources = 0;
    ENT_REQUIRE(all && with, ENT_ERR_MEMORY, "not enough memory for the inputs");
    for (int32_t s = 0; s < plan->n_steps; s++)
        if (plan->steps[s].op == ENT__DO_UNIFORM) {
            all[sources] = (source){ent__plan_text(plan, plan->streams[plan->steps[s].extra].name), plan->steps[s].out, sources, -1};
            sources++;
        }
    mark_correlated(plan, with);
    join_sources(all, sources, with);
    ent__factor *factor = ent__arena_alloc(arena, (size_t)sources + 1, sizeof *factor);
    int32_t *cell = ent__arena_alloc(arena, (size_t)sources + 1, sizeof *cell), made = 0;
    ENT_REQUIRE(factor && cell, ENT_ERR_MEMORY, "not enough memory for %d inputs", sources);
    for (int32_t i = 0; i < sources; i++) {
        cell[i] = all[i].cell;
        if (i > 0 && all[i].order == all[i - 1].order) {
            ent__factor *f = &factor[made - 1];
            f->n_cells++;
            if (strcmp(all[i].name, all[i - 1].name) != 0) { /* correlated with it */
                const char *joined = ent__arena_printf(arena, "%s, %s", f->name, all[i].name);
                int32_t driver = find_driver(plan, all[i].name);
                const char *label = ent__arena_printf(arena, "%s with %s", f->label, driver >= 0 ? ent__plan_text(plan, plan->drivers[driver].label) : all[i].name);
                ENT_REQUIRE(joined && label, ENT_ERR_MEMORY, "not enough memory for %d inputs", sources);
                f->name = joined;
                f->label = label;
                f->unit = "";
                f->driver = -1;
                f->n_inputs++;
            }
            continue;
        }
        factor[made] = (ent__factor){.name = all[i].name, .cell = cell + i, .n_cells = 1, .n_inputs = 1};
        describe(&factor[made++], plan, arena);
    }
    *n = made;
    if (n_only > 0)
        ENT_TRY(keep_only(factor, n, only, n_only, err));
    if (groups)
        ENT_TRY(join_groups(factor, n, plan, arena, err));
    *out = factor;
done:
    ent__free(all);
    ent__free(with);
    return status;
}
