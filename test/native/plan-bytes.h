// Encoded plan values, built in C++ (the form is described in src/plan/physical/encode.ts).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace millrace::test {

inline std::string varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7f) | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}
inline std::string raw_text(std::string_view text) {
  return varint(text.size()).append(text);
}
inline std::string null() { return std::string(1, '\0'); }
inline std::string boolean(bool value) { return std::string(1, value ? '\2' : '\1'); }
inline std::string integer(int64_t value) {
  return "\3" + varint((static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}
inline std::string text(std::string_view value) { return "\5" + raw_text(value); }

// Items one after the other.
struct Items {
  uint64_t count = 0;
  std::string bytes;
  Items& add(const std::string& item) {
    ++count;
    bytes += item;
    return *this;
  }
};
inline std::string list(const Items& items) { return "\7" + varint(items.count) + items.bytes; }
inline std::string list(std::initializer_list<std::string> items) {
  Items all;
  for (const std::string& item : items) all.add(item);
  return list(all);
}
inline std::string map(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string out = "\10" + varint(members.size());
  for (const auto& [name, value] : members) out += raw_text(name) + value;
  return out;
}

inline std::string type(std::string_view root) {
  return map({{"root", text(root)}, {"nullable", boolean(true)}});
}
inline std::string field(std::string_view name, std::string_view root) {
  return map({{"name", text(name)}, {"type", type(root)}});
}
inline std::string column(int64_t index, std::string_view root) {
  return map({{"kind", text("column")}, {"index", integer(index)}, {"type", type(root)}});
}

inline std::string plan(const Items& nodes) {
  std::string out("MRPL\1\0", 6);
  return out + map({{"version", integer(1)}, {"nodes", list(nodes)}, {"zone", text("UTC")}});
}

}  // namespace millrace::test
