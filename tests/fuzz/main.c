/* Runs a target on files, for compilers without libFuzzer: the seeds have to pass everywhere. */
#include <dirent.h>
#include <stdio.h>

#include "fuzz.h"
#include "pgha/str.h"

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct arena *arena = arena_new(NULL);
    struct str text;
    char piece[4096];
    size_t length;

    if (!file) {
        perror(path);
        arena_free(arena);
        return 1;
    }
    str_init(&text, arena);
    while ((length = fread(piece, 1, sizeof piece, file)))
        str_add_bytes(&text, piece, length);
    fclose(file);
    LLVMFuzzerTestOneInput((const uint8_t *)text.text, text.length);
    arena_free(arena);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *corpus = argc == 2 ? opendir(argv[1]) : NULL;
    struct arena *arena = arena_new(NULL);
    size_t count = 0;
    int status = 0;

    for (struct dirent *entry; corpus && (entry = readdir(corpus));)
        if (entry->d_name[0] != '.') {
            status |= run_file(arena_printf(arena, "%s/%s", argv[1], entry->d_name));
            count++;
        }
    if (corpus)
        closedir(corpus);
    arena_free(arena);
    if (!count) {
        fprintf(stderr, "usage: fuzz-seeds-TARGET CORPUS_DIR (with files in it)\n");
        return 2;
    }
    return status;
}
