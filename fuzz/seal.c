/* Forecast records. The hash at the end is made to fit (unless the first byte says not to), so that what stands before
 * it is read. Comparing is asked of the record and itself, and of the record and its half. */
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent_error err = {0};
    ent_seal *seal = NULL;
    if (size < 1)
        return 0;
    const char *text = (const char *)data + 1;
    size_t length = size - 1;
    char *record = malloc(length + 100), sum[65];
    MUST(record != NULL, "no memory");
    memcpy(record, text, length);
    if (data[0] != '!') { /* as ent_seal_text() ends a record */
        while (length > 0 && record[length - 1] != '\n')
            length--;
        ent_sha256(sum, record, length);
        length += (size_t)snprintf(record + length, 100, "\"sha256\":\"%s\"}\n", sum);
    }
    ent_status status = ent_seal_read(&seal, fuzz_write("seal.json", record, length), &err);
    MUST((status == ENT_OK) == (seal != NULL), "a status that does not fit: %s", ent_status_text(status));
    MUST(status == ENT_OK || err.message[0] != 0, "refused without a word");
    if (seal != NULL) {
        MUST(ent_seal_date(seal->date) && seal->draws > 0, "draws %lld at %s", (long long)seal->draws, seal->date);
        for (size_t i = 0; i < seal->claims; i++)
            MUST(!(seal->claim[i].share < 0 || seal->claim[i].share > 1), "share %g of %s", seal->claim[i].share,
                 seal->claim[i].id);
        for (size_t i = 0; i < seal->quantities; i++)
            for (int k = 1; k < ENT_SEAL_DOTS; k++)
                MUST(!(seal->quantity[i].dot[k] < seal->quantity[i].dot[k - 1]), "dots of %s fall",
                     seal->quantity[i].name);
    }
    MUST(!ent_seal_compare(record, length, record, length).differs, "it differs from itself");
    ent_seal_difference half = ent_seal_compare(record, length, record, length / 2);
    MUST(half.differs == (length > length / 2), "a half that is like the whole");
    ent_seal_free(seal);
    free(record);
    return 0;
}
