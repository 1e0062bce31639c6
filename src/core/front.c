/* Text and numbers for whatever shows results: the public faces of what core has, and findings as JSON. */
#include "core/core.h"

#include <string.h>

const char *ent_text_nearest(const char *name, const char *const *names, size_t count)
{
    return ent__nearest(name, names, count);
}

size_t ent_text_width(const char *text, size_t length) { return ent__utf8_width(text, length); }

char *ent_text_json(const char *text, size_t length)
{
    ent__buffer out = {0};
    ent__buffer_json(&out, text, length);
    if (out.failed)
        ent__buffer_free(&out);
    return out.data;
}

size_t ent_number_text(char out[32], double x)
{
    if (ent__is_finite(x))
        return ent__number_text(out, x);
    memcpy(out, "null", 5);
    return 4;
}

size_t ent_number_people(char out[32], double x, int digits) { return ent__number_people(out, x, digits); }

bool ent_number_read(double *out, const char *text, size_t length) { return ent__number_read(out, text, length, false); }

ent_status ent_diagnostics_json(char **text, size_t *length, const ent_diagnostics *list, ent_error *err)
{
    static const char *const severity[] = {"error", "warning"};
    ent__buffer out = {0};
    ent__buffer_text(&out, "[");
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        ent__buffer_text(&out, i > 0 ? ",\n {\"file\":" : "\n {\"file\":");
        ent__buffer_json(&out, d.file, strlen(d.file));
        ent__buffer_printf(&out, ",\"line\":%d,\"column\":%d,\"severity\":\"%s\",\"message\":", (int)d.line, (int)d.column,
                           severity[d.severity]);
        ent__buffer_json(&out, d.message, strlen(d.message));
        ent__buffer_text(&out, "}");
    }
    ent__buffer_text(&out, "\n]\n");
    if (out.failed) {
        ent__buffer_free(&out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the list of findings");
    }
    *text = out.data;
    *length = out.length;
    return ENT_OK;
}

void ent_bytes_free(void *bytes) { ent__free(bytes); }
