/* Writing and reading parts. Nothing that is read is trusted: lengths, indices and the shape of the tree are checked, so
 * that altered bytes give an error, never a crash. */
#include "ensemble/part.h"

#include <string.h>

static const char magic[8] = {'e', 'n', 't', 'p', 'a', 'r', 't', '\n'};
enum { BYTE_ORDER_MARK = 0x01020304, SUM = 32, MOMENTS = sizeof(ent__moments) / sizeof(double) };

/* --- packing --------------------------------------------------------------------------------------
 *
 * 64-bit words in groups of GROUP (the last may have fewer): one byte for the zero bits below that all have, one for the
 * bits above them that are needed, then those bits of each word, low bits first. Counts, which are whole numbers times
 * 2^32 where draws are not weighted, take a few bits each. */

enum { GROUP = 64 };

static size_t packed_bytes(size_t n, unsigned width) { return (n * width + 7) / 8; }

static void pack_group(ent__buffer *out, const uint64_t *word, size_t n)
{
    unsigned char bytes[2 + 8 * GROUP + 8] = {0};
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= word[i];
    unsigned shift = all != 0 ? (unsigned)__builtin_ctzll(all) : 0, width = all != 0 ? 64 - (unsigned)__builtin_clzll(all) - shift : 0;
    bytes[0] = (unsigned char)shift;
    bytes[1] = (unsigned char)width;
    uint64_t held = 0;
    unsigned bits = 0; /* in `held` */
    size_t used = 2;
    for (size_t i = 0; i < n && width > 0; i++) {
        uint64_t x = word[i] >> shift;
        held |= x << bits;
        bits += width;
        if (bits >= 64) {
            memcpy(bytes + used, &held, 8);
            used += 8;
            bits -= 64;
            held = bits > 0 ? x >> (width - bits) : 0;
        }
    }
    memcpy(bytes + used, &held, 8);
    ent__buffer_add(out, (const char *)bytes, 2 + packed_bytes(n, width));
}

static void pack(ent__buffer *out, const void *words, size_t n)
{
    uint64_t word[GROUP];
    for (size_t i = 0; i < n; i += GROUP) {
        size_t here = n - i < GROUP ? n - i : GROUP;
        memcpy(word, (const unsigned char *)words + 8 * i, 8 * here);
        pack_group(out, word, here);
    }
}

typedef struct reader {
    const unsigned char *at, *end;
} reader;

static bool unpack_group(reader *from, uint64_t *word, size_t n)
{
    if (from->end - from->at < 2)
        return false;
    unsigned shift = from->at[0], width = from->at[1];
    from->at += 2;
    if (shift + width > 64 || (width == 0 && shift > 0) || (size_t)(from->end - from->at) < packed_bytes(n, width))
        return false;
    unsigned char bytes[8 * GROUP + 8] = {0};
    memcpy(bytes, from->at, packed_bytes(n, width));
    uint64_t mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t x;
        size_t byte = i * width / 8;
        unsigned low = (unsigned)(i * width % 8);
        memcpy(&x, bytes + byte, sizeof x);
        x >>= low;
        if (low + width > 64)
            x |= (uint64_t)bytes[byte + 8] << (64 - low);
        word[i] = (x & mask) << shift;
    }
    from->at += packed_bytes(n, width);
    return true;
}

/* The next n words, to the end of an array or of whole groups of it; false where the bytes do not hold them. */
static bool unpack(reader *from, void *words, size_t n)
{
    uint64_t word[GROUP];
    for (size_t i = 0; i < n; i += GROUP) {
        size_t here = n - i < GROUP ? n - i : GROUP;
        if (!unpack_group(from, word, here))
            return false;
        memcpy((unsigned char *)words + 8 * i, word, 8 * here);
    }
    return true;
}

/* --- writing -------------------------------------------------------------------------------------- */

