// MIN and MAX where rows are only added: one value a group. FIRST_VALUE and LAST_VALUE too.
// Rows that are taken back change nothing: MAX over values that only rise ignores them, as Flink.
#pragma once

#include "aggregates/kernel.h"
#include "columnar/arena.h"

namespace millrace {

enum class Pick : uint8_t { kMin, kMax, kFirst, kLast };

// Order of values: numbers as Java compares them (a NaN is neither less nor greater), text by
// unsigned UTF-8 bytes.
template <typename T>
[[nodiscard]] inline bool value_less(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, StringView>) {
    return a.compare(b) < 0;
  } else {
    return a < b;
  }
}

// Keeps what the views of a text op show. Old text is dropped when it outweighs the live text.
class TextHome {
 public:
  StringView copy(const StringView& text) { return arena_->copy(text); }
  void share(Column& out) const { out.owners.push_back(arena_); }
  [[nodiscard]] size_t bytes() const { return arena_->allocated_bytes(); }
  // Moves the live views to a new arena if the old one has grown to twice the last live size.
  void tidy(std::vector<StringView>& live) {
    if (arena_->allocated_bytes() < threshold_) return;
    auto next = std::make_shared<Arena>();
    for (StringView& view : live) view = next->copy(view);
    arena_ = std::move(next);
    threshold_ = kFirstThreshold + 2 * arena_->allocated_bytes();
  }

 private:
  static constexpr size_t kFirstThreshold = 1 << 20;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  size_t threshold_ = kFirstThreshold;
};

struct NoText {};

template <typename T, Pick kPick>
struct PickOp {
  using Value = T;
  static constexpr bool kIsText = std::is_same_v<T, StringView>;
  NullableState<T> value;
  Argument<T> argument;
  DataType type;
  [[no_unique_address]] std::conditional_t<kIsText, TextHome, NoText> text;

  explicit PickOp(const DataType& result) : type(result) { type.nullable = true; }
  [[nodiscard]] Loaded<T> load(uint32_t group) const { return value.load(group); }
  void bind(const Column* column) {
    argument.bind(column);
    if constexpr (kIsText) text.tidy(value.values);
  }
  void add(uint32_t group, uint32_t row) { offer(group, argument[row]); }
  void offer(uint32_t group, const T& offered) {
    if (value.valid[group] != 0 && !wins(offered, value.values[group])) return;
    if constexpr (kIsText) {
      value.set(group, text.copy(offered));
    } else {
      value.set(group, offered);
    }
  }
  void retract(uint32_t, uint32_t) {}
  void merge(uint32_t group, const PickOp& from, uint32_t other) {
    if (from.value.valid[other] != 0) offer(group, from.value.values[other]);
  }
  template <typename F>
  void each_state(F&& f) { f(value, "value", type); }
  void restored(std::span<const uint32_t> groups)
    requires kIsText
  {
    for (const uint32_t group : groups) {
      if (value.valid[group] != 0) value.values[group] = text.copy(value.values[group]);
    }
  }
  void share_text(Column& out)
    requires kIsText
  {
    text.share(out);
  }

 private:
  static bool wins(const T& offered, const T& held) {
    if constexpr (kPick == Pick::kMin) return value_less(offered, held);
    if constexpr (kPick == Pick::kMax) return value_less(held, offered);
    return kPick == Pick::kLast;
  }
};

}  // namespace millrace
