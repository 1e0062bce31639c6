/* Plays the exchange model on numbers from standard input and prints all that came of it, for test_exchange_twin.py.
 *
 * In, a line a case: n issues iterations faithful signed_blocking stale_gains randomize seed stream draw, then low high
 * of each issue, then position ("nan": takes no part) salience power of each cell, actor by actor. Out: "case"; for
 * each iteration lines "start", "outcome", "position", "voted", "next", two of each trade (its numbers, what it does to
 * all), "sums"; then "end". Or "error" and the message. Then the same again by the call of the draw loop: "model",
 * outcomes. */
#include "settle/settle.h"

#include "entente/exchange.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1024 };

static double number(void)
{
    char text[64];
    if (scanf("%63s", text) != 1)
        exit(2);
    return strtod(text, NULL);
}

static void print_numbers(const char *name, const double *x, size_t n)
{
    printf("%s", name);
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf("\n");
}

static void print_trade(const ent_exchange_result *result, int32_t iteration, size_t t)
{
    static double value[MOST];
    static ent_exchange_effect kind[MOST];
    const ent_exchange_trade *trade = &result->iteration[iteration].trade[t];
    printf("trade %.17g %d", trade->gain, trade->aligned);
    for (int k = 0; k < 2; k++) {
        const ent_exchange_side *s = &trade->side[k];
        printf(" %d %d %d %.17g %.17g %.17g %.17g %.17g %.17g %d", s->actor, s->supply, s->demand, s->from, s->to,
               s->before, s->after, s->gain, s->gain_before_cap, s->capped);
    }
    printf("\neffects");
    ent_exchange_effects(value, kind, result, iteration, t);
    for (size_t i = 0; i < result->n; i++)
        printf(" %d %.17g", (int)kind[i], value[i]);
    printf("\n");
}

static void print_iteration(const ent_exchange_result *result, int32_t t)
{
    const ent_exchange_iteration *now = &result->iteration[t];
    size_t cells = result->n * result->issues;
    print_numbers("start", now->start, result->issues);
    print_numbers("outcome", now->outcome, result->issues);
    print_numbers("position", now->position, cells);
    print_numbers("voted", now->voted, cells);
    print_numbers("next", now->next, cells);
    print_numbers("counts", (double[]){(double)now->candidates, (double)now->possible}, 2);
    for (size_t k = 0; k < now->n_trades; k++)
        print_trade(result, t, k);
    printf("sums");
    for (size_t i = 0; i < result->n; i++)
        printf(" %.17g %.17g %.17g %.17g %.17g %d", now->sum[i].own, now->sum[i].inner_gain, now->sum[i].inner_loss,
               now->sum[i].outer_gain, now->sum[i].outer_loss, now->sum[i].trades);
    printf("\n");
}

static void print_model(const ent_exchange_input *input, const ent_exchange_options *o)
{
    double option[16] = {o->iterations, o->faithful, o->signed_blocking, o->stale_gains, o->randomize}, outcome[MOST];
    ent_settle_many_input in = {.n = input->n,
                                .issues = input->issues,
                                .position = input->position,
                                .salience = input->salience,
                                .capability = input->power,
                                .low = input->low,
                                .high = input->high,
                                .option = option,
                                .seed = o->seed,
                                .stream = o->stream,
                                .draw = o->draw};
    ent_stop stop;
    void *workspace = malloc(ent__model_exchange.workspace_many(in.n, in.issues));
    if (workspace == NULL)
        exit(3);
    ent__model_exchange.settle_many(outcome, &stop, &in, workspace);
    printf("model %d", (int)stop);
    print_numbers("", outcome, in.issues);
    free(workspace);
}

int main(void)
{
    static double position[MOST], salience[MOST], power[MOST], low[MOST], high[MOST];
    for (size_t n; scanf("%zu", &n) == 1;) {
        ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
        ent_exchange_input input = {
            .n = n, .position = position, .salience = salience, .power = power, .low = low, .high = high};
        input.issues = (size_t)number();
        if (n * input.issues > MOST)
            return 1;
        options.iterations = (int32_t)number();
        options.faithful = number() > 0;
        options.signed_blocking = number() > 0;
        options.stale_gains = number() > 0;
        options.randomize = number();
        options.seed = (uint64_t)number();
        options.stream = (uint64_t)number();
        options.draw = (uint64_t)number();
        for (size_t d = 0; d < input.issues; d++)
            low[d] = number(), high[d] = number();
        for (size_t k = 0; k < n * input.issues; k++)
            position[k] = number(), salience[k] = number(), power[k] = number();
        ent_exchange_result *result = NULL;
        ent_error err = {0};
        printf("case\n");
        if (ent_exchange(&result, &input, &options, &err) != ENT_OK)
            printf("error %d %s\n", (int)err.status, err.message);
        else {
            for (int32_t t = 0; t < result->iterations; t++)
                print_iteration(result, t);
            printf("end %d %d\n", (int)result->stop, result->settled_at);
        }
        ent_exchange_free(result);
        print_model(&input, &options);
    }
    return 0;
}