/* What the numbers of a run depend on beside its seed; not the places of texts, which move with the folder's name. */
static uint64_t hash_of_plan(const ent_plan *plan)
{
    uint64_t hash = ent__hash((const char *)plan->steps, (size_t)plan->n_steps * sizeof *plan->steps);
    hash = 31 * hash + ent__hash((const char *)plan->args, (size_t)plan->n_args * sizeof *plan->args);
    hash = 31 * hash + ent__hash((const char *)plan->numbers, (size_t)plan->n_numbers * sizeof *plan->numbers);
    hash = 31 * hash + ent__hash((const char *)plan->distributions, (size_t)plan->n_distributions * sizeof *plan->distributions);
    return 31 * hash + plan->head->off;
}

static ent__part_head head_of(const ent__ensemble *e)
{
    const ent_plan *plan = e->program->plan;
    ent__part_head head = {.byte_order = BYTE_ORDER_MARK, .format = ENT__PART_FORMAT, .version = ENT_VERSION,
                           .scenario = plan->head->hash, .plan = hash_of_plan(plan), .seed = e->seed, .asked = e->asked,
                           .first = e->first, .draws = e->draws, .weighted = e->weighted, .kept = e->kept, .counted = e->counted, .n_pairs = e->keep.n_pairs,
                           .n_tallies = e->keep.n_tallies, .n_grids = e->keep.n_grids, .n_columns = e->keep.n_columns,
                           .n_readings = e->n_readings, .n_drivers = plan->n_drivers, .n_tracks = e->keep.n_tracks};
    memcpy(head.magic, magic, sizeof magic);
    return head;
}

void ent__part_rows(ent__buffer *out, const ent__ensemble *e, int64_t first, int64_t draws)
{
    for (int64_t from = first; from < first + draws; from += ENT__BLOCK) {
        size_t at = (size_t)(from - e->first);
        size_t n = (size_t)(first + draws - from < ENT__BLOCK ? first + draws - from : ENT__BLOCK);
        for (int32_t k = 0; k < e->keep.n_columns; k++)
            ent__buffer_add(out, (const char *)(e->column[k] + at), n * sizeof(double));
        if (e->weight != NULL)
            ent__buffer_add(out, (const char *)(e->weight + at), n * sizeof(double));
        for (int32_t r = 0; r < e->n_readings; r++)
            ent__buffer_add(out, (const char *)(e->reading[r] + at), n);
    }
}

static void add_grid_ranges(ent__buffer *out, const ent__ensemble *e)
{
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        const ent__grid *grid = &e->keep.grid[g];
        const double range[4] = {grid->low, grid->high, grid->middle, grid->unit};
        pack(out, range, 4);
    }
    pack(out, e->low, (size_t)e->keep.n_grids);
    pack(out, e->high, (size_t)e->keep.n_grids);
}

/* The nodes from the left: their places follow from the range. Field by field, since most fields of most tallies are
 * zero or alike. */
static void add_nodes(ent__buffer *out, const ent__ensemble *e)
{
    double word[GROUP];
    const ent__tree *tree = &e->tree;
    for (int64_t from = e->first / ENT__BLOCK, end = ent__blocks(e->first + e->draws); from < end;) {
        int32_t level = ent__tree_level(from, end), i = 0;
        while (i < tree->n_waiting && (tree->waiting[i].level != level || tree->waiting[i].index != from >> level))
            i++;
        if (i == tree->n_waiting) {
            out->failed = true; /* the tree was folded */
            return;
        }
        for (size_t f = 0; f < MOMENTS; f++)
            for (int32_t t = 0; t < tree->n_tallies; t += (int32_t)ENT_COUNT(word)) {
                size_t n = 0;
                for (; n < ENT_COUNT(word) && t + (int32_t)n < tree->n_tallies; n++)
                    memcpy(&word[n], (const double *)(const void *)&tree->waiting[i].moments[t + (int32_t)n] + f, sizeof *word);
                pack(out, word, n);
            }
        from += INT64_C(1) << level;
    }
}

