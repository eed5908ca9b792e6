// The one door through which libtorch comes in; precompiled, because it costs ten seconds a file.
#pragma once
#if defined(__GNUC__)
#pragma GCC system_header
#endif
#include <torch/torch.h>
