/* Steps, numbers and texts of the plan under construction. Without memory the compiler's flag is raised and cell 0
 * returned; the plan is then thrown away. */
#include "compile/compile.h"

#include <stdio.h>
#include <string.h>

#define GROWN(c, place, table) (((place) = ENT__PLAN_ADD((c)->plan, table)) != NULL || ((c)->no_memory = true, false))

static bool rehash(int32_t **bucket, int32_t *n_buckets, int32_t used)
{
    if (2 * (used + 1) <= *n_buckets)
        return false;
    int32_t want = *n_buckets > 0 ? 2 * *n_buckets : 1024;
    int32_t *fresh = ent__alloc((size_t)want, sizeof *fresh);
    if (fresh == NULL)
        return false;
    ent__free(*bucket);
    *bucket = fresh;
    *n_buckets = want;
    return true;
}

static bool grow_texts(ent__compiler *c)
{
    int32_t want = c->n_text_buckets > 0 ? 2 * c->n_text_buckets : 1024;
    ent__pooled *fresh = ent__alloc((size_t)want, sizeof *fresh);
    if (fresh == NULL)
        return c->n_text_buckets > c->n_texts + 1;
    for (int32_t i = 0; i < c->n_text_buckets; i++) {
        uint32_t b = c->text_bucket[i].hash & ((uint32_t)want - 1);
        if (c->text_bucket[i].at == 0)
            continue;
        while (fresh[b].at != 0)
            b = (b + 1) & ((uint32_t)want - 1);
        fresh[b] = c->text_bucket[i];
    }
    ent__free(c->text_bucket);
    c->text_bucket = fresh;
    c->n_text_buckets = want;
    return true;
}

static bool text_room(ent__compiler *c, size_t length)
{
    ent_plan *plan = c->plan;
    int64_t need = (int64_t)plan->n_text + (int64_t)length + 1;
    if (need > INT32_MAX / 2)
        return false;
    if (need <= plan->capacity_text)
        return true;
    int32_t want = plan->capacity_text > 0 ? plan->capacity_text : 4096;
    while (want < need)
        want *= 2;
    char *grown = ent__realloc(plan->text, (size_t)want, 1);
    if (grown == NULL)
        return false;
    plan->text = grown;
    plan->capacity_text = want;
    return true;
}

ent__text ent__pool_text(ent__compiler *c, const char *text)
{
    ent_plan *plan = c->plan;
    if (text == NULL || *text == 0)
        return 0;
    size_t length = strlen(text);
    if ((2 * (c->n_texts + 1) > c->n_text_buckets && !grow_texts(c)) || !text_room(c, length)) {
        c->no_memory = true;
        return 0;
    }
    uint32_t hash = (uint32_t)ent__hash(text, length), mask = (uint32_t)c->n_text_buckets - 1, b = hash & mask;
    for (; c->text_bucket[b].at != 0; b = (b + 1) & mask)
        if (c->text_bucket[b].hash == hash && strcmp(plan->text + c->text_bucket[b].at, text) == 0)
            return c->text_bucket[b].at;
    ent__text at = plan->n_text;
    memcpy(plan->text + at, text, length + 1);
    plan->n_text += (int32_t)length + 1;
    c->text_bucket[b] = (ent__pooled){hash, at};
    c->n_texts++;
    return at;
}

ent__text ent__pool_words(ent__compiler *c, const char *text) { return c->only_checks ? 0 : ent__pool_text(c, text); }

static bool cells_reserve(ent__compiler *c, int32_t want)
{
    if (want <= c->capacity_cells)
        return true;
    int32_t capacity = c->capacity_cells > 0 ? c->capacity_cells : 4096;
    while (capacity < want)
        capacity *= 2;
    uint64_t *reading = ent__realloc(c->cell_reading, (size_t)capacity, sizeof *reading);
    if (reading != NULL)
        c->cell_reading = reading;
    uint64_t *reach = ent__realloc(c->cell_reach, (size_t)capacity, sizeof *reach);
    if (reach != NULL)
        c->cell_reach = reach;
    unsigned char *flag = ent__realloc(c->cell_flag, (size_t)capacity, 1);
    if (flag != NULL)
        c->cell_flag = flag;
    if (reading == NULL || reach == NULL || flag == NULL)
        return false;
    c->capacity_cells = capacity;
    return true;
}

/* Whether a step may make an undefined number out of defined ones. */
static bool can_undefine(int32_t op)
{
    switch (op) {
    case ENT__DO_DIVIDE: case ENT__DO_POWER: case ENT__DO_LOG: case ENT__DO_SQRT: case ENT__DO_EXP:
    case ENT__DO_RANK_CORRELATION: case ENT__DO_SETTLE: case ENT__DO_SETTLE_MANY: case ENT__DO_CALL:
    case ENT__DO_CALIBRATE:
        return true;
    default:
        return false;
    }
}

static bool is_truth(int32_t op)
{
    return (op >= ENT__DO_LESS && op <= ENT__DO_DEFINED) || op == ENT__DO_ANY || op == ENT__DO_ALL;
}

