# Read by CMake right after llama-cpp-python's own project() line (see setup.py).
# Pellucid uses llama.cpp's library alone; without its common and multimodal parts the
# build has 83 steps instead of 193. The project forces these as cache entries, which an
# ordinary variable outranks.
set(LLAMA_BUILD_COMMON OFF)
set(LLAVA_BUILD OFF)
