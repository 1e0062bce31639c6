/* One issue, three states: who gives way, by two models of the table.
 *
 *     cc settle.c $(pkg-config --cflags --libs entente) */
#include <entente.h>

#include <stdio.h>

int main(void)
{
    static const char *const actor[] = {"Avonia", "Borland", "Cellia"};
    const double position[] = {60, 90, 30}, salience[] = {0.8, 0.9, 0.4}, capability[] = {5, 2, 3};
    static const char *const name[] = {"compromise", "challenge"};
    for (int m = 0; m < 2; m++) {
        const ent_model *model = ent_model_find(name[m]);
        double option[32], utility[3];
        ent_error err = {0};
        ent_model_defaults(option, model);
        const ent_settle_input in = {.n = 3, .position = position, .salience = salience, .capability = capability,
                                     .low = 0, .high = 100, .status_quo = 50, .option = option};
        ent_settle_output out = {.utility = utility};
        if (ent_settle(&out, &in, model, &err) != ENT_OK) {
            fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        printf("%s: %.2f after %d rounds (%s)\n", model->title, out.outcome, (int)out.rounds, ent_stop_word(out.stop));
        for (int i = 0; i < 3; i++)
            printf("  %-8s %.3f\n", actor[i], utility[i]);
    }
    return 0;
}
