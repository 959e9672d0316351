#include "operators/table-function.h"

#include <algorithm>
#include <string>

#include "columnar/take.h"

namespace millrace {
namespace {

// The items of arrays, maps and multisets: places in the collections' children.
class Unnest final : public TableFunction {
 public:
  void begin_row(uint32_t row) override {
    const Column& collection = *arguments_[0];
    left_in_item_ = 0;
    at_ = end_ = 0;
    if (collection.is_null(row)) return;
    const Range range = collection.data<Range>()[collection.at(row)];
    at_ = range.start;
    end_ = range.start + range.length;
  }

  uint32_t next(uint32_t most, std::vector<uint32_t>& items) override {
    const Column& collection = *arguments_[0];
    if (collection.type.root == TypeRoot::kMultiset) return next_repeated(most, items);
    const Column& values = *collection.children[0];
    if (values.physical == Physical::kRow && values.validity != nullptr) {
      return next_rows(values, most, items);
    }
    const uint32_t count = std::min(most, end_ - at_);
    for (uint32_t i = 0; i < count; ++i) items.push_back(at_++);
    return count;
  }

  [[nodiscard]] ColumnPtr column(uint32_t index, std::span<const uint32_t> items,
                                 const DataType& type) const override {
    const Column& collection = *arguments_[0];
    const Column& values = *collection.children[0];
    if (collection.type.root == TypeRoot::kMap) {
      return take_or_null(*collection.children[index], items, type);
    }
    if (values.physical != Physical::kRow) return take_or_null(values, items, type);
    return take_or_null(*values.children[index], items, type);
  }

 private:
  // A NULL among rows is none, as in Flink.
  uint32_t next_rows(const Column& values, uint32_t most, std::vector<uint32_t>& items) {
    uint32_t made = 0;
    for (; made < most && at_ < end_; ++at_) {
      if (values.is_null(at_)) continue;
      items.push_back(at_);
      ++made;
    }
    return made;
  }

  [[nodiscard]] bool is_null_row() const {
    const Column& values = *arguments_[0]->children[0];
    return values.physical == Physical::kRow && values.is_null(at_);
  }

  uint32_t next_repeated(uint32_t most, std::vector<uint32_t>& items) {
    const Column& counts = *arguments_[0]->children[1];
    uint32_t made = 0;
    while (made < most && at_ < end_) {
      if (left_in_item_ == 0 && !is_null_row()) {
        left_in_item_ = counts.data<int32_t>()[counts.at(at_)];
      }
      if (left_in_item_ > 0) {
        const uint32_t count = std::min(most - made, static_cast<uint32_t>(left_in_item_));
        items.insert(items.end(), count, at_);
        made += count;
        left_in_item_ -= static_cast<int32_t>(count);
      }
      if (left_in_item_ <= 0) {
        left_in_item_ = 0;
        ++at_;
      }
    }
    return made;
  }

  uint32_t at_ = 0;
  uint32_t end_ = 0;
  int32_t left_in_item_ = 0;
};

// The values behind the count, so many times: an item is the row itself.
class ReplicateRows final : public TableFunction {
 public:
  void begin_row(uint32_t row) override {
    const Column& counts = *arguments_[0];
    row_ = row;
    left_ = counts.is_null(row) ? 0 : counts.data<int64_t>()[counts.at(row)];
  }

  uint32_t next(uint32_t most, std::vector<uint32_t>& items) override {
    if (left_ <= 0) return 0;
    const auto count = static_cast<uint32_t>(std::min<int64_t>(most, left_));
    items.insert(items.end(), count, row_);
    left_ -= count;
    return count;
  }

  [[nodiscard]] ColumnPtr column(uint32_t index, std::span<const uint32_t> items,
                                 const DataType& type) const override {
    return take_or_null(*arguments_[index + 1], items, type);
  }

 private:
  uint32_t row_ = 0;
  int64_t left_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableFunction>> make_table_function(std::string_view name) {
  if (name == "unnest" || name == "unnest-with-ordinality") {
    return std::unique_ptr<TableFunction>(std::make_unique<Unnest>());
  }
  if (name == "replicate-rows") {
    return std::unique_ptr<TableFunction>(std::make_unique<ReplicateRows>());
  }
  return Status::error("MR2104", "native: table function " + std::string(name));
}

}  // namespace millrace