void ent__part_state(ent__buffer *out, const ent__ensemble *e, const ent__checksum *rows, const unsigned char *plan,
                     size_t plan_length)
{
    size_t begin = out->length;
    ent__part_head head = head_of(e);
    head.plan_length = plan_length;
    head.rows_length = rows->length;
    ent__checksum_end(head.rows_sum, rows);
    ent__buffer_add(out, (const char *)&head, sizeof head);
    add_grid_ranges(out, e);
    add_nodes(out, e);
    pack(out, e->count, e->keep.n_counts);
    pack(out, e->curve, ent__reach_numbers(&e->reach, e->program->plan));
    ent__buffer_add(out, (const char *)plan, plan_length);
    if (out->failed)
        return;
    head.state_length = out->length - begin + SUM;
    memcpy(out->data + begin, &head, sizeof head);
    ent__checksum sum;
    unsigned char end[SUM];
    ent__checksum_begin(&sum);
    ent__checksum_add(&sum, out->data + begin, out->length - begin);
    ent__checksum_end(end, &sum);
    ent__buffer_add(out, (const char *)end, sizeof end);
}

/* --- reading -------------------------------------------------------------------------------------- */

static bool sum_fits(const unsigned char *bytes, size_t length, const unsigned char want[SUM])
{
    ent__checksum sum;
    unsigned char got[SUM];
    ent__checksum_begin(&sum);
    ent__checksum_add(&sum, bytes, length);
    ent__checksum_end(got, &sum);
    return memcmp(got, want, SUM) == 0;
}

ent_status ent__part_open(ent__part *out, const unsigned char *bytes, size_t length, const unsigned char *rows,
                          size_t rows_length, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__part_head head;
    ENT_REQUIRE(length >= sizeof head && memcmp(bytes, magic, sizeof magic) == 0, ENT_ERR_FORMAT,
                "this is no part of a run of entente, or only its beginning");
    memcpy(&head, bytes, sizeof head);
    ENT_REQUIRE(head.byte_order == BYTE_ORDER_MARK, ENT_ERR_FORMAT, "the part was made on a machine with another order of bytes");
    ENT_REQUIRE(head.format == ENT__PART_FORMAT, ENT_ERR_FORMAT, "the part has format %u; this version of entente reads format %d",
                head.format, ENT__PART_FORMAT);
    ENT_REQUIRE(head.state_length >= sizeof head + SUM && head.state_length <= length, ENT_ERR_FORMAT,
                "the part is cut short: %llu of %llu bytes", (unsigned long long)length, (unsigned long long)head.state_length);
    size_t state = (size_t)head.state_length - SUM;
    ENT_REQUIRE(sum_fits(bytes, state, bytes + state), ENT_ERR_FORMAT, "the part is damaged: its checksum does not fit its bytes");
    ENT_REQUIRE(head.plan_length <= state - sizeof head, ENT_ERR_FORMAT, "the part does not hold together");
    if (rows == NULL) {
        rows = bytes + head.state_length;
        rows_length = length - (size_t)head.state_length;
        ENT_REQUIRE(rows_length <= head.rows_length, ENT_ERR_FORMAT, "bytes follow after the end of the part");
    }
    ENT_REQUIRE(head.rows_length <= rows_length, ENT_ERR_FORMAT, "the rows of the part are cut short: %llu of %llu bytes",
                (unsigned long long)rows_length, (unsigned long long)head.rows_length);
    ENT_REQUIRE(sum_fits(rows, (size_t)head.rows_length, head.rows_sum), ENT_ERR_FORMAT,
                "the rows of the part are damaged: their checksum does not fit their bytes");
    bool ends = memchr(head.version, 0, sizeof head.version) != NULL;
    bool range = head.asked > 0 && head.asked <= INT64_C(1) << 48 && head.first >= 0 && head.first < head.asked && head.draws > 0 &&
                 head.draws <= head.asked - head.first && head.first % ENT__BLOCK == 0 &&
                 (head.draws % ENT__BLOCK == 0 || head.first + head.draws == head.asked);
    ENT_REQUIRE(ends && range, ENT_ERR_FORMAT, "the part does not hold together");
    size_t body = state - sizeof head - (size_t)head.plan_length;
    *out = (ent__part){head, bytes + sizeof head, body, bytes + sizeof head + body, rows};
done:
    return status;
}

