/* Plays the spatial model on numbers from standard input and prints all that came of it, for test_spatial_twin.py.
 *
 * In:  n dims by_dimension accommodating seed stream draw; the ten options in the order of ent_spatial_options; rounds;
 *      then positions, saliences, capabilities and, where accommodating, the matrix. Scales run from 0 to 1.
 * Out: a line of numbers for each table, named; numbers read back to the same double. */
#include "entente/spatial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static double *read_table(size_t n)
{
    double *table = malloc((n > 0 ? n : 1) * sizeof *table);
    for (size_t i = 0; i < n; i++)
        if (!table || scanf("%lf", &table[i]) != 1)
            exit(2);
    return table;
}

static void print_table(const char *name, const double *x, size_t n)
{
    printf("%s", name);
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf("\n");
}

static void print_round(const ent_spatial_round *round, size_t n, size_t dims)
{
    print_table("position", round->position, n * dims);
    print_table("ideal", round->ideal, n * dims);
    print_table("risk", round->risk, n);
    print_table("chance", round->chance, n);
    print_table("win", round->win_probability, n);
    for (size_t m = 0; m < round->n_offers; m++) {
        const ent_spatial_offer *offer = &round->offer[m];
        printf("offer %d %d %.17g %.17g %d %d", (int)offer->initiator, (int)offer->receiver, offer->phi, offer->delta,
               offer->initiator_takes, offer->receiver_takes);
        for (size_t k = 0; k < dims; k++)
            printf(" %.17g %.17g", offer->initiator_moves[k], offer->receiver_moves[k]);
        printf("\n");
    }
}

int main(void)
{
    size_t n, dims;
    int by_dimension, accommodating, word[10], rounds;
    ent_spatial_options options = ENT_SPATIAL_OPTIONS_INIT;
    if (scanf("%zu %zu %d %d %" SCNu64 " %" SCNu64 " %" SCNu64, &n, &dims, &by_dimension, &accommodating, &options.seed,
              &options.stream, &options.draw) != 7)
        return 2;
    for (int i = 0; i < 10; i++)
        if (scanf("%d", &word[i]) != 1)
            return 2;
    if (scanf("%d", &rounds) != 1)
        return 2;
    options.mode = (ent_spatial_mode)word[0];
    options.victory = (ent_spatial_victory)word[1];
    options.election = (ent_spatial_election)word[2];
    options.transition = (ent_spatial_transition)word[3];
    options.vote = (ent_spatial_vote)word[4];
    options.adjust = (ent_spatial_adjust)word[5];
    options.range = (ent_spatial_range)word[6];
    options.commit = (ent_spatial_commit)word[7];
    options.interpolation = (ent_spatial_interpolation)word[8];
    options.bargain = (ent_spatial_bargain)word[9];
    options.max_rounds = rounds;
    double *position = read_table(n * dims), *salience = read_table(n * dims);
    double *capability = read_table(by_dimension ? n * dims : n),
           *accommodation = read_table(accommodating ? n * n : 0);
    double *low = calloc(dims, sizeof *low), *high = calloc(dims, sizeof *high);
    for (size_t k = 0; k < dims && high; k++)
        high[k] = 1;
    ent_spatial_input input = {.n = n,
                               .dims = dims,
                               .position = position,
                               .salience = salience,
                               .capability = capability,
                               .by_dimension = by_dimension != 0,
                               .accommodation = accommodating ? accommodation : NULL,
                               .low = low,
                               .high = high};
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    ent_status status = ent_spatial(&result, &input, &options, &err);
    if (status != ENT_OK)
        printf("error %s\n", err.message);
    for (int32_t t = 0; result && t <= result->rounds; t++)
        print_round(&result->round[t], n, dims);
    if (result)
        print_table("outcome", result->outcome, dims);
    ent_spatial_free(result);
    free(position);
    free(salience);
    free(capability);
    free(accommodation);
    free(low);
    free(high);
    return 0;
}
