/* Running a change again gives the bits of a program that was made with it: on the shipped scenario, given as argument. */
#include "check.h"
#include "entente.h"
#include "plan/plan.h"

#include <string.h>

enum { L = ENT__LANES };
static const char *folder;

typedef struct ready {
    ent_diagnostics *list;
    ent_scenario *scenario;
    ent_plan *plan;
    ent__program *program;
    ent__machine *machine;
} ready;

static ready make_ready(const ent_setting *setting, size_t n, uint64_t seed)
{
    ready r = {.list = ent_diagnostics_create()};
    ent_error err;
    assert_int_equal(ent_scenario_read(&r.scenario, folder, r.list, &err), ENT_OK);
    assert_int_equal(ent_plan_compile(&r.plan, r.scenario, setting, n, r.list, &err), ENT_OK);
    assert_int_equal(ent__program_create(&r.program, r.plan, &err), ENT_OK);
    assert_int_equal(ent__machine_create(&r.machine, r.program, seed, &err), ENT_OK);
    ent__machine_run(r.machine, 0, L);
    return r;
}

static void free_ready(ready *r)
{
    ent__machine_free(r->machine);
    ent__program_free(r->program);
    ent_plan_free(r->plan);
    ent_scenario_free(r->scenario);
    ent_diagnostics_free(r->list);
}

static size_t bytes_of(const ready *r) { return (size_t)r->program->n_slots * L * sizeof(double); }

/* In how many of the lanes that were run do two machines of the same shape differ? */
static int32_t lanes_that_differ(const ready *a, const ready *b)
{
    assert_int_equal(a->program->n_slots, b->program->n_slots);
    int32_t n = 0;
    for (size_t i = 0; i < (size_t)a->program->n_slots * L; i++)
        n += memcmp(&a->machine->slot[i], &b->machine->slot[i], sizeof(double)) != 0;
    return n;
}

/* Every uniform drawn with another seed is a run with that seed; put back, all is as it was. */
static void all_uniforms_again_is_another_seed(void **state)
{
    (void)state;
    ready a = make_ready(NULL, 0, 1), b = make_ready(NULL, 0, 2);
    int32_t *cell = calloc((size_t)a.plan->n_steps, sizeof *cell), n = 0;
    for (int32_t s = 0; s < a.plan->n_steps; s++)
        if (a.plan->steps[s].op == ENT__DO_UNIFORM)
            cell[n++] = a.plan->steps[s].out;
    ent__redo *redo = calloc((size_t)n, sizeof *redo);
    for (int32_t i = 0; i < n; i++)
        redo[i] = (ent__redo){.kind = ENT__REDO_SEED, .seed = 2};
    ent__rerun *rerun;
    ent_error err;
    assert_int_equal(ent__rerun_create(&rerun, a.program, cell, n, &err), ENT_OK);
    double *before = malloc(bytes_of(&a)), *kept = malloc((size_t)rerun->n_slots * L * sizeof *kept);
    memcpy(before, a.machine->slot, bytes_of(&a));
    ent__rerun_keep(rerun, a.machine, kept);
    a.machine->seed = 2; /* what models draw themselves */
    ent__rerun_run(rerun, a.machine, redo, 0, L);
    assert_int_equal(lanes_that_differ(&a, &b), 0);
    assert_true(memcmp(before, a.machine->slot, bytes_of(&a)) != 0);
    ent__rerun_restore(rerun, a.machine, kept);
    assert_memory_equal(before, a.machine->slot, bytes_of(&a));
    free(before);
    free(kept);
    free(cell);
    free(redo);
    ent__rerun_free(rerun);
    free_ready(&a);
    free_ready(&b);
}

