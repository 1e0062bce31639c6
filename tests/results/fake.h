#ifndef ENT_TESTS_FAKE_H
#define ENT_TESTS_FAKE_H
#include "entente/results.h"
struct ent_results { /* of these tests */
    size_t quantities, claims;
};
#endif