int32_t ent__emit(ent__compiler *c, int32_t op, int32_t n_out, const ent__ref *arg, int32_t n_arg, int32_t extra)
{
    ent_plan *plan = c->plan;
    ent__step *step;
    int32_t out = plan->head->n_cells;
    if (out > INT32_MAX / 8 - n_out || !cells_reserve(c, out + n_out) || !GROWN(c, step, steps)) {
        c->no_memory = true;
        return 0;
    }
    *step = (ent__step){.op = op, .out = out, .n_out = n_out, .arg = plan->n_args, .n_arg = n_arg, .extra = extra};
    uint64_t reach = op == ENT__DO_GATE ? UINT64_C(1) << extra : 0;
    uint64_t reading = op == ENT__DO_CHOICE ? UINT64_C(1) << (extra & 63) : 0;
    unsigned char flag = can_undefine(op) ? ENT__MAY_BE_UNDEFINED : 0;
    if (op == ENT__DO_UNIFORM || op == ENT__DO_GATE)
        flag |= ENT__UNCERTAIN;
    for (int32_t a = 0; a < n_arg; a++) {
        ent__arg *to;
        if (!GROWN(c, to, args))
            return 0;
        *to = (ent__arg){arg[a].cell, arg[a].arm};
        reading |= c->cell_reading[arg[a].cell];
        reach |= arg[a].arm == ENT__ARM_WITHOUT ? 0 : c->cell_reach[arg[a].cell];
        flag |= c->cell_flag[arg[a].cell];
    }
    if (is_truth(op))
        flag &= (unsigned char)~ENT__MAY_BE_UNDEFINED;
    for (int32_t o = 0; o < n_out; o++) {
        c->cell_reading[out + o] = reading;
        c->cell_reach[out + o] = reach;
        c->cell_flag[out + o] = flag;
    }
    plan->head->n_cells = out + n_out;
    return out;
}

int32_t ent__emit_op(ent__compiler *c, int32_t op, ent__ref a, ent__ref b)
{
    ent__ref both[2] = {a, b};
    return ent__emit(c, op, 1, both, 2, 0);
}

int32_t ent__add_number(ent__compiler *c, double value)
{
    double *number;
    if (!GROWN(c, number, numbers))
        return 0;
    *number = value;
    return c->plan->n_numbers - 1;
}

static uint32_t number_bucket(const ent__compiler *c, double value)
{
    return (uint32_t)ent__hash((const char *)&value, sizeof value) & ((uint32_t)c->n_number_buckets - 1);
}

static double number_of_cell(const ent__compiler *c, int32_t entry)
{
    return c->plan->numbers[c->plan->steps[entry - 1].extra];
}

/* One cell for each distinct number; the table holds step + 1. */
int32_t ent__emit_number(ent__compiler *c, double value)
{
    if (value != value)
        value = ENT_UNDEFINED;
    int32_t *old = c->number_bucket, n_old = c->n_number_buckets;
    c->number_bucket = NULL;
    if (rehash(&c->number_bucket, &c->n_number_buckets, c->n_number_cells)) {
        for (int32_t i = 0; i < n_old; i++) {
            if (old[i] == 0)
                continue;
            uint32_t b = number_bucket(c, number_of_cell(c, old[i]));
            while (c->number_bucket[b] != 0)
                b = (b + 1) & ((uint32_t)c->n_number_buckets - 1);
            c->number_bucket[b] = old[i];
        }
        ent__free(old);
    } else {
        c->number_bucket = old;
    }
    if (c->n_number_buckets == 0) {
        c->no_memory = true;
        return 0;
    }
    uint32_t b = number_bucket(c, value);
    for (; c->number_bucket[b] != 0; b = (b + 1) & ((uint32_t)c->n_number_buckets - 1)) {
        double known = number_of_cell(c, c->number_bucket[b]);
        if (memcmp(&known, &value, sizeof value) == 0)
            return c->plan->steps[c->number_bucket[b] - 1].out;
    }
    int32_t cell = ent__emit(c, ENT__DO_NUMBER, 1, NULL, 0, ent__add_number(c, value));
    if (c->no_memory)
        return 0;
    if (value != value)
        c->cell_flag[cell] |= ENT__MAY_BE_UNDEFINED;
    c->number_bucket[b] = c->plan->n_steps;
    c->n_number_cells++;
    return cell;
}

void ent__add_param(ent__compiler *c, const char *name, int32_t kind, int32_t index, double low, double high)
{
    ent__param *param;
    ent__text text = ent__pool_text(c, name);
    if (GROWN(c, param, params))
        *param = (ent__param){.name = text, .kind = kind, .index = index, .low = low, .high = high};
}

void ent__compile_error(ent__compiler *c, ent__place place, const char *format, ...)
{
    char message[900];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    ent__diagnose(c->list, ENT_SEVERITY_ERROR, place.file, place.line, place.column, "%s", message);
}

void ent__compile_warning(ent__compiler *c, ent__place place, const char *format, ...)
{
    char message[900];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    ent__diagnose(c->list, ENT_SEVERITY_WARNING, place.file, place.line, place.column, "%s", message);
}
