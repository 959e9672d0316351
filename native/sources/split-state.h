// What a generating source has to keep: its splits, one row each of whole numbers. They are dealt
// out by their index, so a restore at another parallelism keeps them all.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "operators/operator.h"

namespace millrace {

// A number of a split, and how its state calls it.
template <typename Split>
struct SplitMember {
  const char* name;
  int64_t Split::*number;
};

// `Split` has at least index and generators.
template <typename Split>
class SplitState {
 public:
  using Members = std::span<const SplitMember<Split>>;

  // `members` outlives it.
  SplitState(const char* connector, const Split& own, Members members,
             const OperatorContext& context)
      : connector_(connector), splits_{own}, members_(members), context_(context) {}

  [[nodiscard]] std::vector<Split>& splits() { return splits_; }

  [[nodiscard]] StateTable table() const {
    StateTable table{"splits", {}, 0};
    for (const SplitMember<Split>& member : members_) {
      DataType type;
      type.root = TypeRoot::kBigint;
      type.nullable = false;
      table.fields.push_back({member.name, type});
    }
    return table;
  }

  [[nodiscard]] Batch snapshot() const {
    Batch batch;
    batch.row_count = static_cast<uint32_t>(splits_.size());
    const StateTable described = table();
    for (size_t i = 0; i < members_.size(); ++i) {
      batch.columns.push_back(make_column(described.fields[i].type, batch.row_count));
      int64_t* values = batch.columns[i]->template data<int64_t>();
      for (uint32_t row = 0; row < batch.row_count; ++row) {
        values[row] = splits_[row].*members_[i].number;
      }
    }
    return batch;
  }

  // MR5002 for state of another form, MR5001 where `is_valid` says no to a split.
  template <typename IsValid>
  Status restore(const Batch& content, const IsValid& is_valid) {
    if (content.columns.size() != members_.size()) return Status::error("MR5002", what());
    if (!restored_) splits_.clear();
    restored_ = true;
    bool valid = true;
    for_each_row(content.selection(), [&](uint32_t row) {
      Split split;
      for (size_t i = 0; i < members_.size(); ++i) {
        const Column& column = *content.columns[i];
        split.*members_[i].number = column.template data<int64_t>()[column.at(row)];
      }
      valid = valid && split.index >= 0 && split.generators > 0 && is_valid(split);
      if (valid && split.index % context_.parallelism == context_.subtask) {
        splits_.push_back(split);
      }
    });
    return valid ? Status::ok() : Status::error("MR5001", what());
  }

 private:
  [[nodiscard]] std::string what() const { return std::string(connector_) + " splits"; }

  const char* connector_;
  std::vector<Split> splits_;
  Members members_;
  OperatorContext context_;
  bool restored_ = false;
};

}  // namespace millrace
