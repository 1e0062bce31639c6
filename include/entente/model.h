/**
 * @file entente/model.h
 * @brief The table of models: what each is, whose paper, what goes in and what comes out.
 *
 * A model is one file and one constant. The help, the scenario check, the web form and the bindings'
 * documentation are made from this table.
 */
#ifndef ENTENTE_MODEL_H
#define ENTENTE_MODEL_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One input, option or output of a model. */
typedef struct ent_port {
    const char *name;     /**< as written in a scenario: "position" */
    const char *shape;    /**< "" a scalar; "a" actor, "m" member, "l" ally, "c" candidate, "y" year, "t" month, "a,y" ... */
    const char *unit;     /**< "scale", "US$ billion", "1", ... */
    double low, high;     /**< allowed range, ends included; -INFINITY, INFINITY where open */
    double fallback;      /**< default of an optional number; NaN where there is none */
    const char *choices;  /**< of an option that is a word: "least|strongest", the default first; NULL for numbers */
    bool required;
    const char *meaning;  /**< one sentence */
    int32_t phase;        /**< ENT_PHASE_*: of an output, which call gives it; of an input, a mask of the calls that take it */
    bool every_year; /**< of an output by actor: reports tell every year of it, not only the first and the last */
    const char *falls_back; /**< of an optional input: the input whose value in the first year, without the document, it
                                 takes where it is left out; NULL for `fallback` */
} ent_port;

/** The calls of a model that runs over years. Of inputs they are combined by |; 0 is ENT_PHASE_YEAR. */
enum {
    ENT_PHASE_YEAR = 1,  /**< once a year, in order */
    ENT_PHASE_FIRST = 2, /**< once, before the years, with the inputs of the first year: what is calibrated */
    ENT_PHASE_LAST = 4   /**< once, after the years: from the outputs of all of them */
};

/** The axes of ports, by the letter in `shape`. */
typedef enum ent_axis {
    ENT_AXIS_ACTOR,     /**< a */
    ENT_AXIS_MEMBER,    /**< m: of a group that decides */
    ENT_AXIS_ALLY,      /**< l */
    ENT_AXIS_CANDIDATE, /**< c */
    ENT_AXIS_YEAR,      /**< y: one call a year, so a call sees no such axis (in ENT_PHASE_LAST it does, slowest) */
    ENT_AXIS_MONTH,     /**< t: inputs hold one value a calendar year that the months touch, outputs one a month */
    ENT_AXIS_EVENT,     /**< e: of named events */
    ENT_AXIS_COUNT
} ent_axis;

/** Why a model stopped. An outcome, not an error. */
typedef enum ent_stop {
    ENT_STOP_DONE = 0,       /**< a closed form, or solved to its tolerance */
    ENT_STOP_STATUS_QUO,     /**< no point improves on the status quo for all: the status quo stands */
    ENT_STOP_SETTLED,        /**< rounds: nothing moves any more */
    ENT_STOP_CYCLE,          /**< rounds: an earlier state came back; the outcome is the mean over the cycle */
    ENT_STOP_MAX_ROUNDS,     /**< rounds: the allowed number was used up */
    ENT_STOP_UNDEFINED,      /**< nothing to settle: every weight is zero, or an input is undefined */
    ENT_STOP_NO_CONVERGENCE, /**< an equilibrium was not reached within the allowed iterations: no result */
    ENT_STOP_COUNT
} ent_stop;

/** A few words for a stop, e.g. "settled". Never NULL. */
ENT_API const char *ent_stop_text(ent_stop stop);
/** One word for machines: "done", "status_quo", "settled", "cycle", "max_rounds", "undefined". Never NULL. */
ENT_API const char *ent_stop_word(ent_stop stop);

