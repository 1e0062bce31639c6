/* YAML by libfyaml's events, made into a tree in our arena.
 *
 * Events rather than its documents: they come one by one, so that depth is checked before anything is built on it,
 * aliases are never followed (a few lines of them can stand for gigabytes), and duplicate keys are found here by hash,
 * all of them and each with the place of the first.
 *
 * YAML's braces and brackets split text at every comma: `{x: max(a, b)}` is two keys, `max(a` and `b)`. What remains of
 * an expression torn like that is told from its brackets, and the message says what to do: quote it. */
#include "scenario/yaml.h"

#include <libfyaml.h>

#include <string.h>

typedef struct frame {
    ent__yaml *node, *last; /* last: its youngest child */
    const char *key;        /* of the entry whose value comes next; NULL where a key comes next */
    ent__place key_place;
    bool flow, torn;        /* torn: a text in it was split at a comma, which was told */
} frame;

typedef struct reader {
    ent__parse *to;
    const char *file, *text;
    size_t length;
    struct fy_parser *parser;
    frame stack[ENT_MAX_YAML_DEPTH + 1];
    int depth, documents, skipping; /* skipping: levels of a key that is no text */
    ent__place skipped;             /* where that key began */
    ent__yaml *root;
    ent_status status;
} reader;

static ent__place place_of(const reader *r, const struct fy_mark *mark)
{
    if (mark == NULL)
        return (ent__place){r->file, 0, 0};
    return (ent__place){r->file, mark->line + 1, mark->column + 1};
}

/* A text over several lines as it stands in the file, so that places in it can be told: libfyaml's is folded into one
 * line. NULL where it is on one line, or where quotes hide something in it. */
static const char *lines_of(reader *r, struct fy_event *event, ent__place *place)
{
    const struct fy_mark *from = fy_event_start_mark(event), *to = fy_event_end_mark(event);
    if (from == NULL || to == NULL || from->line == to->line || to->input_pos > r->length ||
        from->input_pos > to->input_pos)
        return NULL;
    const char *lines = r->text + from->input_pos;
    size_t length = to->input_pos - from->input_pos;
    bool hidden = memchr(lines, '\\', length) != NULL || memchr(lines, '\'', length) != NULL ||
                  memchr(lines, '"', length) != NULL;
    *place = place_of(r, from);
    return hidden ? NULL : ent__keep(r->to, lines, length);
}

/* Where a text begins: behind its quote (as libfyaml has it), or behind the indentation of a block. */
static ent__place text_place(const reader *r, struct fy_event *event, struct fy_token *token)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    ent__place place = place_of(r, mark);
    enum fy_scalar_style style = token != NULL ? fy_token_scalar_style(token) : FYSS_PLAIN;
    if (mark != NULL && (style == FYSS_LITERAL || style == FYSS_FOLDED))
        for (size_t at = mark->input_pos; at < r->length && r->text[at] == ' '; at++)
            place.column++;
    return place;
}

/* --- the tree --------------------------------------------------------------------------------------- */

