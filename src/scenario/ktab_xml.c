/* KTAB's XML scenarios, by expat.
 *
 *     Scenario
 *       name, desc, prngSeed
 *       ModelParameters   one element a parameter, its value a word; may be left out
 *       Dimensions        dName ...
 *       Actors            Actor ...: name, description, capability, Position (dCoord ...), Salience (dSal ...)
 *       IdealAdjustment   iaPair ...: adjustingIdeal, referencePos, adjust; may be left out
 *
 * Attributes are not looked at. A document type is refused, so that there are no entities but the five of XML itself
 * and a small file cannot become a large one; depth is limited; numbers are kept in lists that grow, so a file costs
 * memory in proportion to its size. */
#include "scenario/ktab.h"
#include "scenario/cells.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

typedef struct words {
    const char *element;
    const char *const *word; /* ended by NULL; in the order of the values that KTAB stores */
    size_t at;               /* of the option in ent_spatial_options */
} words;

#define WORDS(...)                                                                                                     \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }
static const words parameter[] = {
    {"VictoryProbModel", WORDS("Linear", "Square", "Quartic", "Octic", "Binary"),
     offsetof(ent_spatial_options, victory)},
    {"PCEModel", WORDS("Conditional", "MarkovIncentive", "MarkovUniform"), offsetof(ent_spatial_options, election)},
    {"StateTransitions", WORDS("Deterministic", "Stochastic"), offsetof(ent_spatial_options, transition)},
    {"VotingRule", WORDS("Binary", "PropBin", "Prop", "PropCbc", "Cubic", "ASymProsp"),
     offsetof(ent_spatial_options, vote)},
    {"BigRAdjust", WORDS("None", "OneThird", "Half", "TwoThirds", "Full"), offsetof(ent_spatial_options, adjust)},
    {"BigRRange", WORDS("Min", "Mid", "Max"), offsetof(ent_spatial_options, range)},
    {"ThirdPartyCommit", WORDS("NoCommit", "SemiCommit", "FullCommit"), offsetof(ent_spatial_options, commit)},
    {"InterVecBrgn", WORDS("S1P1", "S2P2", "S2PMax"), offsetof(ent_spatial_options, interpolation)},
    {"BargnModel", WORDS("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"), offsetof(ent_spatial_options, bargain)},
};

typedef struct reading {
    ent__parse *to;
    ent__ktab_raw *raw;
    const char *file;
    XML_Parser parser;
    const char *path[ENT_MAX_XML_DEPTH]; /* names of the open elements */
    ent__place opened[ENT_MAX_XML_DEPTH];
    int depth;
    char text[ENT_MAX_XML_TEXT + 1]; /* of the innermost */
    size_t length;
    bool too_long, is_stopped;
} reading;

static ent__place here(const reading *r)
{
    return (ent__place){r->file, (int32_t)XML_GetCurrentLineNumber(r->parser),
                        (int32_t)XML_GetCurrentColumnNumber(r->parser) + 1};
}

