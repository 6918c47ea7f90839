/* Put before every C++ file of llama.cpp by llama.cmake.
 *
 * GCC's _tile_loadconfig (seen in 12.2) tells the optimizer that it reads 8 bytes; the
 * instruction reads 64. llama.cpp fills a local configuration and loads it, so the optimizer
 * drops what it believes nobody reads, and a processor with AMX faults on the rest: a
 * segmentation fault at the first token (ggml-org/llama.cpp#20824). Here it reads all 64. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__AMX_TILE__)
#include <immintrin.h>
#define _tile_loadconfig(config) \
    __asm__ volatile("ldtilecfg\t%0" : : "m"(*(const char (*)[64])(config)))
#endif
