/* report.html: the page of web/report.html, built in, with what is its own in the place of three markers: its data, the
 * engine and the plan. */
#include "results/results.h"

#include <string.h>

extern const unsigned char ent__report_page[];
extern const size_t ent__report_page_length;

/* How much of the start of text[0..left), and no more than `most`, may stand in a script element as it is: up to a "<",
 * which could end the element or open a comment, and to U+2028 and U+2029, which end a line in older JavaScript. JSON
 * has all three inside strings alone, where they may be escaped. */
static size_t plain_run(const char *text, size_t left, size_t most, const char **escape, size_t *escaped)
{
    for (size_t i = 0; i < left && i < most; i++) {
        if (text[i] == '<') {
            *escape = "\\u003c";
            *escaped = 1;
            return i;
        }
        if (text[i] == '\xe2' && left - i >= 3 && text[i + 1] == '\x80' &&
            (text[i + 2] == '\xa8' || text[i + 2] == '\xa9')) {
            *escape = text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            *escaped = 3;
            return i;
        }
    }
    *escape = "";
    *escaped = 0;
    return left < most ? left : most;
}

static ent_status write_data(ent__file *file, const char *text, size_t length, ent_error *err)
{
    enum { CHUNK = 1 << 18 };
    ent_status status = ENT_OK;
    ent__buffer out = {0};
    while (length > 0) {
        const char *escape;
        size_t escaped, run = plain_run(text, length, CHUNK, &escape, &escaped);
        ent__buffer_add(&out, text, run);
        ent__buffer_text(&out, escape);
        text += run + escaped;
        length -= run + escaped;
        ENT_REQUIRE(!out.failed, ENT_ERR_MEMORY, "not enough memory for the report");
        if (length == 0 || out.length >= CHUNK) {
            ENT_TRY(ent__file_write(file, out.data, out.length, err));
            out.length = 0;
        }
    }
done:
    ent__buffer_free(&out);
    return status;
}

static ent_status fill_data(ent__file *file, const ent_results *results, ent_error *err)
{
    char *data = NULL;
    size_t length = 0;
    ent_status status = ent_results_report_json(&data, &length, results, err);
    if (status == ENT_OK)
        status = write_data(file, data, length, err);
    ent_bytes_free(data);
    return status;
}

static const char *find(const char *marker, const char *from, const char *end)
{
    size_t wanted = strlen(marker);
    for (; (size_t)(end - from) >= wanted; from++)
        if (from[0] == marker[0] && memcmp(from, marker, wanted) == 0)
            return from;
    return NULL;
}

ent_status ent__fill_report(ent__file *file, const ent_results *results, ent_error *err)
{
    static const struct { const char *marker; ent__file_fill *fill; bool must; } part[] = {
        {"@ENTENTE_DATA@", fill_data, true},
        {"@ENTENTE_ENGINE@", ent__fill_engine, false}, /* a page without pictures has no use for these */
        {"@ENTENTE_PLAN@", ent__fill_plan, false}};
    ent_status status = ent__results_are_whole(results, err);
    if (status != ENT_OK)
        return status;
    const char *rest = (const char *)ent__report_page, *end = rest + ent__report_page_length;
    for (size_t i = 0; i < ENT_COUNT(part); i++) {
        const char *marker = find(part[i].marker, rest, end);
        ENT_REQUIRE(marker != NULL || !part[i].must, ENT_ERR_FORMAT, "the report page that is built in has no place for its data");
        if (marker == NULL)
            continue;
        ENT_TRY(ent__file_write(file, rest, (size_t)(marker - rest), err));
        ENT_TRY(part[i].fill(file, results, err));
        rest = marker + strlen(part[i].marker);
    }
    ENT_TRY(ent__file_write(file, rest, (size_t)(end - rest), err));
done:
    return status;
}

ent_status ent_results_write_report(const ent_results *results, const char *path, ent_error *err)
{
    return ent__file_replace(path, ent__fill_report, results, err);
}
