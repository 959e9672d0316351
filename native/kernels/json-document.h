// JSON text as a tree of nodes, as Jackson reads it: the first value of the text, floating numbers
// as exact decimals, of equal keys the last. src/expr/json/document.ts is the same in TypeScript.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::json {

enum class Kind : uint8_t { kNull, kFalse, kTrue, kInteger, kDecimal, kString, kArray, kObject };

// Values may be nested so deep, as in Jackson.
constexpr uint32_t kMaxDepth = 1000;
// Longest number.
constexpr size_t kMaxNumber = 1000;
constexpr uint32_t kNone = UINT32_MAX;

struct Node {
  Kind kind = Kind::kNull;
  uint32_t text = 0;         // of a string or number: where it starts in the document's text
  uint32_t length = 0;
  uint32_t key = 0;          // in an object: the name of the member
  uint32_t key_length = 0;
  uint32_t first = kNone;    // first child
  uint32_t next = kNone;     // next sibling
};

class Document {
 public:
  // Reads the first value of a text. False where it is no JSON; the memory is used again.
  [[nodiscard]] bool parse(std::string_view text);
  [[nodiscard]] const Node& node(uint32_t index) const { return nodes_[index]; }
  // A string's characters, or a number as java.math.BigDecimal and BigInteger print it.
  [[nodiscard]] std::string_view text_of(uint32_t index) const {
    return std::string_view(text_).substr(nodes_[index].text, nodes_[index].length);
  }
  [[nodiscard]] std::string_view key_of(uint32_t index) const {
    return std::string_view(text_).substr(nodes_[index].key, nodes_[index].key_length);
  }
  // Whether a later member of the object has the same key.
  [[nodiscard]] bool is_overwritten(uint32_t member) const;
  // The member of an object; kNone where there is none.
  [[nodiscard]] uint32_t member(uint32_t object, std::string_view key) const;
  // Appends the value without blanks, members sorted by key.
  void write(uint32_t index, std::string& out);

 private:
  bool read_value(uint32_t depth, uint32_t& index);
  bool read_members(uint32_t depth, uint32_t object);
  bool read_items(uint32_t depth, uint32_t array);
  bool read_string(uint32_t& start, uint32_t& length);
  bool read_escape();
  bool read_unit(uint32_t& unit);
  bool read_number(uint32_t depth, uint32_t index);
  bool read_word(std::string_view word, Kind kind, uint32_t index);
  void skip_blanks();
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  void write_members(uint32_t object, std::string& out);

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<uint32_t> members_;  // scratch of write
  std::string text_;
};

// Appends a string in quotes, escaped as Jackson does.
void write_string(std::string_view text, std::string& out);
// A number of JSON or of Java as java.math.BigDecimal prints it: 1.10, 1E+5.
void append_decimal(std::string_view number, std::string& out);
// Order of UTF-16 code units, as String.compareTo.
[[nodiscard]] bool key_less(std::string_view a, std::string_view b);

}  // namespace millrace::json
