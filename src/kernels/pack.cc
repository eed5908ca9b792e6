#include "kernels/pack.h"

namespace dimple::kernels {

void pack(format::Layout layout, const ops::Dims&, const void*, void*) {
  switch (layout) {
    case format::Layout::plain: return;
  }
}

}  // namespace dimple::kernels