/** What a group has before it: one issue. Arrays are borrowed, one value an actor, in the caller's order. */
typedef struct ent_settle_input {
    size_t n;                  /**< actors, >= 1 */
    const double *position;    /**< on the scale [low, high] */
    const double *salience;    /**< 0 to 1 */
    const double *capability;  /**< >= 0 */
    double low, high;          /**< the scale's stated ends, low < high */
    double status_quo;         /**< NaN where none is stated */
    const double *option;      /**< one value for each of the model's options, in their order; a word is its index */
    uint64_t seed, stream, draw; /**< for stochastic models: keys of the run's own stream */
} ent_settle_input;

/** How it is settled. Arrays are the caller's; NULL where not wanted. */
typedef struct ent_settle_output {
    double outcome;       /**< on the scale; NaN with ENT_STOP_UNDEFINED */
    ent_stop stop;
    int32_t rounds;       /**< 0 for models without rounds */
    double *utility;      /**< n: each actor's utility at the outcome, u_i(x) = 1 - |x - x_i|^r / range^r */
    double *gain;         /**< n: utility less that at the status quo, or at the mean of positions where none is stated */
    double *distribution; /**< n: probability of each actor's position (condorcet; equal positions share), else untouched */
} ent_settle_output;

/** Several issues that a group settles together. Tables hold one row an actor, one column an issue; a position that is
 *  NaN says that the actor takes no part in the issue. Borrowed. */
typedef struct ent_settle_many_input {
    size_t n, issues;                    /**< actors, issues; each >= 1 */
    const double *position;              /**< n x issues, on each issue's scale, or NaN */
    const double *salience, *capability; /**< n x issues; 0 where the actor takes no part */
    const double *low, *high;            /**< issues: the scales' ends */
    const double *status_quo;            /**< issues: NaN where none is stated */
    const double *option;                /**< as in ent_settle_input */
    uint64_t seed, stream, draw;
} ent_settle_many_input;

/**
 * One call of a model of the rooms vote, alliance and war: arrays in, arrays out. Axes run in the order of the port's
 * shape, the first slowest; "y" is left out but in ENT_PHASE_LAST. All arrays are the caller's.
 */
typedef struct ent_call {
    int32_t phase;                  /**< ENT_PHASE_* */
    const size_t *count;            /**< [ENT_AXIS_COUNT]: how many there are on each axis */
    const double *const *in;        /**< [n_inputs]; NULL for what the phase does not take. A value may be undefined (NaN):
                                         what depends on it is undefined then */
    double *const *out;             /**< [n_outputs]; NULL for what the phase does not give or nobody wants. In
                                         ENT_PHASE_LAST the yearly outputs are given, to be read, with their years */
    const double *before;           /**< [state]: what last year's call carried on (or ENT_PHASE_FIRST's); NULL where none */
    double *after;                  /**< [state] */
    const double *option;           /**< [n_options] */
    const struct ent_rule *rule;    /**< of consent: the group's rule; else NULL */
    const struct ent_war_event *event; /**< [count[ENT_AXIS_EVENT]] of war; else NULL */
    int32_t year, first_year;       /**< of this call, of the run */
    int32_t start_month;            /**< of a model in months: year * 12 + month - 1 of its first month */
    int32_t seen_month, seen_state; /**< of war: what is known (month counted from its first, a mask of states); -1 none */
    uint64_t seed, stream, draw;    /**< of a model that draws */
    bool monthly;                   /**< inputs by month hold one value a month instead of one a calendar year */
} ent_call;

struct ent_story;

