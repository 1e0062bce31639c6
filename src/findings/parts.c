/* Parts of a run: made apart, put together in any order. */
#include "ensemble/part.h"
#include "findings/run.h"

#include <string.h>

/* --- making --------------------------------------------------------------------------------------- */

int64_t ent_plan_draws(const ent_plan *plan, const ent_run_options *options) { return ent__draws_asked(plan, options); }

void ent_part_share(int64_t *first_block, int64_t *n_blocks, int64_t draws, int64_t k, int64_t n)
{
    int64_t blocks = ent__blocks(draws), whole = blocks / n, rest = blocks % n; /* the first `rest` have one more */
    *first_block = whole * k + (k < rest ? k : rest);
    *n_blocks = whole + (k < rest);
}

static ent_status write_part(unsigned char **bytes, size_t *length, const ent__ensemble *e, bool with_plan, ent_error *err)
{
    ent_status status = ENT_OK;
    unsigned char *plan = NULL;
    size_t plan_length = 0;
    ent__buffer rows = {0}, out = {0};
    ent__checksum sum;
    if (with_plan)
        ENT_TRY(ent_plan_save(&plan, &plan_length, e->program->plan, err));
    ent__part_rows(&rows, e, e->first, e->draws);
    ent__checksum_begin(&sum);
    ent__checksum_add(&sum, rows.data, rows.length);
    ent__part_state(&out, e, &sum, plan, plan_length);
    ent__buffer_add(&out, rows.data, rows.length);
    ENT_REQUIRE(!rows.failed && !out.failed, ENT_ERR_MEMORY, "not enough memory to save a part of %lld draws", (long long)e->draws);
    *bytes = (unsigned char *)out.data;
    *length = out.length;
    out = (ent__buffer){0};
done:
    ent__buffer_free(&rows);
    ent__buffer_free(&out);
    ent_bytes_free(plan);
    return status;
}

ent_status ent_part_run(unsigned char **bytes, size_t *length, const ent_plan *plan, int64_t first_block, int64_t n_blocks,
                        bool with_plan, const ent_run_options *options, ent_error *err)
{
    ent__study study;
    ent_status status = ENT_OK;
    ENT_TRY(ent__study_begin(&study, plan, options, err));
    ENT_TRY(ent__study_room(&study, first_block, n_blocks, err));
    const ent__ensemble *e = study.results->ensemble;
    ENT_REQUIRE(!options->brief, ENT_ERR_ARGUMENT, "a brief run is made in one piece");
    ENT_TRY(ent__study_make(&study, err));
    ENT_REQUIRE(e->draws > 0, ENT_ERR_INTERRUPTED, "stopped before the first draws of the part were done");
    ENT_TRY(write_part(bytes, length, e, with_plan, err));
done:
    ent__study_free(&study);
    return status;
}

/* --- reading -------------------------------------------------------------------------------------- */

ent_status ent_part_read(ent_part_facts *out, const unsigned char *bytes, size_t length, ent_error *err)
{
    ent__part part;
    ent_status status = ent__part_open(&part, bytes, length, NULL, 0, err);
    if (status != ENT_OK)
        return status;
    const ent__part_head *head = &part.head;
    *out = (ent_part_facts){.hash = head->scenario, .seed = head->seed, .draws_asked = head->asked, .first = head->first,
                            .draws = head->draws, .keeps_draws = head->kept != 0, .has_plan = head->plan_length > 0};
    memcpy(out->version, head->version, sizeof out->version);
    return ENT_OK;
}

ent_status ent_part_plan(ent_plan **out, const unsigned char *bytes, size_t length, ent_error *err)
{
    ent__part part;
    ent_status status = ENT_OK;
    ENT_TRY(ent__part_open(&part, bytes, length, NULL, 0, err));
    ENT_REQUIRE(part.head.plan_length > 0, ENT_ERR_ARGUMENT, "the part was saved without its plan");
    ENT_REQUIRE(strcmp(part.head.version, ENT_VERSION) == 0, ENT_ERR_ARGUMENT, "the part is of version %s of entente, not of %s",
                part.head.version, ENT_VERSION);
    ENT_TRY(ent_plan_load(out, part.plan, (size_t)part.head.plan_length, err));
done:
    return status;
}

/* --- merging -------------------------------------------------------------------------------------- */

typedef struct held { /* draws that are there, and whose they are */
    int64_t first, end;
    char *name; /* in the arena of the results */
} held;

struct ent_merge {
    const ent_plan *plan;
    ent__study study;
    held *held; /* by first */
    int32_t n, capacity;
    bool begun, spoilt;
};

