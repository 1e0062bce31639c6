/* For the first hour: the C library's. Replaced by our own. */
#include "core/elementary.h"

#include <math.h>

double ent_exp(double x) { return exp(x); }
double ent_expm1(double x) { return expm1(x); }
double ent_log(double x) { return log(x); }
double ent_log1p(double x) { return log1p(x); }
double ent_pow(double x, double y) { return pow(x, y); }
double ent_tanh(double x) { return tanh(x); }
double ent_sin(double x) { return sin(x); }
double ent_cos(double x) { return cos(x); }
double ent_erf(double x) { return erf(x); }
double ent_erfc(double x) { return erfc(x); }
double ent_lgamma(double x) { return lgamma(x); }
double ent_sqrt(double x) { return sqrt(x); }
double ent_floor(double x) { return floor(x); }
