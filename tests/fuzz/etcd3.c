/* Replies of etcd's v3 JSON gateway. */
#include "etcd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(&dcs_etcd3, data, size);
    return 0;
}
