/**
 * @file entente/war.h
 * @brief A war and its end: two sides fight over a line and bargain while they fight.
 *
 * A and B fight over a territory and a political stake (such as neutrality). The line has states k = 0..K; x = k / K
 * is A's share of the territory, y in [0, 1] A's share of the political stake. Month by month the line moves by the
 * odds of the two efforts, and in every state both sides compare what fighting on is worth to them with a settlement,
 * with a frozen line and with giving up. The distribution over lines and states is propagated exactly; nothing is
 * drawn. Months count from 0. All arrays are the caller's.
 */
#ifndef ENTENTE_WAR_H
#define ENTENTE_WAR_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What has become of the war: one bit each, so that a set of them is a mask. */
typedef enum ent_war_state {
    ENT_WAR_FIGHTING = 1,    /**< it goes on */
    ENT_WAR_SETTLED = 2,     /**< agreed: the line stands where it was, with the y agreed on */
    ENT_WAR_FROZEN = 4,      /**< the line stands, nothing is agreed (y is y0), the war may resume */
    ENT_WAR_COLLAPSE_A = 8,  /**< A was beaten or gave up: B has all, x = y = 0 */
    ENT_WAR_COLLAPSE_B = 16, /**< B was beaten or gave up: A has all, x = y = 1 */
    ENT_WAR_ANY = 31,
    ENT_WAR_STATE_COUNT = 5
} ent_war_state;

/** A named event: the war is in one of these states with the line and y in these intervals, ends included (to 1e-12).
 *  While nothing is agreed y is y0. */
typedef struct ent_war_event {
    int32_t states;             /**< mask of ENT_WAR_*, not 0 */
    int32_t reserved;           /**< 0 */
    double line_low, line_high; /**< of x, 0 to 1 */
    double y_low, y_high;       /**< of y, 0 to 1 */
} ent_war_event;

/** The whole of what goes in. Start from ENT_WAR_INPUT_INIT and set at least months, line, cost_a, cost_b, discount.
 *  Series hold one value a month, or a calendar year (see `months_a_value`); where NULL, the value in brackets. */
typedef struct ent_war_input {
    int32_t months;         /**< 1 to ENT_WAR_MAX_MONTHS */
    int32_t states;         /**< K, 1 to ENT_WAR_MAX_STATES */
    int32_t line;           /**< where it starts, 0 to K; a start at an end is a collapse */
    int32_t months_a_value; /**< of the series: 1 (or 0) a value a month; 12 a value a calendar year */
    int32_t start_month;    /**< with 12: of the first month, from 0 January; year * 12 may be added */
    double move;            /**< chance that the line moves in a month, above 0, to 1 */
    double m;               /**< decisiveness of effort, above 0 */
    const double *effort_a; /**< >= 0 (1); own capacity and aid */
    const double *effort_b; /**< >= 0 (1); own capacity and aid; nothing against nothing is even */
    const double *aid_b;    /**< the part of effort_b that is aid, 0 to effort_b (0) */
    const double *cost_a;   /**< of a month of fighting, in units of the whole stake, >= 0; not NULL */
    const double *cost_b;   /**< not NULL */
    double discount;        /**< a month, above 0, below 1 */
    double optimism_a;      /**< how much too good A thinks its odds at the start, -1 to 1 */
    double optimism_b;
    double learning;            /**< f: the part of optimism that is left after a month of battle, 0 to 1 */
    double alpha_a, alpha_b;    /**< weight of territory, 0 to 1; the rest is that of the political stake */
    double y0;                  /**< A's share of the political stake while nothing is agreed */
    const double *guarantee_a;  /**< how far a settlement would hold for A, 0 to 1 (1) */
    const double *guarantee_b;
    const double *talk;         /**< chance a month that a range of settlements is found, 0 to 1 (1) */
    double freeze_cost;         /**< share of war's cost that a frozen line costs, 0 to 1 */
    double resume;              /**< chance a month that a frozen war resumes, 0 to 1 */
    double beta;                /**< bargaining power of A, 0 to 1 */
    bool freezing;              /**< whether a line can freeze */
    const ent_war_event *event; /**< [n_events] */
    size_t n_events;            /**< at most ENT_WAR_MAX_EVENTS */
    int32_t seen_month;         /**< the month whose state is known, or -1 */
    int32_t seen_states;        /**< mask: it was one of these */
} ent_war_input;

#define ENT_WAR_INPUT_INIT                                                                                             \
    {                                                                                                                  \
        .states = 20, .months_a_value = 1, .move = 0.3, .m = 1, .learning = 0.98, .alpha_a = 0.5, .alpha_b = 0.5,      \
        .y0 = 0.5, .freeze_cost = 0.2, .beta = 0.5, .freezing = true, .seen_month = -1                                 \
    }

