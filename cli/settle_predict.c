/* entente settle --predict: where the outcome falls when the model is as wrong as it was on decisions with known outcomes. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CHANCE[SETTLE_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* Of one issue, by those who take part in it. */
static ent_status predict(double *out, const settled *s, size_t d, const ent_calibration *known, double *room, ent_error *err)
{
    ent_settle_input in = {.position = room, .salience = room + s->n, .capability = room + 2 * s->n, .low = s->low[d], .high = s->high[d]};
    for (size_t i = 0; i < s->n; i++) {
        const size_t at = i * s->issues + d;
        if (isnan(s->position[at]))
            continue;
        room[in.n] = s->position[at];
        room[s->n + in.n] = s->salience[at];
        room[2 * s->n + in.n++] = s->capability[at];
    }
    return ent_calibrated_quantiles(out, CHANCE, SETTLE_QUANTILES, &in, s->outcome[d], known, err);
}

int settle_predict(settled *s)
{
    ent_error err = {0};
    const ent_calibration *known = ent_calibration_of(s->model);
    if (known == NULL)
        return cli_fail(s->json, CLI_USAGE, "the errors of the model %s are not known, so there is no --predict", s->model->name);
    double *room = malloc(3 * s->n * sizeof *room);
    s->quantile = malloc(s->issues * SETTLE_QUANTILES * sizeof *s->quantile);
    int code = room != NULL && s->quantile != NULL ? CLI_GO : cli_fail(s->json, CLI_IO, "not enough memory");
    for (size_t d = 0; d < s->issues && code == CLI_GO; d++) {
        double *out = s->quantile + d * SETTLE_QUANTILES;
        for (size_t q = 0; q < SETTLE_QUANTILES; q++)
            out[q] = NAN;
        if (isfinite(s->outcome[d]) && predict(out, s, d, known, room, &err) != ENT_OK)
            code = cli_fail_error(s->json, &err);
    }
    free(room);
    return code;
}

/* Three digits: more would say too much. */
static const char *rough(char out[32], double x)
{
    ent_number_people(out, x, 3);
    return out;
}

void settle_tell_predicted(const settled *s, const cli_style *style)
{
    char a[32], b[32], c[32], d[32], e[32];
    if (s->quantile == NULL)
        return;
    settle_say(style, 0, 0, "With the errors that the model made on decisions of the European Union:");
    if (s->issues > 1)
        printf("\n  in 5 of 100 below, 25, 50, 75, 95\n");
    for (size_t i = 0; i < s->issues; i++) {
        const double *q = s->quantile + i * SETTLE_QUANTILES;
        if (isnan(q[0]))
            continue;
        if (s->issues > 1)
            settle_say(style, 2, 4, "%.60s: %s, %s, %s, %s, %s", s->issue[i], rough(a, q[0]), rough(b, q[1]),
                       rough(c, q[2]), rough(d, q[3]), rough(e, q[4]));
        else
            settle_say(style, 2, 2, "nine times of ten from %s to %s, half the time from %s to %s, as often above as below %s",
                       rough(a, q[0]), rough(e, q[4]), rough(b, q[1]), rough(d, q[3]), rough(c, q[2]));
    }
    putchar('\n');
}

/* {"p05":x, ...} */
static void one(const double *q)
{
    static const char *const key[SETTLE_QUANTILES] = {"p05", "p25", "p50", "p75", "p95"};
    for (size_t k = 0; k < SETTLE_QUANTILES; k++) {
        char text[32];
        ent_number_text(text, q[k]);
        printf("%s\"%s\":%s", k > 0 ? "," : "{", key[k], text);
    }
    putchar('}');
}

void settle_json_predicted(const settled *s, char *const *issue)
{
    if (s->quantile == NULL)
        return;
    printf(",\"predicted\":");
    if (s->issues == 1)
        one(s->quantile);
    for (size_t d = 0; d < s->issues && s->issues > 1; d++) {
        printf("%s%s:", d > 0 ? "," : "{", issue[d]);
        one(s->quantile + d * SETTLE_QUANTILES);
    }
    if (s->issues > 1)
        putchar('}');
}
