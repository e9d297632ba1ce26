#pragma once
#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer with a command line of its own; each input goes to the callback.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*callback)(const uint8_t *data, size_t size));