ent_status ent__part_fits(const ent__part *part, const ent__ensemble *e, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent__part_head *a = &part->head, b = head_of(e);
    ENT_REQUIRE(strcmp(a->version, b.version) == 0, ENT_ERR_ARGUMENT, "it is of version %s of entente, not of %s", a->version, b.version);
    ENT_REQUIRE(a->scenario == b.scenario, ENT_ERR_ARGUMENT, "it is of another scenario, of other settings, or of a scenario that was changed since");
    ENT_REQUIRE(a->seed == b.seed, ENT_ERR_ARGUMENT, "it has the seed %llu, not %llu", (unsigned long long)a->seed, (unsigned long long)b.seed);
    ENT_REQUIRE(a->asked == b.asked, ENT_ERR_ARGUMENT, "it is of a run of %lld draws, not of %lld", (long long)a->asked, (long long)b.asked);
    ENT_REQUIRE(a->kept == b.kept, ENT_ERR_ARGUMENT, a->kept ? "it keeps every draw (--csv), and this run does not"
                                                             : "it does not keep every draw (--csv), and this run does");
    ENT_REQUIRE(a->counted == b.counted, ENT_ERR_ARGUMENT, a->counted ? "it counts scalars on a grid (--counts, --memory), and this run keeps every draw of them"
                                                                      : "it keeps every draw of scalars, and this run counts them (--counts, --memory)");
    ENT_REQUIRE(a->plan == b.plan && a->n_pairs == b.n_pairs && a->weighted == b.weighted && a->n_tallies == b.n_tallies && a->n_grids == b.n_grids &&
                    a->n_columns == b.n_columns && a->n_readings == b.n_readings && a->n_drivers == b.n_drivers && a->n_tracks == b.n_tracks,
                ENT_ERR_ARGUMENT, "it was made by another build of entente %s, which compiles the scenario to other steps", b.version);
done:
    return status;
}

/* The grids' ranges are found from the run's first draws, so all parts have the same. */
static bool read_grid_ranges(ent__ensemble *e, reader *from, double *met)
{
    size_t n = (size_t)e->keep.n_grids;
    for (size_t g = 0; g < n; g++) {
        double range[4];
        ent__grid *grid = &e->keep.grid[g];
        if (!unpack(from, range, 4) || !(range[1] - range[0] < __builtin_inf()) || !(range[0] <= range[1]) || (!grid->wide && range[0] == range[1]) ||
            !ent__is_finite(range[2]) || !(range[3] >= 0 && range[3] < __builtin_inf()) || (grid->wide && range[3] == 0))
            return false;
        bool known = e->has_ranges || !grid->needs_pilot;
        if (known && (range[0] != grid->low || range[1] != grid->high || range[2] != grid->middle || range[3] != grid->unit))
            return false;
        grid->low = range[0];
        grid->high = range[1];
        grid->middle = range[2];
        grid->unit = range[3];
    }
    e->has_ranges = true;
    if (!unpack(from, met, n) || !unpack(from, met + n, n))
        return false;
    for (size_t g = 0; g < n; g++) {
        e->low[g] = met[g] < e->low[g] ? met[g] : e->low[g];
        e->high[g] = met[n + g] > e->high[g] ? met[n + g] : e->high[g];
    }
    return true;
}

