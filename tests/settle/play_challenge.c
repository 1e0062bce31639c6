/* Plays the challenge model on numbers from standard input and prints all that came of it, for test_challenge_twin.py.
 *
 * In, a line a case: n variant accept confrontation q tolerance rounds, then position salience capability of each
 * actor. Out: "case", then for each round a line of its state and one an offer, then "end"; numbers read back to the
 * same double. */
#include "entente/challenge.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 64 };

static double number(void)
{
    double x;
    if (scanf("%lf", &x) != 1)
        exit(2);
    return x;
}

static void print_numbers(const char *name, const double *x, size_t n)
{
    printf("%s", name);
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf("\n");
}

static void print_round(const ent_challenge_round *round, size_t n)
{
    print_numbers("position", round->position, n);
    print_numbers("middle", (double[]){round->median, round->mean}, 2);
    if (round->danger == NULL)
        return;
    print_numbers("danger", round->danger, n);
    print_numbers("risk", round->risk, n);
    print_numbers("exponent", round->exponent, n);
    for (size_t o = 0; o < round->n_offers; o++) {
        const ent_challenge_offer *offer = &round->offer[o];
        double told[] = {offer->receiver,    offer->proposer, offer->kind,    offer->eu_receiver,
                         offer->eu_proposer, offer->position, offer->accepted};
        print_numbers("offer", told, sizeof told / sizeof told[0]);
    }
}

int main(void)
{
    static double position[MOST], salience[MOST], capability[MOST];
    for (size_t n; scanf("%zu", &n) == 1 && n <= MOST;) {
        ent_challenge_options options = ENT_CHALLENGE_OPTIONS_INIT;
        options.variant = (ent_challenge_variant)number();
        options.accept = (ent_challenge_accept)number();
        options.confrontation = (ent_challenge_conflict)number();
        options.q = number();
        options.tolerance = number();
        options.max_rounds = (int32_t)number();
        for (size_t i = 0; i < n; i++) {
            position[i] = number();
            salience[i] = number();
            capability[i] = number();
        }
        ent_challenge_input input = {.n = n, .position = position, .salience = salience, .capability = capability};
        ent_challenge_result *result = NULL;
        ent_error err = {0};
        if (ent_challenge(&result, &input, &options, &err) != ENT_OK) {
            fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        printf("case\n");
        for (int32_t t = 0; t <= result->rounds; t++)
            print_round(&result->round[t], n);
        double end[] = {result->stop, result->cycle_length, result->outcome, result->mean};
        print_numbers("end", end, sizeof end / sizeof end[0]);
        ent_challenge_free(result);
    }
    return 0;
}
