/* Put in front of libc: the look-up of a host's name hangs; addresses are taken as they are. */
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>
#include <unistd.h>

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
    struct addrinfo numeric = hints ? *hints : (struct addrinfo){0};

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    numeric.ai_flags |= AI_NUMERICHOST;
    if (host && real(host, service, &numeric, found) == 0)
        return 0;
    sleep(60);
    return EAI_AGAIN;
}
