// Row ids first in, first out.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace {

struct RowQueue {
  std::vector<uint32_t> ids;
  uint32_t head = 0;
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(ids.size()) - head; }
  [[nodiscard]] uint32_t at(uint32_t position) const { return ids[head + position]; }
  void push(uint32_t id) {
    if (ids.size() == ids.capacity() && head * 2 > ids.size()) {
      ids.erase(ids.begin(), ids.begin() + head);
      head = 0;
    }
    ids.push_back(id);
  }
  uint32_t shift() { return ids[head++]; }
};

}  // namespace millrace
