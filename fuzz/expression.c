/* Expressions and values. What an expression prints as reads as the same; the quantiles of a value's distribution rise
 * and are numbers. */
#include "scenario/text.h"
#include "target.h"

#include <string.h>

static ent__place place = {"x", 1, 1};

static void check_expression(ent__arena *arena, const char *text, ent_diagnostics *list)
{
    ent__buffer once = {0}, twice = {0};
    const ent__node *node = ent__expression_parse(arena, text, place, list);
    MUST((node == NULL) == (ent_diagnostics_errors(list) > 0), "%zu errors of: %s", ent_diagnostics_errors(list), text);
    if (node != NULL) {
        ent__expression_print(&once, node);
        node = ent__expression_parse(arena, once.data, place, list);
        MUST(node != NULL, "what it prints is refused: %s", once.data);
        ent__expression_print(&twice, node);
        MUST(strcmp(once.data, twice.data) == 0, "%s prints as %s", once.data, twice.data);
    }
    ent__buffer_free(&once);
    ent__buffer_free(&twice);
}

static void check_value(ent__arena *arena, const char *text, bool comma, ent_diagnostics *list)
{
    ent__value value = {0};
    ent__value_parse(&value, arena, text, place, comma, list);
    MUST((value.kind == ENT__VALUE_NONE) == (ent_diagnostics_errors(list) > 0 || text[strspn(text, " \t\r\n")] == 0),
         "kind %d with %zu errors of: %s", value.kind, ent_diagnostics_errors(list), text);
    if (value.kind != ENT__VALUE_DISTRIBUTION)
        return;
    double before = -__builtin_inf();
    for (int i = 1; i < 64; i++) {
        double x = ent__distribution_quantile(&value.distribution, i / 64.);
        MUST(!ent__is_undefined(x), "the quantile at %d / 64 of %s is undefined", i, text);
        MUST(x >= before, "the quantile at %d / 64 of %s falls from %.17g to %.17g", i, text, before, x);
        before = x;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create(), *more = ent_diagnostics_create();
    if (size > 0) {
        char *text = ent__arena_text(arena, (const char *)data + 1, size - 1);
        /* The reader of files refuses what is no UTF-8 before an expression sees it. */
        if (ent__utf8_valid(text, strlen(text))) {
            if (data[0] % 4 < 2)
                check_expression(arena, text, list);
            else
                check_value(arena, text, data[0] % 4 == 3, more);
        }
    }
    ent_diagnostics_free(list);
    ent_diagnostics_free(more);
    ent__arena_free(arena);
    return 0;
}