/** A model: of how a group settles issues (settle), or of the rooms vote, alliance and war (call). */
typedef struct ent_model {
    const char *name;         /**< as written in a scenario: "compromise" */
    const char *room;         /**< "settle", "vote", "alliance", "war" */
    const char *title;        /**< "Weighted mean" */
    const char *summary;      /**< two or three sentences for a newcomer */
    const char *equation;     /**< one or a few lines of plain text */
    const char *citation;     /**< author, year, title, journal */
    const char *accuracy;     /**< what public tests say of it, or "" */
    const char *cost;         /**< "O(n log n)" */
    const ent_port *inputs;
    size_t n_inputs;
    const ent_port *options;
    size_t n_options;
    const ent_port *outputs;
    size_t n_outputs;
    /** Bytes of workspace for n actors; 0 where none. NULL for models of other rooms. */
    size_t (*workspace)(size_t n);
    /** Settles; allocates nothing; inputs must have passed ent_settle_check(). Utility and gain are not its task. */
    void (*settle)(ent_settle_output *out, const ent_settle_input *in, void *workspace);
    /** The same for several issues at once (under `arenas:`); NULL where the model takes one issue only. outcome[issues]
     *  is NaN where an issue is not settled. Allocates nothing. */
    size_t (*workspace_many)(size_t n, size_t issues);
    void (*settle_many)(double *outcome, ent_stop *stop, const ent_settle_many_input *in, void *workspace);
    /** Plays the rounds and tells them (entente/story.h); NULL where the model has none. */
    ent_status (*story)(struct ent_story *out, const ent_settle_input *in, ent_error *err);
    /** Models of other rooms: numbers carried from year to year, bytes of workspace, the call itself, which allocates
     *  nothing. What a call cannot give (no convergence, undefined inputs) is NaN; `stop` says why. */
    size_t (*state)(const size_t *count);
    size_t (*call_workspace)(const size_t *count, const struct ent_rule *rule);
    void (*call)(ent_stop *stop, const ent_call *call, void *workspace);
    /** Whether it draws random numbers with these options; NULL: never. One that does gives another result each draw, even
     *  where nothing that goes in is uncertain. */
    bool (*draws)(const double *option);
    /** Why a call gives ENT_STOP_UNDEFINED: what was found and what is allowed. ENT_OK where it does not; NULL: the model
     *  cannot say. Makes the call again; allocates nothing. */
    ent_status (*explain)(const ent_call *call, void *workspace, ent_error *err);
    size_t most_actors;       /**< more are refused, for what they would cost; 0: no limit of its own */
} ent_model;

ENT_API size_t ent_model_count(void);
/** The i-th model in the table's order, 0 <= i < count. */
ENT_API const ent_model *ent_model_get(size_t i);
/** The model of that name, or NULL. */
ENT_API const ent_model *ent_model_find(const char *name);

/** Fills options[n_options] with the model's defaults. */
ENT_API void ent_model_defaults(double *options, const ent_model *model);
/** Reads one option from text ("2", "least"); the message names what is allowed. ENT_ERR_ARGUMENT, ENT_ERR_DOMAIN. */
ENT_API ENT_MUST_CHECK ent_status ent_model_option(double *value, size_t *index, const ent_model *model, const char *name,
                                                   const char *text, ent_error *err);

/** Why a model with these options needs a status quo ("gravity pulls ..."), or NULL where it does not. A draw without one
 *  is undefined. */
ENT_API const char *ent_model_needs_status_quo(const ent_model *model, const double *option);

/**
 * Checks the numbers of an issue: n >= 1, everything finite, positions on the scale, salience in [0, 1], capability
 * >= 0, some weight above zero, options in range. The message names the actor by number.
 */
ENT_API ENT_MUST_CHECK ent_status ent_settle_check(const ent_settle_input *in, const ent_model *model, ent_error *err);

/**
 * Settles one issue by one model: checks, allocates the workspace, settles, fills utility and gain.
 *
 * The outcome lies within [min, max] of the positions for every model but gravity (which may move past them toward
 * the status quo). Reordering actors or scaling all capabilities changes nothing.
 * Both hold but for `spatial` in mode ktab, which has that program's rounding and constants.
 * @return ENT_OK, or what ent_settle_check() gives, or ENT_ERR_MEMORY. `out` is unchanged on error.
 */
ENT_API ENT_MUST_CHECK ent_status ent_settle(ent_settle_output *out, const ent_settle_input *in, const ent_model *model,
                                             ent_error *err);

/** Fills utility and gain for the outcome that stands in `out`, as ent_settle() does: for a model that was played with its
 *  story. The input must have passed ent_settle_check(). */
ENT_API void ent_settle_welfare(ent_settle_output *out, const ent_settle_input *in, const ent_model *model);

#ifdef __cplusplus
}
#endif
#endif
