# Read by CMake right after llama-cpp-python's own project() line (see setup.py).
# Pellucid uses llama.cpp's library alone; without its common and multimodal parts the
# build has 83 steps instead of 193. The project forces these as cache entries, which an
# ordinary variable outranks.
set(LLAMA_BUILD_COMMON OFF)
set(LLAVA_BUILD OFF)

# Without this header a processor with AMX crashes; it says why.
add_compile_options(
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include \"${CMAKE_CURRENT_LIST_DIR}/amx.h\">")
