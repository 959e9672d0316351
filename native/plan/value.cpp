#include "plan/value.h"

#include <array>
#include <cstring>
#include <limits>

namespace millrace::plan {
namespace {

constexpr std::string_view kMagic = "MRPL";
constexpr uint16_t kVersion = 1;
// Deepest nesting of values a plan may have; bounds the stack too.
constexpr int kMaxDepth = 2'000;

enum Tag : uint8_t {
  kNull = 0, kFalse = 1, kTrue = 2, kInteger = 3, kDouble = 4, kString = 5, kBytes = 6,
  kList = 7, kMap = 8, kInt128 = 9,
};

Status damaged(std::string detail) { return Status::error("MR9001", "plan: " + detail); }

// Length of the valid UTF-8 sequence at `at`; 0 where it is none.
size_t utf8_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const uint8_t second = byte(at + 1);
  if (lead == 0xe0 && second < 0xa0) return 0;
  if (lead == 0xed && second > 0x9f) return 0;
  if (lead == 0xf0 && second < 0x90) return 0;
  if (lead == 0xf4 && second > 0x8f) return 0;
  return length;
}

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] size_t remaining() const { return bytes_.size() - at_; }

  Result<std::span<const uint8_t>> take(size_t count) {
    if (count > remaining()) return damaged("unexpected end");
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }

  template <typename T>
  Result<T> fixed() {
    MR_TRY_ASSIGN(const auto bytes, take(sizeof(T)));
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  Result<uint64_t> varint() {
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 70; shift += 7) {
      MR_TRY_ASSIGN(const uint8_t byte, fixed<uint8_t>());
      if (shift < 64) value |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    return damaged("integer is longer than ten bytes");
  }

  Result<size_t> count() {
    MR_TRY_ASSIGN(const uint64_t value, varint());
    if (value > remaining()) return damaged("length runs past the end");
    return static_cast<size_t>(value);
  }

  Result<std::string> text(bool must_be_utf8) {
    MR_TRY_ASSIGN(const size_t length, count());
    MR_TRY_ASSIGN(const auto bytes, take(length));
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (must_be_utf8 && !is_utf8(text)) return damaged("text is not UTF-8");
    return text;
  }

  Result<Value> value(int depth);

 private:
  Result<Value> scalar(uint8_t tag);
  Result<Value> list(int depth);
  Result<Value> map(int depth);

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
};

Result<Value> Reader::list(int depth) {
  MR_TRY_ASSIGN(const size_t length, count());
  Value::List items;
  for (size_t i = 0; i < length; ++i) {
    MR_TRY_ASSIGN(Value item, value(depth + 1));
    items.push_back(std::move(item));
  }
  return Value(Value::Content(std::move(items)));
}

Result<Value> Reader::map(int depth) {
  MR_TRY_ASSIGN(const size_t length, count());
  Value::Map members;
  for (size_t i = 0; i < length; ++i) {
    MR_TRY_ASSIGN(std::string name, text(true));
    MR_TRY_ASSIGN(Value member, value(depth + 1));
    members.emplace_back(std::move(name), std::move(member));
  }
  return Value(Value::Content(std::move(members)));
}

Result<Value> Reader::scalar(uint8_t tag) {
  switch (tag) {
    case kNull: return Value();
    case kFalse:
    case kTrue: return Value(Value::Content(tag == kTrue));
    case kInteger: {
      MR_TRY_ASSIGN(const uint64_t raw, varint());
      const uint64_t sign = (raw & 1) != 0 ? ~uint64_t{0} : 0;
      return Value(Value::Content(static_cast<int64_t>((raw >> 1) ^ sign)));
    }
    case kDouble: {
      MR_TRY_ASSIGN(const double number, fixed<double>());
      return Value(Value::Content(number));
    }
    case kString: {
      MR_TRY_ASSIGN(std::string content, text(true));
      return Value(Value::Content(std::move(content)));
    }
    case kBytes: {
      MR_TRY_ASSIGN(std::string content, text(false));
      return Value(Value::Content(Value::Bytes{std::move(content)}));
    }
    case kInt128: {
      MR_TRY_ASSIGN(const int128 number, fixed<int128>());
      return Value(Value::Content(number));
    }
    default: return damaged("unknown tag " + std::to_string(tag));
  }
}

// Only what recurses stands here: its frame is what nesting costs on the stack.
Result<Value> Reader::value(int depth) {
  if (depth > kMaxDepth) return damaged("nested too deeply");
  if (remaining() == 0) return damaged("unexpected end");
  const uint8_t tag = bytes_[at_++];
  if (tag == kList) return list(depth);
  if (tag == kMap) return map(depth);
  return scalar(tag);
}

