#ifndef ENT_TESTS_FAKE_H
#define ENT_TESTS_FAKE_H
#include "entente/results.h"
struct fake { /* is the ent_results of these tests */
    size_t quantities, claims;
    char name[128];
    ent_summary by_model[3];
    ent_claim_arm share[3], reading;
    ent_driver driver;
};
struct ent_results { size_t quantities, claims; };
#endif
