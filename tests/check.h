/* cmocka with what it lacks: doubles compared as doubles. Every C test of the project includes this file alone. */
#ifndef ENT_TESTS_CHECK_H
#define ENT_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHECK(condition) assert_true(condition)
/* |got - want| <= tolerance; prints both. A NaN is near nothing. */
#define CHECK_NEAR(got, want, tolerance)                                                           \
    do {                                                                                           \
        double got_ = (got), want_ = (want), tolerance_ = (tolerance);                             \
        if (!(fabs(got_ - want_) <= tolerance_))                                                   \
            fail_msg("%s: got %.17g, want %.17g within %g", #got, got_, want_, tolerance_);        \
    } while (0)
/* The same bits (NaN equals NaN). */
#define CHECK_SAME(got, want)                                                                      \
    do {                                                                                           \
        double got_ = (got), want_ = (want);                                                       \
        if (!(got_ == want_ || (got_ != got_ && want_ != want_)))                                  \
            fail_msg("%s: got %.17g, want %.17g", #got, got_, want_);                              \
    } while (0)

#endif
