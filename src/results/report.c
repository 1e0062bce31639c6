/* report.html: the page of web/report.html, built in, with its data block in the place of @ENTENTE_DATA@. */
#include "results/results.h"

#include <string.h>

extern const unsigned char ent__report_page[];
extern const size_t ent__report_page_length;

static const char MARKER[] = "@ENTENTE_DATA@";

ent_status ent_results_report_json(char **text, size_t *length, const ent_results *results, ent_error *err)
{
    ent__json json = {.page = true};
    ent__json_open(&json, '{');
    ent__json_findings(&json, results, false);
    ent__json_story(&json, results);
    ent__json_close(&json, '}');
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the data of the report");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}

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

static const char *find_marker(void)
{
    const char *page = (const char *)ent__report_page;
    size_t wanted = sizeof MARKER - 1;
    for (size_t i = 0; i + wanted <= ent__report_page_length; i++)
        if (page[i] == MARKER[0] && memcmp(page + i, MARKER, wanted) == 0)
            return page + i;
    return NULL;
}

ent_status ent__fill_report(ent__file *file, const ent_results *results, ent_error *err)
{
    ent_status status = ENT_OK;
    const char *page = (const char *)ent__report_page, *marker = find_marker();
    char *data = NULL;
    size_t length = 0;
    ENT_REQUIRE(marker != NULL, ENT_ERR_FORMAT, "the report page that is built in has no place for its data");
    ENT_TRY(ent_results_report_json(&data, &length, results, err));
    const char *rest = marker + sizeof MARKER - 1;
    ENT_TRY(ent__file_write(file, page, (size_t)(marker - page), err));
    ENT_TRY(write_data(file, data, length, err));
    ENT_TRY(ent__file_write(file, rest, ent__report_page_length - (size_t)(rest - page), err));
done:
    ent_bytes_free(data);
    return status;
}

ent_status ent_results_write_report(const ent_results *results, const char *path, ent_error *err)
{
    return ent__file_replace(path, ent__fill_report, results, err);
}