static ent_status read_nodes(ent__ensemble *e, reader *from, const ent__part_head *head, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__tree *tree = &e->tree;
    ent__moments *moments = NULL;
    double *word = ent__alloc((size_t)tree->n_tallies, sizeof *word);
    ENT_REQUIRE(word != NULL, ENT_ERR_MEMORY, "not enough memory to read a part");
    for (int64_t at = head->first / ENT__BLOCK, end = ent__blocks(head->first + head->draws); at < end;) {
        int32_t level = ent__tree_level(at, end);
        ENT_REQUIRE((moments = ent__tree_take(tree)) != NULL, ENT_ERR_MEMORY, "not enough memory to read a part");
        for (size_t f = 0; f < MOMENTS; f++) {
            ENT_REQUIRE(unpack(from, word, (size_t)tree->n_tallies), ENT_ERR_FORMAT, "the part does not hold together");
            for (int32_t t = 0; t < tree->n_tallies; t++)
                memcpy((double *)(void *)&moments[t] + f, &word[t], sizeof *word);
        }
        bool joined = ent__tree_join(tree, level, at >> level, moments);
        moments = NULL;
        ENT_REQUIRE(joined, ENT_ERR_MEMORY, "not enough memory to read a part");
        at += INT64_C(1) << level;
    }
done:
    ent__free(moments);
    ent__free(word);
    return status;
}

static bool add_words(uint64_t *to, size_t n, reader *from)
{
    uint64_t word[GROUP];
    for (size_t i = 0; i < n; i += ENT_COUNT(word)) {
        size_t here = n - i < ENT_COUNT(word) ? n - i : ENT_COUNT(word);
        if (!unpack(from, word, here))
            return false;
        for (size_t k = 0; k < here; k++)
            to[i + k] += word[k];
    }
    return true;
}

static bool read_rows(ent__ensemble *e, const ent__part *part)
{
    const ent_plan *plan = e->program->plan;
    const ent__part_head *head = &part->head;
    const unsigned char *from = part->rows;
    uint64_t a_draw = sizeof(double) * ((uint64_t)e->keep.n_columns + (e->weight != NULL)) + (uint64_t)e->n_readings;
    if (head->rows_length != a_draw * (uint64_t)head->draws)
        return false;
    for (int64_t draw = head->first; draw < head->first + head->draws; draw += ENT__BLOCK) {
        size_t at = (size_t)(draw - e->first);
        size_t n = (size_t)(head->first + head->draws - draw < ENT__BLOCK ? head->first + head->draws - draw : ENT__BLOCK);
        for (int32_t k = 0; k < e->keep.n_columns; k++, from += n * sizeof(double))
            memcpy(e->column[k] + at, from, n * sizeof(double));
        if (e->weight != NULL) {
            memcpy(e->weight + at, from, n * sizeof(double));
            from += n * sizeof(double);
        }
        for (int32_t r = 0; r < e->n_readings; r++, from += n)
            for (size_t i = 0; i < n; i++) {
                if (from[i] >= plan->readings[r].n_choices)
                    return false;
                e->reading[r][at + i] = from[i];
            }
    }
    return true;
}

ent_status ent__part_add(ent__ensemble *e, const ent__part *part, ent_error *err)
{
    ent_status status = ENT_OK;
    reader from = {part->body, part->body + part->body_length};
    double *met = ent__alloc(2 * (size_t)e->keep.n_grids, sizeof *met);
    ENT_REQUIRE(met != NULL, ENT_ERR_MEMORY, "not enough memory to read a part");
    ENT_REQUIRE(read_grid_ranges(e, &from, met), ENT_ERR_FORMAT, "the part does not hold together");
    ENT_TRY(read_nodes(e, &from, &part->head, err));
    ENT_REQUIRE(add_words(e->count, e->keep.n_counts, &from) && add_words(e->curve, ent__reach_numbers(&e->reach, e->program->plan), &from) &&
                    from.at == from.end && read_rows(e, part),
                ENT_ERR_FORMAT, "the part does not hold together");
done:
    ent__free(met);
    return status;
}
