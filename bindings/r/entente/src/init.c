/* What R may call, with how many arguments. */
#include "entente_r.h"

#include <R_ext/Rdynload.h>

#define CALL(name, n) {"C_" #name, (DL_FUNC)(void (*)(void))r_##name, n}

static const R_CallMethodDef methods[] = {
    CALL(settle, 10), CALL(call, 6), CALL(run, 8), CALL(facts, 1), CALL(quantities, 2), CALL(claims, 2), CALL(drivers, 1), CALL(inputs, 1),
    CALL(json, 1), CALL(draws, 3), CALL(weights, 1), CALL(write, 4), CALL(check, 1), CALL(check_of, 1), CALL(new, 1), CALL(cinc, 2), CALL(similarity, 5),
    CALL(power, 8), CALL(rules, 0), CALL(models, 0), {NULL, NULL, 0},
};

void R_init_entente(DllInfo *dll);
void R_init_entente(DllInfo *dll)
{
    R_registerRoutines(dll, NULL, methods, NULL, NULL);
    R_useDynamicSymbols(dll, FALSE);
    R_forceSymbols(dll, TRUE);
    draws_ready(dll);
}
