/* The brief: Markdown to HTML by md4c, made safe to put into a page.
 *
 * Raw HTML is not passed on, so every tag in md4c's output is md4c's own. Of these only links to http, https and
 * #claims stay; other links, and pictures, which a report must not fetch, become their text. A link to a claim that
 * there is not is a warning at its place. */
#include "scenario/reader.h"

#include <md4c-html.h>

#include <string.h>

static void add(const MD_CHAR *text, MD_SIZE length, void *buffer) { ent__buffer_add(buffer, text, length); }

static bool begins(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

static bool is_safe(const char *address, const char *end)
{
    return begins(address, end, "https://") || begins(address, end, "http://") || begins(address, end, "#");
}

static const char *find(const char *at, const char *end, char c)
{
    const char *found = memchr(at, c, (size_t)(end - at));
    return found != NULL ? found : end;
}

/* Copies the HTML without what is not safe. Attributes hold no " and no > of their own: md4c escapes them. */
static void make_safe(ent__buffer *out, const char *at, const char *end)
{
    static const char link[] = "<a href=\"", picture[] = "<img src=\"", words[] = "alt=\"";
    bool dropped = false; /* the link under way; links do not nest */
    while (at < end) {
        const char *tag = find(at, end, '<'), *close = find(tag, end, '>');
        ent__buffer_add(out, at, (size_t)(tag - at));
        if (tag == end)
            return;
        at = close < end ? close + 1 : end;
        if (begins(tag, end, link))
            dropped = !is_safe(tag + sizeof link - 1, close);
        if (begins(tag, end, picture)) {
            for (const char *c = tag; c < close; c++)
                if (begins(c, close, words)) {
                    c += sizeof words - 1;
                    ent__buffer_add(out, c, (size_t)(find(c, close, '"') - c));
                    break;
                }
            continue;
        }
        if (dropped && (begins(tag, end, link) || begins(tag, end, "</a>")))
            continue;
        ent__buffer_add(out, tag, (size_t)(at - tag));
    }
}

/* Every [sentence](#id) names a claim. */
static void check_links(ent__reader *r, const char *file, const char *text)
{
    ent__place place = {file, 1, 1};
    const char *from = text;
    for (const char *at = strstr(text, "](#"); at != NULL; at = strstr(at, "](#")) {
        at += 3;
        place = ent__place_after(place, from, (size_t)(at - from));
        from = at;
        size_t length = strcspn(at, ") \t\r\n");
        if (at[length] != ')')
            continue;
        char *id = ent__keep(&r->to, at, length);
        if (id == NULL)
            return;
        if (ent__names_find(&r->claims, id) >= 0)
            continue;
        char guess[128];
        ent__guess(r, guess, id, r->claims.name, (size_t)r->claims.n);
        ent__warn(&r->to, place, "the link #%.60s leads to no claim%s", id, guess);
    }
}

static void render(ent__reader *r, const char *text, size_t length)
{
    ent__buffer raw = {0}, safe = {0};
    ent__buffer_add(&raw, "", 0);
    ent__buffer_add(&safe, "", 0);
    if (md_html(text, (MD_SIZE)length, add, &raw, MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH, 0) != 0)
        raw.failed = true;
    if (!raw.failed)
        make_safe(&safe, raw.data, raw.data + raw.length);
    const char *html = raw.failed || safe.failed ? NULL : ent__keep(&r->to, safe.data, safe.length);
    r->to.no_memory |= html == NULL;
    r->out->brief_html = html != NULL ? html : "";
    ent__buffer_free(&raw);
    ent__buffer_free(&safe);
}

void ent__read_brief(ent__reader *r, const ent__yaml *node)
{
    char *text;
    size_t length;
    const char *shown;
    if (!ent__is_text(r, node, "'brief'") || !ent__read_file(r, node->text, node->place, &text, &length, &shown))
        return;
    size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* byte order mark */
    if (ent__text_check(&r->to, shown, text + mark, length - mark)) {
        const char *kept = ent__keep(&r->to, text + mark, length - mark);
        if (kept != NULL) {
            r->out->brief_text = kept;
            check_links(r, shown, kept);
            render(r, kept, length - mark);
        }
    }
    ent__free(text);
}
