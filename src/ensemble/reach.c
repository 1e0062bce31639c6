/* Which drivers reach which tracks: from each claim back through the steps that it is made of. */
#include "ensemble/ensemble.h"

#include <string.h>

enum { AT_ONCE = 64 }; /* tracks, one bit each */

/* Marks every slot that slots marked so far are computed from. Instances come in the order in which they run. */
static void mark_back(const ent__program *program, const ent__instance *instance, int32_t n, uint64_t *mark)
{
    for (int32_t i = n - 1; i >= 0; i--) {
        const ent__step *step = &program->plan->steps[instance[i].step];
        uint64_t bits = 0;
        for (int32_t o = 0; o < step->n_out; o++)
            bits |= mark[instance[i].out + o];
        for (int32_t a = 0; a < step->n_arg && bits != 0; a++)
            mark[program->arg_slot[instance[i].arg + a]] |= bits;
    }
}

/* bits[d]: of tracks from .. from + AT_ONCE - 1, those that driver d reaches. */
static void find_bits(const ent__program *program, const ent__keep *keep, int32_t from, uint64_t *mark, uint64_t *bits)
{
    const ent_plan *plan = program->plan;
    int32_t here = keep->n_tracks - from < AT_ONCE ? keep->n_tracks - from : AT_ONCE;
    memset(mark, 0, (size_t)program->n_slots * sizeof *mark);
    for (int32_t t = 0; t < here; t++) {
        const ent__track *track = &keep->track[from + t];
        mark[track->value] |= UINT64_C(1) << t;
        if (track->when >= 0)
            mark[track->when] |= UINT64_C(1) << t;
    }
    uint64_t all = here == AT_ONCE ? UINT64_MAX : (UINT64_C(1) << here) - 1;
    for (int32_t g = 0; g < plan->n_givens; g++) /* what is known ties inputs together that reach it */
        mark[ent__program_slot(program, ENT_ARM_WITHOUT, plan->givens[g].cell)] |= all;
    mark_back(program, program->instance, program->n_instances, mark);
    for (int32_t d = 0; d < plan->n_drivers; d++)
        bits[d] = mark[ent__program_slot(program, ENT_ARM_WITH, plan->drivers[d].cell)];
}

/* Counts first, then fills. */
static void add_bits(ent__reach *reach, const uint64_t *bits, int32_t n_drivers, int32_t from, int32_t *filled)
{
    for (int32_t d = 0; d < n_drivers; d++)
        for (int32_t t = 0; t < AT_ONCE; t++) {
            if (!(bits[d] >> t & 1))
                continue;
            if (filled != NULL)
                reach->track[reach->first[d] + filled[d]++] = from + t;
            else
                reach->first[d + 1]++;
        }
}

ent_status ent__reach_find(ent__reach *reach, const ent__program *program, const ent__keep *keep, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t drivers = program->plan->n_drivers;
    uint64_t *mark = ent__alloc((size_t)program->n_slots, sizeof *mark), *bits = ent__alloc((size_t)drivers, sizeof *bits);
    int32_t *filled = ent__alloc((size_t)drivers, sizeof *filled);
    reach->first = ent__alloc((size_t)drivers + 1, sizeof *reach->first);
    ENT_REQUIRE(mark && bits && filled && reach->first, ENT_ERR_MEMORY, "not enough memory for %d inputs", drivers);
    for (int32_t from = 0; from < keep->n_tracks; from += AT_ONCE) {
        find_bits(program, keep, from, mark, bits);
        add_bits(reach, bits, drivers, from, NULL);
    }
    for (int32_t d = 0; d < drivers; d++) {
        ENT_REQUIRE(reach->first[d + 1] <= INT32_MAX - reach->first[d], ENT_ERR_LIMIT, "%d claims on %d inputs are too many", keep->n_tracks, drivers);
        reach->first[d + 1] += reach->first[d];
    }
    reach->track = ent__alloc((size_t)reach->first[drivers], sizeof *reach->track);
    ENT_REQUIRE(reach->track != NULL, ENT_ERR_MEMORY, "not enough memory for %d inputs", drivers);
    for (int32_t from = 0; from < keep->n_tracks; from += AT_ONCE) {
        find_bits(program, keep, from, mark, bits);
        add_bits(reach, bits, drivers, from, filled);
    }
done:
    ent__free(mark);
    ent__free(bits);
    ent__free(filled);
    return status;
}

void ent__reach_free(ent__reach *reach)
{
    ent__free(reach->first);
    ent__free(reach->track);
}