ent_status ent_merge_create(ent_merge **out, const ent_plan *plan, ent_error *err)
{
    ent_merge *merge = ent__alloc(1, sizeof *merge);
    if (merge == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to merge parts");
    merge->plan = plan;
    *out = merge;
    return ENT_OK;
}

void ent_merge_free(ent_merge *merge)
{
    if (merge == NULL)
        return;
    if (merge->begun)
        ent__study_free(&merge->study);
    ent__free(merge->held);
    ent__free(merge);
}

/* The first part says what run it is. */
static ent_status begin(ent_merge *merge, const ent__part_head *head, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_run_options options = {.version = 1, .draws = head->asked, .has_seed = true, .seed = head->seed, .jobs = 1,
                               .keep_draws = head->kept != 0, .counts = head->counted != 0};
    merge->begun = true;
    ENT_TRY(ent__study_begin(&merge->study, merge->plan, &options, err));
    ENT_TRY(ent__study_room(&merge->study, 0, ent__blocks(head->asked), err));
done:
    if (status != ENT_OK) {
        ent__study_free(&merge->study);
        merge->begun = false;
    }
    return status;
}

/* Where draws first .. end - 1 belong in the list; an error where some are there already. */
static ent_status place_of(int32_t *place, const ent_merge *merge, int64_t first, int64_t end, ent_error *err)
{
    int32_t at = 0;
    while (at < merge->n && merge->held[at].first < first)
        at++;
    const held *other = at < merge->n && merge->held[at].first < end ? &merge->held[at]
                        : at > 0 && merge->held[at - 1].end > first  ? &merge->held[at - 1]
                                                                      : NULL;
    *place = at;
    if (other == NULL)
        return ENT_OK;
    bool same = other->first == first && other->end == end;
    return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "draws %lld to %lld are there already: %s in %s",
                          (long long)(first > other->first ? first : other->first) + 1,
                          (long long)(end < other->end ? end : other->end), same ? "the same part was given" : "they are also",
                          other->name);
}

static ent_status add(ent_merge *merge, const ent__part *part, const char *name, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t place;
    int64_t first = part->head.first, end = first + part->head.draws;
    if (!merge->begun)
        ENT_TRY(begin(merge, &part->head, err));
    ent_results *r = merge->study.results;
    ENT_TRY(ent__part_fits(part, r->ensemble, err));
    ENT_TRY(place_of(&place, merge, first, end, err));
    char *copy = ent__arena_text(r->arena, name, strlen(name));
    held *to = ent__plan_grow((void **)&merge->held, &merge->n, &merge->capacity, sizeof *to);
    merge->spoilt = true; /* until all of it is there */
    ENT_REQUIRE(copy != NULL && to != NULL, ENT_ERR_MEMORY, "not enough memory to merge parts");
    ENT_TRY(ent__part_add(r->ensemble, part, err));
    memmove(merge->held + place + 1, merge->held + place, (size_t)(merge->n - 1 - place) * sizeof *to);
    merge->held[place] = (held){first, end, copy};
    merge->spoilt = false;
done:
    return status;
}

ent_status ent_merge_add(ent_merge *merge, const unsigned char *bytes, size_t length, const char *name, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__part part;
    ent_error why = {0};
    ENT_REQUIRE(!merge->spoilt, ENT_ERR_ARGUMENT, "nothing can be merged after a part that is damaged");
    status = ent__part_open(&part, bytes, length, NULL, 0, &why);
    if (status == ENT_OK)
        status = add(merge, &part, name, &why);
    if (status != ENT_OK)
        ent__error_set(err, status, name, 0, 0, "%s", why.message);
done:
    return status;
}

/* The draws that nobody brought, the first few of them in words. */
static ent_status missing(const ent_merge *merge, int64_t asked, ent_error *err)
{
    ent__buffer text = {0};
    int64_t at = 0, gaps = 0;
    for (int32_t i = 0; i <= merge->n; i++) {
        int64_t next = i < merge->n ? merge->held[i].first : asked;
        if (next > at && gaps++ < 4)
            ent__buffer_printf(&text, "%s%lld to %lld", gaps > 1 ? ", " : "", (long long)at + 1, (long long)next);
        at = i < merge->n ? merge->held[i].end : at;
    }
    ent_status status = text.failed
                            ? ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to merge parts")
                            : ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "draws %s%s of %lld are in none of the parts",
                                             text.data, gaps > 4 ? " and others" : "", (long long)asked);
    ent__buffer_free(&text);
    return status;
}

ent_status ent_merge_results(ent_results **out, ent_merge **merge, bool prefix, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_merge *m = *merge;
    ENT_REQUIRE(m->n > 0 && !m->spoilt, ENT_ERR_ARGUMENT, "there is no part to make results of");
    ent__ensemble *e = m->study.results->ensemble;
    e->draws = 0;
    int32_t i = 0;
    for (; i < m->n && m->held[i].first == e->draws; i++)
        e->draws = m->held[i].end;
    if (i < m->n || e->draws == 0 || (e->draws < e->asked && !prefix))
        return missing(m, e->asked, err);
    e->interrupted = e->draws < e->asked;
    status = ent__study_results(out, &m->study, err);
    ent_merge_free(m);
    *merge = NULL;
done:
    return status;
}
