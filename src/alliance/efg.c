/* The deterrence game as Gambit's extensive form, version 2.
 *
 * The challenger moves first; then each defender, not knowing of the others, abandons (its first action) or honours.
 * What a defender gets depends on its own act alone, as in deterrence.c; what the challenger gets, on the help of those
 * who come. Each player's payoffs are multiplied by its own lambda, so that every player's precision is 1: the logit
 * agent quantal response equilibrium at lambda = 1 has the challenger challenge with x and defender j honour with h_j.
 */
#include "alliance/alliance.h"
#include "core/contest.h"

typedef struct tree {
    ent__buffer *to;
    const ent_deterrence_input *in;
    size_t leaf;
} tree;

static void put_payoffs(tree *t, const char *label, double challenger, double each(const tree *, size_t, bool),
                        uint32_t comes)
{
    t->leaf++;
    ent__buffer_printf(t->to, "t \"\" %zu \"%s\" { ", t->leaf, label);
    ent__buffer_number(t->to, challenger);
    for (size_t j = 0; j < t->in->n; j++) {
        ent__buffer_text(t->to, ", ");
        ent__buffer_number(t->to, each != NULL ? each(t, j, comes >> j & 1) : 0);
    }
    ent__buffer_text(t->to, " }\n");
}

static double defender_gets(const tree *t, size_t j, bool honours)
{
    const ent_deterrence_input *in = t->in;
    const double p = ent_contest(in->challenger, in->target + (honours ? in->help[j] : 0), in->m);
    return in->lambda_defender * (-(honours ? in->cost[j] : in->stake[j]) - p * in->loss[j]);
}

static double challenger_gets(const tree *t, uint32_t comes)
{
    const ent_deterrence_input *in = t->in;
    double help = 0;
    for (size_t j = 0; j < in->n; j++)
        help += comes >> j & 1 ? in->help[j] : 0;
    const double p = ent_contest(in->challenger, in->target + help, in->m);
    return in->lambda_challenger * (p * in->v - (comes != 0 ? in->c_opposed : in->c));
}

/* Depth first, as Gambit reads it: defender j's node, its branch of abandoning, its branch of honouring. */
static void put_defenders(tree *t, size_t j, uint32_t comes)
{
    if (j == t->in->n) {
        put_payoffs(t, comes != 0 ? "opposed" : "abandoned", challenger_gets(t, comes), defender_gets, comes);
        return;
    }
    ent__buffer_printf(t->to, "p \"\" %zu 1 \"\" { \"abandon\" \"honour\" } 0\n", j + 2);
    put_defenders(t, j + 1, comes);
    put_defenders(t, j + 1, comes | (uint32_t)1 << j);
}

static void put_name(ent__buffer *to, const char *name)
{
    ent__buffer_text(to, " \"");
    for (; *name != 0; name++)
        ent__buffer_add(to, *name == '"' || *name == '\\' ? "'" : name, 1);
    ent__buffer_text(to, "\"");
}

ent_status ent_deterrence_efg(char **text, size_t *length, const ent_deterrence_input *in, const char *const *name,
                              ent_error *err)
{
    ent_status status = ENT_OK;
    ent__buffer to = {0};
    ENT_REQUIRE(text != NULL && length != NULL && in != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_TRY(ent__deterrence_check(in, err));
    ENT_REQUIRE(in->n <= ENT_DETERRENCE_EXACT, ENT_ERR_LIMIT,
                "%zu defenders; a game tree is written for at most %d, which have 2^%d ends", in->n,
                ENT_DETERRENCE_EXACT, ENT_DETERRENCE_EXACT);
    ent__buffer_text(&to, "EFG 2 R \"Deterrence: payoffs times each player's lambda\" {");
    for (size_t j = 0; j <= in->n; j++) {
        char number[32];
        ent__buffer plain = {0};
        if (name == NULL && j > 0) {
            number[ent__number_text(number, (double)j)] = 0;
            ent__buffer_printf(&plain, "defender %s", number);
        }
        put_name(&to, name != NULL ? name[j] : j == 0 ? "challenger" : plain.data != NULL ? plain.data : "");
        to.failed = to.failed || plain.failed;
        ent__buffer_free(&plain);
    }
    ent__buffer_text(&to, " }\n\"\"\n\np \"\" 1 1 \"\" { \"status quo\" \"challenge\" } 0\n");
    tree t = {&to, in, 0};
    put_payoffs(&t, "status quo", 0, NULL, 0);
    put_defenders(&t, 0, 0);
    ENT_REQUIRE(!to.failed, ENT_ERR_MEMORY, "not enough memory for the game");
    *text = to.data;
    *length = to.length;
    to.data = NULL;
done:
    ent__buffer_free(&to);
    return status;
}