/** What comes of it: by month, after that month's decisions and move. NULL where not wanted. */
typedef struct ent_war_output {
    double *fighting, *settled, *frozen;  /**< [months] probabilities; the five add up to 1 */
    double *collapse_a, *collapse_b;      /**< [months] */
    double *line, *concession;            /**< [months] expected x and y */
    double *value_a, *value_b;            /**< [months] expected face value, 0 to 1 */
    double *leverage_a;                   /**< [months] the share of the whole stake that A could hold out for, mean
                                               over the lines still fought over; NaN where none is */
    double *leverage_a_no_aid;            /**< [months] the same had B no aid that month */
    double *event;                        /**< [n_events][months] probabilities */
    double *mass;                         /**< [months][K+1][5] probability of each line and state, the states in the
                                               order of their bits; a collapse lies at 0 or K */
    double *fight_on_a, *fight_on_b;      /**< [months][K+1] W: what fighting on is worth to each, by its own belief; 0
                                               where it gives up. NaN in months when nobody fights any more */
    double *agreed;                       /**< [months][K+1] the y agreed on where a range is found; NaN where there is
                                               no range, at the ends, and in months when nobody fights any more */
    double kept;                          /**< the probability of what was seen: the weight of the draw; 1 where nothing
                                               was. Where it is 0 all from seen_month on is NaN */
    ent_stop stop;                        /**< ENT_STOP_DONE */
} ent_war_output;

/**
 * A war from its first month to its last: who gives up, settles, freezes or fights on, as exact probabilities.
 *
 * Each month the line moves one step to A's side up with chance move * p, down with move * (1 - p), where
 * p = effort_a^m / (effort_a^m + effort_b^m). What fighting on is worth to a side is the value of that walk with the
 * right to give up, by its own belief of p, which is too good by its optimism and is taught by battle. In every
 * interior state: where some y makes both settle rather than fight on (each counting a settlement only as far as it is
 * guaranteed), they settle there with chance `talk` (asymmetric Nash solution); where there is none and both prefer a
 * frozen line, it freezes; else a side to which fighting on is worth nothing gives up; else they fight on.
 *
 * The five states' probabilities add up to 1 (to 1e-12) in every month. Swapping the sides and mirroring the line
 * mirrors every result. With costs, without optimism and with full guarantees a war whose range is found is settled at
 * once (Fearon 1995).
 * Sources: the walk, Smith and Stam (2004) and Powell (2004); optimism, Blainey (1988) and Slantchev (2003);
 * guarantees, Powell (2006); efforts, Hirshleifer (1989).
 *
 * @param[out] out  the arrays that are not NULL are filled, and kept and stop; unchanged on error
 * @param      in   not NULL
 * @param[out] err  may be NULL; names the input, its month, what was found and what is allowed
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL where a series must be); ENT_ERR_DOMAIN (a number out of range or undefined);
 *         ENT_ERR_LIMIT (too many months, states or events); ENT_ERR_MEMORY
 *
 * Time O(months * (K + events)), memory O(K + events). Thread-safe, no global state.
 * @since 0.1 @stability experimental
 */
ENT_API ENT_MUST_CHECK ent_status ent_war(ent_war_output *out, const ent_war_input *in, ent_error *err);

/* --- a table of months, which `entente war` takes -------------------------------------------------------- */

enum { ENT_WAR_SERIES = 8 };

/** What changes from month to month. Plain data, owned by the table. */
typedef struct ent_war_table {
    int32_t months;                       /**< rows, >= 1 */
    int32_t start_month;                  /**< of the first row, year * 12 + month - 1; -1 where months are numbered */
    const double *series[ENT_WAR_SERIES]; /**< [months] in the order of ent_war_series(); NULL where no column */
} ent_war_table;

/** The name of a series, "effort_a", and where its pointer stands in an input (to be set or read). 0 <= i < 8. */
ENT_API const char *ent_war_series(const double ***place, ent_war_input *in, size_t i);

/**
 * Reads a table with the column `month` (2022-04, 2022-05, ... or whole numbers, a row each without gaps) and any of
 * effort_a, effort_b, aid_b, cost_a, cost_b, guarantee_a, guarantee_b, talk. Cells are apart by comma, semicolon or
 * tab; with the latter two a decimal comma is read. Whether the numbers lie in their ranges is ent_war()'s to say.
 *
 * Everything that is wrong goes to `list` with its line and column: no column of months, an unknown column with the
 * nearest that is known, cells that hold no number, a month that does not follow the one before.
 * @param[out] out   the table, ent_war_table_free() it; NULL on failure
 * @param      path  not NULL
 * @param[out] list  not NULL
 * @param[out] err   may be NULL
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO (no such file); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_war_table_read(ent_war_table **out, const char *path, ent_diagnostics *list,
                                                     ent_error *err);
ENT_API void ent_war_table_free(ent_war_table *table); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
