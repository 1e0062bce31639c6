/* Replaced by the shortest round-trip writer. */
#include "core/core.h"
#include <stdio.h>
size_t ent__number_text(char out[32], double x) { return (size_t)snprintf(out, 32, "%.17g", x); }
