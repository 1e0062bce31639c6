/* Failures on stderr; under --json the same as check's array on stdout. */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int cli_exit_code(ent_status status)
{
    switch (status) {
    case ENT_OK:
        return CLI_DONE;
    case ENT_ERR_ARGUMENT:
        return CLI_USAGE;
    case ENT_ERR_IO:
    case ENT_ERR_MEMORY:
        return CLI_IO;
    case ENT_ERR_INTERRUPTED:
        return CLI_INTERRUPTED;
    case ENT_ERR_DOMAIN:
    case ENT_ERR_SCENARIO:
    case ENT_ERR_LIMIT:
    case ENT_ERR_FORMAT:
        break;
    }
    return CLI_WRONG;
}

static void json_finding(const char *file, int line, int column, const char *message)
{
    char *name = ent_text_json(file, strlen(file)), *text = ent_text_json(message, strlen(message));
    printf("[\n {\"file\":%s,\"line\":%d,\"column\":%d,\"severity\":\"error\",\"message\":%s}\n]\n",
           name ? name : "\"\"", line, column, text ? text : "\"not enough memory\"");
    ent_bytes_free(name);
    ent_bytes_free(text);
    fflush(stdout);
}

/* "file:line:column: ", as much of it as is known. */
static void place(FILE *stream, const cli_style *style, const char *file, int line, int column)
{
    if (file[0] == 0)
        return;
    cli_put(stream, style, file, 0, 0);
    if (line > 0)
        fprintf(stream, ":%d", line);
    if (line > 0 && column > 0)
        fprintf(stream, ":%d", column);
    fputs(": ", stream);
}

int cli_fail(bool json, int code, const char *format, ...)
{
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const cli_style style = cli_style_of(stderr);
    fputs("entente: ", stderr);
    cli_put(stderr, &style, message, 0, 0);
    fputc('\n', stderr);
    if (json)
        json_finding("", 0, 0, message);
    return code;
}

int cli_fail_error(bool json, const ent_error *err)
{
    const cli_style style = cli_style_of(stderr);
    const char *message = err->message[0] != 0 ? err->message : ent_status_text(err->status);
    if (err->file[0] != 0)
        place(stderr, &style, err->file, err->line, err->column);
    else
        fputs("entente: ", stderr);
    fputs("error: ", stderr);
    cli_put(stderr, &style, message, 0, 0);
    fputc('\n', stderr);
    if (json)
        json_finding(err->file, err->line, err->column, message);
    return cli_exit_code(err->status);
}

static void count_line(size_t errors, size_t warnings)
{
    if (errors > 0)
        fprintf(stderr, "%zu error%s", errors, errors == 1 ? "" : "s");
    if (warnings > 0)
        fprintf(stderr, "%s%zu warning%s", errors > 0 ? ", " : "", warnings, warnings == 1 ? "" : "s");
    if (errors + warnings > 0)
        fputc('\n', stderr);
}

int cli_findings(bool json, const ent_diagnostics *list)
{
    const cli_style style = cli_style_of(stderr);
    size_t count = ent_diagnostics_count(list), errors = ent_diagnostics_errors(list);
    for (size_t i = 0; i < count; i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        place(stderr, &style, d.file, d.line, d.column);
        fputs(d.severity == ENT_SEVERITY_ERROR ? "error: " : "warning: ", stderr);
        cli_put(stderr, &style, d.message, 0, 0);
        fputc('\n', stderr);
    }
    count_line(errors, count > errors ? count - errors : 0);
    int code = errors > 0 ? CLI_WRONG : CLI_DONE;
    if (!json)
        return code;
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    if (ent_diagnostics_json(&text, &length, list, &err) != ENT_OK)
        return cli_fail_error(true, &err);
    int written = cli_write(text, length);
    ent_bytes_free(text);
    return written != CLI_DONE ? written : code;
}

int cli_write(const char *text, size_t length)
{
    fwrite(text, 1, length, stdout);
    return cli_close_stdout();
}

int cli_close_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CLI_DONE;
    return cli_fail(false, CLI_IO, "standard output: %s", strerror(errno));
}