Status wrong_kind(std::string_view wanted) {
  return damaged("value is no " + std::string(wanted));
}

template <typename T>
Result<T> named(Result<T> result, std::string_view name) {
  if (result.is_ok()) return result;
  Status status = result.status();
  status.info().detail += " (" + std::string(name) + ")";
  return status;
}

}  // namespace

Result<bool> Value::as_bool() const {
  if (const auto* value = std::get_if<bool>(&content_)) return *value;
  return wrong_kind("boolean");
}

Result<int64_t> Value::as_int() const {
  if (const auto* value = std::get_if<int64_t>(&content_)) return *value;
  return wrong_kind("integer");
}

Result<int128> Value::as_int128() const {
  if (const auto* value = std::get_if<int128>(&content_)) return *value;
  if (const auto* value = std::get_if<int64_t>(&content_)) return int128{*value};
  return wrong_kind("integer");
}

Result<double> Value::as_double() const {
  if (const auto* value = std::get_if<double>(&content_)) return *value;
  if (const auto* value = std::get_if<int64_t>(&content_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<int128>(&content_)) return static_cast<double>(*value);
  return wrong_kind("number");
}

Result<std::string_view> Value::as_string() const {
  if (const auto* value = std::get_if<std::string>(&content_)) return std::string_view(*value);
  return wrong_kind("string");
}

Result<std::string_view> Value::as_bytes() const {
  if (const auto* value = std::get_if<Bytes>(&content_)) return std::string_view(value->content);
  return wrong_kind("bytes");
}

Result<std::span<const Value>> Value::as_list() const {
  if (const auto* value = std::get_if<List>(&content_)) return std::span<const Value>(*value);
  return wrong_kind("list");
}

const Value* Value::find(std::string_view name) const {
  const auto* members = std::get_if<Map>(&content_);
  if (members == nullptr) return nullptr;
  for (const auto& [key, value] : *members) {
    if (key == name) return &value;
  }
  return nullptr;
}

Result<const Value*> Value::member(std::string_view name) const {
  if (!std::holds_alternative<Map>(content_)) return named<const Value*>(wrong_kind("map"), name);
  const Value* value = find(name);
  if (value == nullptr) return damaged("member is missing: " + std::string(name));
  return value;
}

Result<bool> Value::bool_at(std::string_view name) const {
  MR_TRY_ASSIGN(const Value* value, member(name));
  return named(value->as_bool(), name);
}

Result<int64_t> Value::int_at(std::string_view name) const {
  MR_TRY_ASSIGN(const Value* value, member(name));
  return named(value->as_int(), name);
}

Result<std::string_view> Value::string_at(std::string_view name) const {
  MR_TRY_ASSIGN(const Value* value, member(name));
  return named(value->as_string(), name);
}

Result<std::span<const Value>> Value::list_at(std::string_view name) const {
  MR_TRY_ASSIGN(const Value* value, member(name));
  return named(value->as_list(), name);
}

Result<std::vector<uint32_t>> Value::indexes_at(std::string_view name) const {
  MR_TRY_ASSIGN(const auto items, list_at(name));
  std::vector<uint32_t> indexes;
  for (const Value& item : items) {
    MR_TRY_ASSIGN(const int64_t index, named(item.as_int(), name));
    if (index < 0 || index > std::numeric_limits<int32_t>::max()) {
      return damaged("index out of range (" + std::string(name) + ")");
    }
    indexes.push_back(static_cast<uint32_t>(index));
  }
  return indexes;
}

Result<int64_t> Value::optional_index_at(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || value->is_null()) return int64_t{-1};
  MR_TRY_ASSIGN(const int64_t index, named(value->as_int(), name));
  if (index < 0) return damaged("index is negative (" + std::string(name) + ")");
  return index;
}

Result<Value> decode_value(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  MR_TRY_ASSIGN(Value value, reader.value(0));
  if (reader.remaining() > 0) return damaged("bytes after the end");
  return value;
}

Result<Value> decode_plan(std::span<const uint8_t> bytes) {
  Reader reader(bytes);
  MR_TRY_ASSIGN(const auto magic, reader.take(kMagic.size()));
  if (std::memcmp(magic.data(), kMagic.data(), kMagic.size()) != 0) return damaged("not a plan");
  MR_TRY_ASSIGN(const uint16_t version, reader.fixed<uint16_t>());
  if (version != kVersion) return damaged("version " + std::to_string(version) + " is unknown");
  return decode_value(bytes.subspan(kMagic.size() + sizeof(uint16_t)));
}

}  // namespace millrace::plan
