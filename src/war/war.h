/* What the files of this room share. */
#ifndef ENT_SRC_WAR_H
#define ENT_SRC_WAR_H

#include "core/core.h"
#include "entente/war.h"

extern const ent_model ent__model_war;

/* --- fight.c: what fighting on is worth ------------------------------------------------------------- */

/* Both sides' values, each seen from its own end: value[j], j = 0..K steps from its own collapse. */
typedef struct ent__war_values {
    double p[2], cost[2]; /* what they were computed for: each side's chance to win a move, its cost a month */
    bool known;
    int32_t quits[2];     /* gives up within so many steps of its collapse */
    double *value[2];     /* K + 1 each */
} ent__war_values;

/* Solves anew unless p and cost are those of the last time. `space` holds 4 (K + 1) numbers. */
void ent__war_values_solve(ent__war_values *v, const double p[2], const double cost[2], int32_t states, double move,
                           double discount, double *space);

/* --- stop.c: what a state does ---------------------------------------------------------------------- */

typedef enum ent__war_act {
    ENT__WAR_FIGHT,   /* both fight on */
    ENT__WAR_SETTLE,  /* there is a range; it is found with chance `talk` */
    ENT__WAR_FREEZE,
    ENT__WAR_QUIT_A,
    ENT__WAR_QUIT_B
} ent__war_act;

/* What month t needs of its series. */
typedef struct ent__war_month {
    double odds;         /* p */
    double odds_no_aid;  /* p with effort_b less aid_b */
    double cost[2], guarantee[2], talk;
} ent__war_month;

/* The act of every interior line, and the y that is agreed on where it is to settle; where `fight` is not NULL, only of
 * lines with a mass there. */
void ent__war_decide(unsigned char *act, double *y, const ent_war_input *in, const ent__war_month *now,
                     const ent__war_values *v, const double *fight);

/* --- check.c, war.c ---------------------------------------------------------------------------------- */

/* ENT_OK, or what is wrong with the input. Allocates nothing. */
ent_status ent__war_check(const ent_war_input *in, ent_error *err);
/* Which value of its series month t takes. */
static inline size_t ent__war_value_of(const ent_war_input *in, int32_t t)
{
    if (in->months_a_value != 12)
        return (size_t)t;
    return (size_t)((in->start_month % 12 + t) / 12);
}
size_t ent__war_workspace(int32_t states, size_t n_events);
/* The input must have passed ent__war_check(). Allocates nothing. */
void ent__war_run(ent_war_output *out, const ent_war_input *in, void *workspace);

#endif
