/* The paragraph that explains a claim says what its numbers say. */
#include "small.h"

static void explained(const char *claim, const char *more, int64_t draws, const char *const *words, size_t n)
{
    char yaml[4096];
    snprintf(yaml, sizeof yaml, HEAD "inputs:\n  x: {value: \"uniform(0, 10)\", why: w, source: s, unit: points}\n"
                                     "  y: {value: \"uniform(0, 1)\", why: w, source: s, unit: \"1\"}\n%sclaims:\n  c: {who: a, says: b, title: C, %s}\n", more, claim);
    small s = small_new(yaml);
    small_run(&s, draws, 1);
    const char *text = ent_results_claim(s.results, 0).explanation;
    for (size_t i = 0; i < n; i++)
        if (words[i][0] == '!' ? strstr(text, words[i] + 1) != NULL : strstr(text, words[i]) == NULL)
            fail_msg("expected \"%s\" in \"%s\"", words[i], text);
    small_free(&s);
}
#define EXPLAINED(claim, more, draws, ...)                                                                             \
    explained(claim, more, draws, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void one_input_decides(void **state)
{
    (void)state;
    EXPLAINED("holds: \"x > 6\"", "", 4096, "What decides it most is x", "above ", " points it holds in ", "it crosses one half at 6.0", "!model", "!document");
}

static void all_or_nothing(void **state)
{
    (void)state;
    EXPLAINED("holds: \"x >= 0\"", "", 1024, "It holds across the whole range of every input");
    EXPLAINED("holds: \"x > 10\"", "", 1024, "It fails across the whole range of every input");
}

/* An even chance that no input moves: the sum of two, taken modulo, is decided by neither alone. */
static void no_input_alone(void **state)
{
    (void)state;
    EXPLAINED("holds: \"(x > 5 and y > 0.5) or (x <= 5 and y <= 0.5)\"", "", 4096, "No one input stands out");
}

static void conditions_and_undefined_values_are_told(void **state)
{
    (void)state;
    EXPLAINED("holds: \"x > 2.5\", when: \"y > 0.75\"", "", 4096, "It is asked only where its condition holds, in 2", " % of the draws");
    EXPLAINED("holds: \"sqrt(x - 5) > 1\"", "", 4096, "has no value, and it counts as not holding");
}

static void a_statement_about_all_draws(void **state)
{
    (void)state;
    EXPLAINED("overall: \"E(x) > 3\"", "", 4096, "It is a statement about all draws together", "above its right");
}

static void models_and_the_document(void **state)
{
    (void)state;
    const char *more = DOOR "    settle: {compromise: 1, median: 1}\ndocument:\n  title: D\n  provisions:\n    shut: {takes_hold: 0.5, changes: {\"door.position[pl]\": 0, \"door.position[fr]\": 0}}\n";
    EXPLAINED("holds: \"door.outcome < 15\"", more, 4096, "whether", "where it does it holds in ", "Without the document it would hold in none", "and were the document certain to take hold in ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_input_decides),
        cmocka_unit_test(all_or_nothing),
        cmocka_unit_test(no_input_alone),
        cmocka_unit_test(conditions_and_undefined_values_are_told),
        cmocka_unit_test(a_statement_about_all_draws),
        cmocka_unit_test(models_and_the_document),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
