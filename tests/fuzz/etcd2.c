/* Replies of etcd's v2 API. */
#include "etcd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(&dcs_etcd2, data, size);
    return 0;
}