static void stop(reading *r)
{
    r->is_stopped = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static bool is(const char *name, const char *word)
{
    return strcmp(name, word) == 0;
}

/* What may stand within what. NULL: nothing is known of it. */
static const char *const *children_of(const reading *r)
{
    static const char *const none[] = {NULL}, *const root[] = {"Scenario", NULL};
    static const char *const scenario[] = {"name",       "desc",   "prngSeed",        "ModelParameters",
                                           "Dimensions", "Actors", "IdealAdjustment", NULL};
    static const char *const parameters[] = {"VictoryProbModel", "PCEModel",  "StateTransitions", "VotingRule",
                                             "BigRAdjust",       "BigRRange", "ThirdPartyCommit", "InterVecBrgn",
                                             "BargnModel",       NULL};
    static const char *const dimensions[] = {"dName", NULL}, *const actors[] = {"Actor", NULL};
    static const char *const actor[] = {"name", "description", "capability", "Position", "Salience", NULL};
    static const char *const position[] = {"dCoord", NULL}, *const salience[] = {"dSal", NULL};
    static const char *const pairs[] = {"iaPair", NULL};
    static const char *const pair[] = {"adjustingIdeal", "referencePos", "adjust", NULL};
    static const struct {
        const char *name;
        const char *const *child;
        int depth;
    } of[] = {{"Scenario", scenario, 1}, {"ModelParameters", parameters, 2}, {"Dimensions", dimensions, 2},
              {"Actors", actors, 2},     {"IdealAdjustment", pairs, 2},      {"Actor", actor, 3},
              {"iaPair", pair, 3},       {"Position", position, 4},          {"Salience", salience, 4}};
    if (r->depth == 0)
        return root;
    for (size_t i = 0; i < ENT_COUNT(of); i++)
        if (of[i].depth == r->depth && is(of[i].name, r->path[r->depth - 1]))
            return of[i].child;
    return none;
}

static ent__ktab_actor *last_actor(reading *r)
{
    return r->raw->n_actors > 0 ? &r->raw->actor[r->raw->n_actors - 1] : NULL;
}

/* --- elements ----------------------------------------------------------------------------------------------- */

static void open_known(reading *r, const char *name)
{
    ent__ktab_raw *raw = r->raw;
    void *items;
    raw->has_parameters |= is(name, "ModelParameters");
    raw->has_pairs |= is(name, "IdealAdjustment");
    if (is(name, "Actor")) {
        items = raw->actor;
        ent__ktab_actor *actor = ent__more(r->to, &items, &raw->n_actors, &raw->actor_room, sizeof *actor);
        raw->actor = items;
        if (actor != NULL)
            actor->place = here(r);
        if (raw->n_actors > ENT_MAX_ACTORS) {
            ent__complain(r->to, here(r), "more than %d actors", ENT_MAX_ACTORS);
            stop(r);
        }
    } else if (is(name, "iaPair")) {
        items = raw->pair;
        ent__ktab_pair *pair = ent__more(r->to, &items, &raw->n_pairs, &raw->pair_room, sizeof *pair);
        raw->pair = items;
        if (pair != NULL)
            pair->place = here(r);
    }
}

static void on_open(void *payload, const XML_Char *name, const XML_Char **attributes)
{
    reading *r = payload;
    (void)attributes;
    if (r->is_stopped)
        return;
    const char *const *known = children_of(r), *const *k = known;
    size_t n = 0;
    while (known[n] != NULL)
        n++;
    while (*k != NULL && !is(*k, name))
        k++;
    bool is_known = *k != NULL, root = r->depth == 0;
    if (!is_known && root) {
        ent__complain(r->to, here(r), "this is no KTAB scenario: its root is '%.60s', not Scenario", name);
        stop(r);
        return;
    }
    if (r->depth == ENT_MAX_XML_DEPTH) {
        ent__complain(r->to, here(r), "elements lie within one another more than %d deep", ENT_MAX_XML_DEPTH);
        stop(r);
        return;
    }
    const char *parent = root ? "" : r->path[r->depth - 1];
    if (!is_known && n > 0 && parent[0] != '?') {
        const char *near = r->to->told < 1000 ? ent__nearest(name, known, n) : NULL;
        ent__warn(r->to, here(r), "%s has no element '%.60s': it is not read%s%s%s", parent, name,
                  near ? "; is it '" : "", near ? near : "", near ? "'?" : "");
    } else if (!is_known && n == 0 && parent[0] != '?')
        ent__warn(r->to, here(r), "%s holds a text, and the element '%.60s' in it is not read", parent, name);
    r->opened[r->depth] = here(r);
    r->path[r->depth++] = is_known ? *k : "?";
    r->length = 0;
    r->too_long = false;
    if (is_known)
        open_known(r, *k);
    if (r->to->no_memory)
        stop(r);
}

static void on_text(void *payload, const XML_Char *text, int length)
{
    reading *r = payload;
    if (r->length + (size_t)length > ENT_MAX_XML_TEXT) {
        r->too_long = true;
        return;
    }
    memcpy(r->text + r->length, text, (size_t)length);
    r->length += (size_t)length;
}

/* The text of the element that ends, without the blanks around it. */
static char *trimmed(reading *r)
{
    char *from = r->text, *to = r->text + r->length;
    while (from < to && strchr(" \t\r\n", *from) != NULL)
        from++;
    while (to > from && strchr(" \t\r\n", to[-1]) != NULL)
        to--;
    *to = 0;
    return from;
}

static void read_parameter(reading *r, const char *name, const char *text, ent__place place)
{
    for (size_t p = 0; p < ENT_COUNT(parameter); p++) {
        if (!is(parameter[p].element, name))
            continue;
        size_t n = 0;
        for (; parameter[p].word[n] != NULL; n++)
            if (is(parameter[p].word[n], text)) {
                int value = (int)n; /* every option is an enumeration of ints from 0 */
                memcpy((char *)&r->raw->options + parameter[p].at, &value, sizeof value);
                return;
            }
        ent__buffer all = {0};
        for (size_t w = 0; w < n; w++)
            ent__buffer_printf(&all, "%s%s", w == 0 ? "" : w + 1 < n ? ", " : " or ", parameter[p].word[w]);
        const char *near = ent__nearest(text, parameter[p].word, n);
        ent__complain(r->to, place, "%s is '%.60s'; it can be %s%s%s%s", name, text, all.data != NULL ? all.data : "",
                      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        ent__buffer_free(&all);
    }
}

static void read_seed(reading *r, const char *text, ent__place place)
{
    uint64_t seed = 0;
    bool fits = text[0] != 0;
    for (const char *c = text; *c != 0 && fits; c++) {
        fits = *c >= '0' && *c <= '9' && seed <= (UINT64_MAX - (uint64_t)(*c - '0')) / 10;
        seed = fits ? 10 * seed + (uint64_t)(*c - '0') : seed;
    }
    if (!fits)
        ent__complain(r->to, place, "prngSeed is '%.60s'; a whole number from 0 to 18446744073709551615 is needed",
                      text);
    else if (seed == 0)
        ent__warn(r->to, place, "prngSeed 0 asks that program for a seed of its own; its default is taken here");
    r->raw->options.seed = seed;
    r->raw->has_seed = fits;
}

static void read_listed(reading *r, ent__ktab_list *list, const char *text, ent__place place, const char *name)
{
    void *items = list->item;
    ent__ktab_number *number = ent__more(r->to, &items, &list->n, &list->capacity, sizeof *number);
    list->item = items;
    if (number != NULL)
        ent__ktab_number_of(r->to, number, text, place, name);
}

static void read_of_actor(reading *r, ent__ktab_actor *actor, const char *name, const char *text, ent__place place)
{
    if (is(name, "name"))
        actor->name = ent__keep(r->to, text, strlen(text));
    else if (is(name, "description"))
        actor->about = ent__keep(r->to, text, strlen(text));
    else if (is(name, "capability")) {
        actor->has_capability = true;
        ent__ktab_number_of(r->to, &actor->capability, text, place, "capability");
    } else if (is(name, "dCoord"))
        read_listed(r, &actor->position, text, place, "dCoord");
    else if (is(name, "dSal"))
        read_listed(r, &actor->salience, text, place, "dSal");
}

static void read_of_pair(reading *r, ent__ktab_pair *pair, const char *name, const char *text, ent__place place)
{
    if (is(name, "adjustingIdeal"))
        pair->ideal = ent__keep(r->to, text, strlen(text));
    else if (is(name, "referencePos"))
        pair->position = ent__keep(r->to, text, strlen(text));
    else if (is(name, "adjust"))
        pair->has_adjust = ent__ktab_number_of(r->to, &pair->adjust, text, place, "adjust");
}

static void read_of_scenario(reading *r, const char *parent, const char *name, const char *text, ent__place place)
{
    ent__ktab_raw *raw = r->raw;
    if (is(parent, "ModelParameters"))
        read_parameter(r, name, text, place);
    else if (is(name, "name"))
        raw->name = ent__keep(r->to, text, strlen(text));
    else if (is(name, "desc"))
        raw->description = ent__keep(r->to, text, strlen(text));
    else if (is(name, "prngSeed"))
        read_seed(r, text, place);
    else if (is(name, "dName")) {
        void *items = raw->dimension;
        const char **dimension =
            ent__more(r->to, &items, &raw->n_dimensions, &raw->dimension_room, sizeof *dimension);
        raw->dimension = items;
        if (dimension != NULL)
            *dimension = ent__keep(r->to, text, strlen(text));
        if (raw->n_dimensions > ENT_SPATIAL_MAX_DIMENSIONS) {
            ent__complain(r->to, place, "more than %d dimensions", ENT_SPATIAL_MAX_DIMENSIONS);
            stop(r);
        }
    }
}

static void on_close(void *payload, const XML_Char *ended)
{
    reading *r = payload;
    (void)ended;
    if (r->is_stopped || r->depth == 0)
        return;
    const char *name = r->path[--r->depth], *parent = r->depth > 0 ? r->path[r->depth - 1] : "";
    ent__place place = r->opened[r->depth];
    bool in_actor = r->depth >= 3 && is(r->path[2], "Actor"), in_pair = r->depth == 3 && is(r->path[2], "iaPair");
    if (r->too_long)
        ent__complain(r->to, place, "the text of %s is longer than %d bytes", name, ENT_MAX_XML_TEXT);
    char *text = trimmed(r);
    if (in_actor && last_actor(r) != NULL)
        read_of_actor(r, last_actor(r), name, text, place);
    else if (in_pair && r->raw->n_pairs > 0)
        read_of_pair(r, &r->raw->pair[r->raw->n_pairs - 1], name, text, place);
    else
        read_of_scenario(r, parent, name, text, place);
    r->length = 0;
    r->too_long = false;
    if (r->to->no_memory)
        stop(r);
}

static void on_doctype(void *payload, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                       int internal)
{
    reading *r = payload;
    (void)name, (void)system, (void)public, (void)internal;
    ent__complain(r->to, here(r), "a document type (<!DOCTYPE) is not taken: entities are not expanded");
    stop(r);
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static void *take(size_t size)
{
    return ent__alloc(1, size);
}
static void *take_again(void *block, size_t size)
{
    return ent__realloc(block, size, 1);
}

/* Without names of dimensions, the first actor tells how many there are. */
static void imply_dimensions(reading *r)
{
    ent__ktab_raw *raw = r->raw;
    if (raw->n_dimensions > 0 || raw->n_actors == 0)
        return;
    raw->n_dimensions = raw->actor[0].position.n;
    raw->dimension = ent__take(r->to, raw->n_dimensions + 1, sizeof *raw->dimension);
    for (size_t k = 0; k < raw->n_dimensions && raw->dimension != NULL; k++)
        raw->dimension[k] = "";
}

ent_status ent__ktab_xml(ent__parse *to, ent__ktab_raw *raw, const char *file, const char *text, size_t length)
{
    static const XML_Memory_Handling_Suite memory = {take, take_again, ent__free};
    reading *r = ent__take(to, 1, sizeof *r);
    XML_Parser parser = r != NULL ? XML_ParserCreate_MM(NULL, &memory, NULL) : NULL;
    if (parser == NULL)
        return ENT_ERR_MEMORY;
    *r = (reading){.to = to, .raw = raw, .file = file, .parser = parser};
    XML_SetUserData(parser, r);
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    enum XML_Status parsed =
        XML_Parse(parser, text, (int)length, 1); /* at most ENT_MAX_FILE_BYTES, far below INT_MAX */
    enum XML_Error code = XML_GetErrorCode(parser);
    bool no_memory = to->no_memory || code == XML_ERROR_NO_MEMORY;
    if (parsed != XML_STATUS_OK && !r->is_stopped && !no_memory)
        ent__complain(to, here(r), "the XML is not well formed: %s", XML_ErrorString(code));
    else if (!r->is_stopped && !no_memory)
        imply_dimensions(r);
    XML_ParserFree(parser);
    return no_memory || to->no_memory ? ENT_ERR_MEMORY : ENT_OK;
}
