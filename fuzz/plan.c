/* Saved plans: bytes as they are, or a plan of a small scenario that the input edits. The hash is made to fit, as
 * whoever forges a report would. What is loaded is saved as the same bytes and runs. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent_error err = {0};
    ent_plan *plan = NULL;
    unsigned char *bytes = NULL, *again = NULL;
    size_t length, length_again;
    if (size < 1)
        return 0;
    dice d = {data + 1, size - 1};
    if (data[0] & 128) {
        length = d.left;
        bytes = malloc(length > 0 ? length : 1);
        MUST(bytes != NULL, "no memory");
        memcpy(bytes, d.data, length);
    } else {
        MUST(ent_plan_save(&bytes, &length, fuzz_base(data[0]), &err) == ENT_OK, "%s", err.message);
        length -= sizeof(uint64_t); /* the hash is not worth an edit */
        fuzz_edit(&bytes, &length, &d);
        bytes = realloc(bytes, length + sizeof(uint64_t));
        length += sizeof(uint64_t);
    }
    if (length >= sizeof(uint64_t)) {
        uint64_t hash = ent__hash((const char *)bytes, length - sizeof hash);
        memcpy(bytes + length - sizeof hash, &hash, sizeof hash);
    }
    ent_status status = ent_plan_load(&plan, bytes, length, &err);
    MUST((status == ENT_OK) == (plan != NULL), "a status that does not fit: %s", ent_status_text(status));
    if (plan != NULL) {
        MUST(ent_plan_save(&again, &length_again, plan, &err) == ENT_OK, "%s", err.message);
        MUST(length == length_again && memcmp(bytes, again, length) == 0, "saved again, it differs");
        (void)fuzz_run(plan, 64, NULL);
    } else {
        MUST(status == ENT_ERR_FORMAT && err.message[0] != 0, "refused as %s", ent_status_text(status));
    }
    ent_bytes_free(again);
    free(bytes);
    ent_plan_free(plan);
    return 0;
}