/* Puts a node where the next value belongs. */
static ent__yaml *add(reader *r, ent__yaml_kind kind, ent__place place)
{
    ent__yaml *node = ent__take(r->to, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    *node = (ent__yaml){.kind = kind, .place = place, .text = "", .key = ""};
    if (r->depth == 0) {
        r->root = node;
        return node;
    }
    frame *top = &r->stack[r->depth - 1];
    if (top->node->kind == ENT__YAML_MAPPING) {
        node->key = top->key != NULL ? top->key : "";
        node->key_place = top->key_place;
        top->key = NULL;
    }
    *(top->last != NULL ? &top->last->next : &top->node->first) = node;
    top->last = node;
    top->node->n++;
    return node;
}

/* The entry that comes next has no key: it is dropped when its mapping closes. */
static void refuse_key(frame *top, ent__place place)
{
    top->key = "";
    top->key_place = place;
}

static void open_level(reader *r, ent__yaml_kind kind, struct fy_event *event)
{
    ent__place place = place_of(r, fy_event_start_mark(event));
    frame *top = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
    if (r->skipping > 0 || (top != NULL && top->node->kind == ENT__YAML_MAPPING && top->key == NULL)) {
        r->skipped = r->skipping == 0 ? place : r->skipped;
        if (r->skipping++ == 0)
            ent__complain(r->to, place, "a %s as a key: a key is a word; an expression with brackets needs quotes",
                          kind == ENT__YAML_LIST ? "list" : "mapping");
        return;
    }
    if (r->depth == ENT_MAX_YAML_DEPTH) {
        ent__complain(r->to, place, "nested deeper than %d levels", ENT_MAX_YAML_DEPTH);
        r->status = ENT_ERR_LIMIT;
        return;
    }
    ent__yaml *node = add(r, kind, place);
    if (node != NULL)
        r->stack[r->depth++] = (frame){.node = node, .flow = fy_event_get_node_style(event) == FYNS_FLOW};
}

/* Drops the entries whose key came before; table: open addressing over hashes. */
static void drop_duplicates(reader *r, ent__yaml *mapping)
{
    size_t capacity = 16;
    while (capacity < 2 * (size_t)mapping->n)
        capacity *= 2;
    const ent__yaml *few[16], **table = few;
    if (capacity > ENT_COUNT(few) && (table = ent__alloc(capacity, sizeof *table)) == NULL) {
        r->to->no_memory = true;
        return;
    }
    memset(few, 0, sizeof few);
    ent__yaml **link = &mapping->first;
    while (*link != NULL) {
        ent__yaml *entry = *link;
        size_t at = (size_t)ent__hash(entry->key, strlen(entry->key)) & (capacity - 1);
        while (table[at] != NULL && strcmp(table[at]->key, entry->key) != 0)
            at = (at + 1) & (capacity - 1);
        if (table[at] == NULL) {
            table[at] = entry;
            link = &entry->next;
            continue;
        }
        ent__complain(r->to, entry->key_place, "'%.60s' again: it stands in line %d already", entry->key,
                      (int)table[at]->key_place.line);
        *link = entry->next;
        mapping->n--;
    }
    if (table != few)
        ent__free(table);
}

static void close_level(reader *r)
{
    if (r->skipping > 0) {
        if (--r->skipping == 0) /* the key that was refused: its value goes with it */
            refuse_key(&r->stack[r->depth - 1], r->skipped);
        return;
    }
    ent__yaml *node = r->stack[--r->depth].node;
    if (node->kind == ENT__YAML_MAPPING)
        drop_duplicates(r, node);
}

/* --- texts ------------------------------------------------------------------------------------------ */

/* Brackets ( ) that are open, or below 0 closed too often. */
static int open_brackets(const char *text)
{
    int n = 0;
    for (; *text != 0 && n >= 0; text++)
        n += (*text == '(') - (*text == ')');
    return n;
}

static bool is_null(const char *text)
{
    return strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
           strcmp(text, "NULL") == 0;
}

/* A value that is not there: a key without one, an empty item, or null in words. */
static void refuse_nothing(reader *r, const frame *top, ent__place place)
{
    if (top != NULL && top->torn)
        return;
    if (top == NULL || (top->node->kind == ENT__YAML_MAPPING && top->key[0] == 0))
        return; /* an empty file, told of later, or a key that was refused */
    if (top->node->kind == ENT__YAML_LIST)
        ent__complain(r->to, place.line > 0 ? place : top->node->place, "item %d of this list is empty",
                      (int)top->node->n + 1);
    else if (top->flow)
        ent__complain(r->to, top->key_place,
                      "'%.60s' has no value; if it belongs to the text before the comma, quote all of that text",
                      top->key);
    else
        ent__complain(r->to, top->key_place, "'%.60s' has no value; leave the key out where there is nothing to say",
                      top->key);
}

/* Inside { } and [ ]: a text with a bracket left open was torn at its comma. */
static bool is_torn(reader *r, frame *top, const char *text, ent__place place)
{
    if (top == NULL || !top->flow || open_brackets(text) == 0)
        return false;
    if (!top->torn)
        ent__complain(r->to, place, "quote the expression or text: inside %s a comma ends it, here after '%.60s'",
                      top->node->kind == ENT__YAML_LIST ? "[ ]" : "{ }", text);
    top->torn = true;
    return true;
}

static void read_text(reader *r, struct fy_event *event)
{
    struct fy_token *token = fy_event_get_token(event);
    size_t length = 0;
    const char *found = token != NULL ? fy_token_get_text(token, &length) : NULL;
    bool plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    ent__place place = text_place(r, event, token);
    frame *top = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;
    if (r->skipping > 0)
        return;
    const char *text = ent__keep(r->to, found != NULL ? found : "", found != NULL ? length : 0);
    if (text == NULL)
        return;
    if (top != NULL && top->node->kind == ENT__YAML_MAPPING && top->key == NULL) {
        if (length == 0)
            ent__complain(r->to, place.line > 0 ? place : top->node->place, "an empty key");
        top->key = text;
        top->key_place = place;
        return;
    }
    bool nothing = plain && (length == 0 || is_null(text));
    bool torn = plain && is_torn(r, top, text, place);
    if (nothing)
        refuse_nothing(r, top, place);
    ent__yaml *node = add(r, nothing || torn ? ENT__YAML_BAD : ENT__YAML_TEXT, place);
    if (node == NULL)
        return;
    node->text = text;
    node->lines = lines_of(r, event, &node->lines_place);
}

/* An entry that a torn text left behind, or whose key was refused, is dropped when its mapping closes. */
static void drop_refused(ent__yaml *mapping, bool torn)
{
    for (ent__yaml **link = &mapping->first; *link != NULL;) {
        bool refused = (*link)->key[0] == 0 || (torn && (*link)->kind == ENT__YAML_BAD && (*link)->text[0] == 0);
        if (refused) {
            *link = (*link)->next;
            mapping->n--;
        } else
            link = &(*link)->next;
    }
}

/* libfyaml marks an alias and an anchor behind their signs. */
static ent__place sign_place(const reader *r, const struct fy_mark *mark)
{
    ent__place place = place_of(r, mark);
    place.column -= place.column > 1;
    return place;
}

static void refuse_decorations(reader *r, struct fy_event *event)
{
    struct fy_token *anchor = fy_event_get_anchor_token(event), *tag = fy_event_get_tag_token(event);
    if (anchor != NULL)
        ent__complain(r->to, sign_place(r, fy_token_start_mark(anchor)),
                      "an anchor (&name) is not allowed: write the text out where it is needed");
    if (tag != NULL)
        ent__complain(r->to, place_of(r, fy_token_start_mark(tag)),
                      "a tag (!name) is not allowed: numbers and words need none");
}

/* --- events ----------------------------------------------------------------------------------------- */

static void read_event(reader *r, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++r->documents > 1) {
            ent__place place = place_of(r, fy_event_start_mark(event));
            if (place.line == 0)
                place.line = place.column = 1;
            ent__complain(r->to, place, "a second document (---): a scenario is one");
            r->status = ENT_ERR_SCENARIO;
        }
        break;
    case FYET_SCALAR:
        refuse_decorations(r, event);
        read_text(r, event);
        break;
    case FYET_ALIAS:
        ent__complain(r->to, sign_place(r, fy_event_start_mark(event)),
                      "an alias (*name) is not allowed: write the text out; a text that begins with * needs quotes");
        if (r->skipping > 0)
            break;
        if (r->depth > 0 && r->stack[r->depth - 1].node->kind == ENT__YAML_MAPPING &&
            r->stack[r->depth - 1].key == NULL)
            refuse_key(&r->stack[r->depth - 1], sign_place(r, fy_event_start_mark(event)));
        else
            (void)add(r, ENT__YAML_BAD, sign_place(r, fy_event_start_mark(event)));
        break;
    case FYET_SEQUENCE_START:
    case FYET_MAPPING_START:
        refuse_decorations(r, event);
        open_level(r, event->type == FYET_SEQUENCE_START ? ENT__YAML_LIST : ENT__YAML_MAPPING, event);
        break;
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        if (r->skipping == 0 && r->stack[r->depth - 1].node->kind == ENT__YAML_MAPPING)
            drop_refused(r->stack[r->depth - 1].node, r->stack[r->depth - 1].torn);
        close_level(r);
        break;
    default:
        break;
    }
}

