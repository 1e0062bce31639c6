/* What makes the report live: the engine (web/engine.wasm, built in) and the plan of the run, each as one block of the
 * page: deflated without a header (RFC 1951), in base64, which the page undoes with what every browser has. */
#include "results/results.h"

#define ZLIB_CONST
#include <zlib.h>

extern const unsigned char ent__engine_wasm[];
extern const size_t ent__engine_wasm_length;

/* A multiple of 3, so that only the end of all is padded. */
enum { RAW = 3 << 14 };

static ent_status write_base64(ent__file *file, const unsigned char *bytes, size_t n, ent_error *err)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[RAW / 3 * 4];
    size_t length = 0;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t b = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        text[length++] = digit[b >> 18];
        text[length++] = digit[b >> 12 & 63];
        text[length++] = left > 1 ? digit[b >> 6 & 63] : '=';
        text[length++] = left > 2 ? digit[b & 63] : '=';
    }
    return ent__file_write(file, text, length, err);
}

static ent_status write_packed(ent__file *file, const unsigned char *bytes, size_t length, ent_error *err)
{
    ent_status status = ENT_OK;
    unsigned char raw[RAW];
    z_stream stream = {0};
    int more = deflateInit2(&stream, 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    ENT_REQUIRE(more == Z_OK, ENT_ERR_MEMORY, "not enough memory for the report");
    stream.next_in = bytes;
    stream.avail_in = (uInt)length;
    while (more == Z_OK) {
        stream.next_out = raw;
        stream.avail_out = RAW;
        while ((more = deflate(&stream, Z_FINISH)) == Z_OK && stream.avail_out > 0)
            ;
        ENT_TRY(write_base64(file, raw, RAW - stream.avail_out, err));
    }
    ENT_REQUIRE(more == Z_STREAM_END, ENT_ERR_MEMORY, "the report's engine cannot be packed");
done:
    deflateEnd(&stream);
    return status;
}

ent_status ent__fill_engine(ent__file *file, const ent_results *results, ent_error *err)
{
    (void)results;
    return write_packed(file, ent__engine_wasm, ent__engine_wasm_length, err);
}

ent_status ent__fill_plan(ent__file *file, const ent_results *results, ent_error *err)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    ent_status status = ent__results_plan(&bytes, &length, results, err);
    if (status == ENT_OK && length > 0 && length <= ENT_REPORT_MAX_PLAN)
        status = write_packed(file, bytes, length, err);
    ent_bytes_free(bytes);
    return status;
}
