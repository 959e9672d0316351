// Writing the strings of a kernel's result: short ones inline, long ones into the arena that the
// result owns, and no more than kMaxHeapBytes a batch.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kernels/kernel.h"
#include "kernels/loops.h"

namespace millrace {

// As MAX_HEAP_BYTES of src/batch/strings.ts.
constexpr size_t kMaxHeapBytes = size_t{1} << 30;

class TextOutput {
 public:
  TextOutput(KernelContext& context, Column& out)
      : arena_(*context.arena), views_(out.data<StringView>()) {}

  // Room for one string of at most `bytes`; null where the batch would become too large.
  [[nodiscard]] char* begin(size_t bytes) {
    total_ += bytes;
    if (bytes > kMaxHeapBytes || total_ > kMaxHeapBytes) [[unlikely]] return nullptr;
    return bytes <= StringView::kInline ? inline_ : arena_.allocate(bytes);
  }
  // The string that was written at `begin`.
  void finish(uint32_t row, const char* text, size_t bytes) {
    views_[row] = StringView(text, bytes);
  }
  // A string that is there already and outlives the result, or is short.
  void reference(uint32_t row, std::string_view text) { views_[row] = StringView(text); }
  // A copy of `text`; false where the batch would become too large.
  [[nodiscard]] bool copy(uint32_t row, std::string_view text) {
    char* to = begin(text.size());
    if (to == nullptr) return false;
    std::memcpy(to, text.data(), text.size());
    finish(row, to, text.size());
    return true;
  }
  [[nodiscard]] size_t total() const { return total_; }

 private:
  Arena& arena_;
  StringView* views_;
  size_t total_ = 0;
  char inline_[StringView::kInline] = {};
};

// Calls f(row, output) -> bool for each selected row; false means that there was no room.
template <typename F>
[[nodiscard]] Status build_text(KernelContext& context, const Selection& selection, Column& out,
                                F f) {
  TextOutput output(context, out);
  const int64_t failing =
      first_failing_row(selection, [&](uint32_t row) { return f(row, output); });
  if (failing < 0) return Status::ok();
  return Status::error("MR3005", "string heap of " + std::to_string(output.total()) + " bytes",
                       selection[0]);
}

// Lets a result reference the memory behind an argument's long strings; short ones are copied.
inline void share_memory(const Column& from, Column& out) {
  out.owners.insert(out.owners.end(), from.owners.begin(), from.owners.end());
}

// The string of a row as bytes; valid while the column lives.
[[nodiscard]] inline std::string_view text_at(const Column& column, uint32_t row) {
  return column.data<StringView>()[column.at(row)].view();
}

using Arguments = std::span<const Column* const>;

}  // namespace millrace
