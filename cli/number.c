/* Numbers for people. A digit is shown where it means something: at most three significant ones, none beyond the
 * error. */
#include "cli.h"

#include <math.h>
#include <string.h>

/* Digits after the point so that the last one is not smaller than the error; -1 where even the units are. */
static int decimals_of_error(double error)
{
    int decimals = -1;
    double unit = 1;
    while (decimals < 6 && unit >= error) {
        decimals++;
        unit /= 10;
    }
    return decimals;
}

static int digits_before_point(double x)
{
    int digits = 1;
    for (x = fabs(x); x >= 10 && digits < 300; x /= 10)
        digits++;
    return digits;
}

void cli_number(char out[32], double x, double error)
{
    if (!isfinite(x)) {
        strcpy(out, "-");
        return;
    }
    double size = fabs(x);
    if (!(error > 0) || size >= 1000 || (size < 0.01 && size > 0)) {
        ent_number_people(out, x, 3);
        return;
    }
    int most = 3 - digits_before_point(x), decimals = decimals_of_error(error);
    if (size < 1 && most < 3)
        most++; /* the zero before the point is not significant */
    decimals = decimals < 0 ? 0 : decimals > most ? most : decimals;
    snprintf(out, 32, "%.*f", decimals, x);
    if (strcspn(out, "123456789") == strlen(out) && out[0] == '-')
        memmove(out, out + 1, strlen(out)); /* no "-0" */
}

void cli_with_error(char out[32], char plus_minus[32], double x, double error)
{
    double twice = 2 * error, unit = 1;
    int decimals = 0;
    while (decimals < 6 && unit > twice) {
        decimals++;
        unit /= 10;
    }
    if (!(twice > 0) || !isfinite(x) || fabs(x) >= 1000 || unit > twice) {
        cli_number(out, x, 0);
        cli_number(plus_minus, twice, 0);
        return;
    }
    snprintf(out, 32, "%.*f", decimals, x);
    snprintf(plus_minus, 32, "%.*f", decimals, twice);
    if (strcspn(out, "123456789") == strlen(out) && out[0] == '-')
        memmove(out, out + 1, strlen(out));
}

void cli_percent(char out[32], double share, double error) { cli_number(out, 100 * share, 100 * error); }

void cli_grouped(char out[32], int64_t x)
{
    char plain[24];
    int length = snprintf(plain, sizeof plain, "%lld", (long long)x), used = 0;
    for (int i = 0; i < length; i++) {
        if (i > (plain[0] == '-') && (length - i) % 3 == 0)
            out[used++] = ' ';
        out[used++] = plain[i];
    }
    out[used] = 0;
}

char *cli_json(const char *text) { return ent_text_json(text, strlen(text)); }
