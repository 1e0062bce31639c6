/* Settles what it is told on standard input, for test_twins.py: one issue a line,
 *     MODEL N LOW HIGH STATUS_QUO OPTION OPTION OPTION  POSITION SALIENCE CAPABILITY  ... (N times)
 * with "nan" for no status quo; answers one line each: OUTCOME STOP  UTILITY GAIN PROBABILITY  ... */
#include "settle/settle.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 256, OPTIONS = 3 };

static double number(void)
{
    char text[64];
    if (scanf("%63s", text) != 1)
        exit(1);
    return strtod(text, NULL);
}

int main(void)
{
    static double position[MOST], salience[MOST], capability[MOST], utility[MOST], gain[MOST], probability[MOST];
    char name[32];
    while (scanf("%31s", name) == 1) {
        const ent_model *model = ent_model_find(name);
        double option[OPTIONS];
        size_t n = (size_t)number();
        if (model == NULL || n > MOST)
            return 1;
        ent_settle_input in = {
            .n = n, .position = position, .salience = salience, .capability = capability, .option = option};
        in.low = number();
        in.high = number();
        in.status_quo = number();
        for (size_t o = 0; o < OPTIONS; o++)
            option[o] = number();
        for (size_t i = 0; i < n; i++) {
            position[i] = number();
            salience[i] = number();
            capability[i] = number();
            probability[i] = 0;
        }
        ent_settle_output out = {.utility = utility, .gain = gain, .distribution = probability};
        ent_error err = {0};
        if (ent_settle(&out, &in, model, &err) != ENT_OK) {
            fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        printf("%.17g %d", out.outcome, (int)out.stop);
        for (size_t i = 0; i < n; i++)
            printf(" %.17g %.17g %.17g", utility[i], gain[i], probability[i]);
        putchar('\n');
    }
    return 0;
}