static const char *hint_for(const char *message)
{
    static const struct {
        const char *part, *hint;
    } list[] = {{"nested block mapping", "text that holds ': ' needs quotes"},
                {"flow mapping", "inside { } an expression or text with brackets or commas needs quotes"},
                {"alias", "an expression or text with * & [ ] { } inside braces needs quotes"},
                {"cannot start with", "put the text in quotes"},
                {"escape", "use single quotes, in which \\ is nothing special"},
                {"trailing content", "a quote inside a quoted text is doubled in '...' and \\\" in \"...\""},
                {"quoted", "a closing quote is missing"},
                {"tab", "indent with spaces"},
                {"multiline plain key", "the lines are indented differently, or text with ': ' needs quotes"},
                {"expected node content", "a closing bracket is missing"}};
    for (size_t i = 0; i < ENT_COUNT(list); i++)
        if (strstr(message, list[i].part) != NULL)
            return list[i].hint;
    return NULL;
}

static void tell_syntax(reader *r, struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
    r->status = ENT_ERR_SCENARIO;
    if (error == NULL) {
        ent__complain(r->to, (ent__place){r->file, 1, 1}, "this is no YAML");
        return;
    }
    const char *hint = hint_for(error->msg);
    ent__complain(r->to, (ent__place){r->file, error->line, error->column}, "YAML: %s%s%s", error->msg,
                  hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

static void read_events(reader *r)
{
    struct fy_event *event;
    while (r->status == ENT_OK && !r->to->no_memory && (event = fy_parser_parse(r->parser)) != NULL) {
        read_event(r, event);
        fy_parser_event_free(r->parser, event);
    }
}

static void say_nothing(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag, (void)user, (void)text, (void)length;
}

/* What was found goes on from a list of its own: a syntax error drops all the others, which may only follow from it. */
static void pass_on(ent__parse *to, const ent_diagnostics *found, bool syntax)
{
    size_t n = ent_diagnostics_count(found);
    for (size_t i = syntax && n > 0 ? n - 1 : 0; i < n; i++) {
        ent_diagnostic d = ent_diagnostics_get(found, i);
        ent__complain(to, (ent__place){d.file, d.line, d.column}, "%s", d.message);
    }
}

static void check_root(reader *r)
{
    if (r->root == NULL)
        ent__complain(r->to, (ent__place){r->file, 1, 1}, "the file is empty: a scenario begins with `entente: 1`");
    else if (r->root->kind == ENT__YAML_MAPPING)
        return;
    else if (r->root->kind != ENT__YAML_BAD || r->to->errors == 0) /* null alone is told nowhere else */
        ent__complain(r->to, r->root->place, "a scenario is a mapping that begins with `entente: 1`, found a %s",
                      r->root->kind == ENT__YAML_LIST ? "list" : r->root->kind == ENT__YAML_BAD ? "null" : "text");
    r->status = ENT_ERR_SCENARIO;
}

/* Brackets, or signs of nested lists, that one line opens without end: libfyaml would look ahead over all of them
 * before its first event, which for a hostile file takes seconds. Depth over several lines is seen event by event. */
static bool is_shallow(ent__parse *to, const char *text, size_t length, const char *file)
{
    ent__place place = {file, 1, 1};
    int open = 0, signs = 0;
    bool leading = true;
    for (size_t i = 0; i < length; i++, place.column++) {
        char c = text[i];
        if (c == '\n') {
            place.line++;
            place.column = open = signs = 0;
            leading = true;
            continue;
        }
        bool sign = leading && (c == '-' || c == '?') && text[i + 1] == ' ';
        leading = leading && (sign || c == ' ');
        signs += sign;
        open += (c == '[' || c == '{') - ((c == ']' || c == '}') && open > 0);
        if (open > ENT_MAX_YAML_DEPTH || signs > ENT_MAX_YAML_DEPTH) {
            ent__complain(to, place, "nested deeper than %d levels", ENT_MAX_YAML_DEPTH);
            return false;
        }
    }
    return true;
}

ent_status ent__yaml_parse(const ent__yaml **root, ent__parse *to, const char *text, size_t length, const char *file)
{
    *root = NULL;
    size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* byte order mark */
    if (!ent__text_check(to, file, text + mark, length - mark))
        return ENT_ERR_SCENARIO;
    if (!is_shallow(to, text + mark, length - mark, file))
        return ENT_ERR_LIMIT;
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = say_nothing;
    struct fy_diag *diag = fy_diag_create(&quiet);
    ent__parse own = {.arena = to->arena, .list = ent_diagnostics_create()};
    reader *r = ent__alloc(1, sizeof *r);
    ent_status status = ENT_ERR_MEMORY;
    if (diag == NULL || own.list == NULL || r == NULL)
        goto done;
    *r = (reader){.to = &own, .file = file, .text = text + mark, .length = length - mark};
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg how = {
        .search_path = "", .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE, .diag = diag};
    r->parser = fy_parser_create(&how);
    if (r->parser == NULL || fy_parser_set_string(r->parser, r->text, r->length) != 0)
        goto done;
    read_events(r);
    bool syntax = r->status == ENT_OK && !own.no_memory && fy_parser_get_stream_error(r->parser);
    if (syntax)
        tell_syntax(r, diag);
    else if (r->status == ENT_OK && !own.no_memory)
        check_root(r);
    pass_on(to, own.list, syntax);
    status = own.no_memory ? ENT_ERR_MEMORY : r->status;
    if (status == ENT_OK)
        *root = r->root;
done:
    to->no_memory |= status == ENT_ERR_MEMORY;
    if (r != NULL && r->parser != NULL)
        fy_parser_destroy(r->parser);
    if (diag != NULL)
        fy_diag_destroy(diag);
    ent_diagnostics_free(own.list);
    ent__free(r);
    return status;
}

const ent__yaml *ent__yaml_get(const ent__yaml *mapping, const char *key)
{
    for (const ent__yaml *entry = mapping->first; entry != NULL; entry = entry->next)
        if (strcmp(entry->key, key) == 0)
            return entry;
    return NULL;
}