/* Written over, a number of the plan gives what a plan gives that was compiled with it; as does the value of its cell. */
static void a_changed_number_is_another_plan(void **state)
{
    (void)state;
    int32_t tried = 0;
    for (int32_t k = 0; k < 3; k++) { /* the 1st, 8th and 15th certain input */
        ready a = make_ready(NULL, 0, 1);
        int32_t input = -1;
        for (int32_t i = 0, seen = 0; i < a.plan->n_inputs && input < 0; i++)
            if (!a.plan->inputs[i].uncertain && seen++ == 7 * k)
                input = i;
        assert_true(input >= 0);
        int32_t cell = a.plan->inputs[input].cell;
        double old = ent__machine_slot(a.machine, ent__program_slot(a.program, ENT_ARM_WITHOUT, cell))[0];
        char text[40];
        snprintf(text, sizeof text, "%.17g", old * 0.75);
        ent_setting setting = {ent__plan_text(a.plan, a.plan->inputs[input].name), text};
        ready b = make_ready(&setting, 1, 1);
        ent__rerun *rerun;
        ent_error err;
        assert_int_equal(ent__rerun_create(&rerun, a.program, &cell, 1, &err), ENT_OK);
        double *kept = malloc((size_t)rerun->n_slots * L * sizeof *kept);
        ent__rerun_keep(rerun, a.machine, kept);
        ent__rerun_run(rerun, a.machine, &(ent__redo){.kind = ENT__REDO_VALUE, .value = strtod(text, NULL)}, 0, L);
        assert_int_equal(lanes_that_differ(&a, &b), 0);
        tried += rerun->n_slots > 1;
        free(kept);
        ent__rerun_free(rerun);
        free_ready(&a);
        free_ready(&b);
    }
    assert_true(tried > 0);
}

/* Nothing changed, nothing else comes out; and less than everything is run for one input. */
static void one_input_runs_a_part(void **state)
{
    (void)state;
    ready a = make_ready(NULL, 0, 1);
    double *before = malloc(bytes_of(&a));
    memcpy(before, a.machine->slot, bytes_of(&a));
    int32_t whole = 0, parts = 0;
    for (int32_t d = 0; d < a.plan->n_drivers; d += 9) {
        ent__rerun *rerun;
        ent_error err;
        int32_t cell = a.plan->drivers[d].cell;
        assert_int_equal(ent__rerun_create(&rerun, a.program, &cell, 1, &err), ENT_OK);
        ent__rerun_run(rerun, a.machine, &(ent__redo){.kind = ENT__REDO_AGAIN}, 0, L);
        assert_memory_equal(before, a.machine->slot, bytes_of(&a));
        assert_true(rerun->n_instances >= 1);
        parts += rerun->n_instances < a.program->n_instances / 2;
        whole++;
        ent__rerun_free(rerun);
    }
    assert_true(parts > whole / 4);
    free(before);
    free_ready(&a);
}

/* A program that aims at one cell computes that cell as the whole program does, with fewer steps. */
static void a_program_for_one_question(void **state)
{
    (void)state;
    ready a = make_ready(NULL, 0, 1);
    uint64_t all = 0;
    for (int32_t p = 0; p < a.plan->n_provisions; p++)
        all |= UINT64_C(1) << p;
    uint64_t subset[2] = {0, all};
    for (int32_t c = 0; c < a.plan->n_claims; c++) {
        if (a.plan->claims[c].form < 0 || a.plan->forms[a.plan->claims[c].form].cell < 0)
            continue;
        int32_t cell = a.plan->forms[a.plan->claims[c].form].cell, own = ENT__ARM_SUBSET + a.plan->n_subsets;
        ent__arg root[4] = {{cell, ENT__ARM_WITH}, {cell, own}, {cell, own + 1}, {cell, ENT__ARM_WITHOUT}};
        ent__aim aim = {subset, 2, root, 4};
        ent__program *program;
        ent__machine *machine;
        ent_error err;
        assert_int_equal(ent__program_create_for(&program, a.plan, &aim, &err), ENT_OK);
        assert_true(program->n_instances < a.program->n_instances);
        assert_int_equal(ent__machine_create(&machine, program, 1, &err), ENT_OK);
        ent__machine_run(machine, 0, L);
        for (int r = 0; r < 4; r++) { /* nothing in force is without; all in force is with */
            if (r == 1 && a.plan->forms[a.plan->claims[c].form].needs_with)
                continue; /* it compares with the document: there, with nothing */
            int32_t base = r == 1 || r == 3 ? ENT_ARM_WITHOUT : ENT_ARM_WITH;
            assert_memory_equal(ent__machine_slot(a.machine, ent__program_slot(a.program, base, cell)),
                                ent__machine_slot(machine, ent__program_slot(program, ent__program_arm(root[r].arm), cell)),
                                L * sizeof(double));
        }
        ent__machine_free(machine);
        ent__program_free(program);
    }
    free_ready(&a);
}

int main(int argc, char **argv)
{
    assert_true(argc == 2);
    folder = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_uniforms_again_is_another_seed),
        cmocka_unit_test(a_changed_number_is_another_plan),
        cmocka_unit_test(one_input_runs_a_part),
        cmocka_unit_test(a_program_for_one_question),
    };
    return cmocka_run_group_tests_name("rerun", tests, NULL, NULL);
}
