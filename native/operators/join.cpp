#include "operators/join.h"

#include <algorithm>
#include <utility>

#include "columnar/watermark.h"
#include "operators/join-schema.h"
#include "operators/join-side.h"
#include "operators/pair-buffer.h"
#include "operators/pair-condition.h"
#include "operators/ranked-rows.h"
#include "state/keyed-groups.h"

namespace millrace {
namespace {

// Pairs that are made before they are judged; one row may make more.
constexpr size_t kMostPairs = 16 * 1024;
constexpr uint32_t kNoGroup = UINT32_MAX;
constexpr uint32_t kAbsent = PairBuffer::kAbsent;
constexpr size_t kMostEmpty = 1024;

enum class JoinType : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

struct JoinSpec {
  JoinType type = JoinType::kInner;
  JoinInput left;
  JoinInput right;
  std::vector<uint8_t> filter_nulls;  // one a key
  int64_t left_ttl_ms = 0;
  int64_t right_ttl_ms = 0;

  [[nodiscard]] bool is_left_only() const {
    return type == JoinType::kSemi || type == JoinType::kAnti;
  }
  [[nodiscard]] bool keeps_left() const {
    return is_left_only() || type == JoinType::kLeft || type == JoinType::kFull;
  }
  [[nodiscard]] bool keeps_right() const {
    return type == JoinType::kRight || type == JoinType::kFull;
  }
};

// The rows of a batch meet the kept rows of the other input. The pairs of many rows are made and
// judged by the condition at once, which no row of the batch itself can change.
class Join final : public Operator {
 public:
  Join(JoinSpec spec, const PlanNode& node, OperatorContext context, KeyLayout layout,
       RowStore left, RowStore right, std::unique_ptr<PairCondition> condition)
      : spec_(std::move(spec)),
        context_(std::move(context)),
        groups_(std::move(layout)),
        sides_{JoinSide("left", node.input_schemas[0], spec_.left, std::move(left),
                        spec_.keeps_left(), spec_.left_ttl_ms),
               JoinSide("right", node.input_schemas[1], spec_.right, std::move(right),
                        spec_.keeps_right(), spec_.right_ttl_ms)},
        changes_(node.schema, static_cast<uint32_t>(node.input_schemas[0].size())),
        condition_(std::move(condition)) {}

  Status process(Batch batch, uint32_t input, Output& output) override {
    watermarks_.merge(input, batch.watermarks);
    now_ms_ = context_.now_ms();
    JoinSide& other = sides_[1 - input];
    find_groups(batch, input);
    keep_rows(batch, input);
    size_t run = 0;
    const auto& runs = batch.watermarks;
    const auto count = static_cast<uint32_t>(rows_.size());
    for (uint32_t from = 0; from < count;) {
      const uint32_t to = make_pairs(other, from, count);
      if (condition_ != nullptr) {
        const EvaluationContext evaluation{now_ms_, &context_.zone};
        const auto rows = std::span(rows_).subspan(from, to - from);
        MR_TRY(condition_->filter(batch, input, rows, other.store(), evaluation, pair_ids_,
                                  starts_));
      }
      for (uint32_t i = from; i < to; ++i) {
        while (run < runs.size() && runs[run].row <= rows_[i]) {
          changes_.watermark(runs[run++].watermark);
        }
        take_row(batch, input, i, starts_[i - from], starts_[i - from + 1]);
        if (changes_.is_full()) MR_TRY(changes_.flush(batch, input, other.store(), output));
      }
      from = to;
    }
    while (run < runs.size()) changes_.watermark(runs[run++].watermark);
    for (JoinSide& side : sides_) side.sweep(now_ms_, count);
    MR_TRY(changes_.flush(batch, input, other.store(), output));
    for (JoinSide& side : sides_) side.store().settle();
    compact_if_sparse();
    return Status::ok();
  }

  Status prepare_barrier(Output& /*output*/) override {
    const int64_t now = context_.now_ms();
    for (JoinSide& side : sides_) {
      side.sweep(now, uint64_t{1} << 40);
      side.store().settle();
    }
    return Status::ok();
  }

  [[nodiscard]] InputWatermarks* input_watermarks() override { return &watermarks_; }
  [[nodiscard]] std::vector<StateTable> state_tables() const override {
    return {sides_[0].state_table(), sides_[1].state_table()};
  }
  Result<Batch> snapshot(const StateTable& table) override {
    return sides_[table.name == "left" ? 0 : 1].snapshot();
  }
  Status restore(const StateTable& table, const Batch& content) override {
    MR_TRY(sides_[table.name == "left" ? 0 : 1].restore(content, groups_));
    for (JoinSide& side : sides_) side.resize(groups_.size());
    return Status::ok();
  }
  [[nodiscard]] OperatorStats stats() const override {
    const uint64_t rows = sides_[0].store().count() + sides_[1].store().count();
    return {0, 0, rows, groups_.bytes() + sides_[0].bytes() + sides_[1].bytes()};
  }

 private:
  // The rows that say something (where new rows replace old ones, -U says nothing) and the group
  // of each: kNoGroup where a NULL in the key meets nothing.
  void find_groups(const Batch& batch, uint32_t input) {
    const JoinInput& own = sides_[input].input();
    const bool drops = batch.row_kinds != nullptr && !own.takes_update_before;
    rows_.clear();
    for_each_row(batch.selection(), [&](uint32_t row) {
      if (!drops || batch.kind(row) != RowKind::kUpdateBefore) rows_.push_back(row);
    });
    keys_.clear();
    for (const uint32_t key : own.keys) keys_.push_back(batch.columns[key].get());
    const auto count = static_cast<uint32_t>(rows_.size());
    groups_.encode(keys_, rows_.data(), count);
    groups_.resolve_added(rows_.data(), count, resolved_);
    for (JoinSide& side : sides_) side.resize(groups_.size());
    for (size_t key = 0; key < keys_.size(); ++key) {
      if (spec_.filter_nulls[key] == 0 || keys_[key]->validity == nullptr) continue;
      for (uint32_t i = 0; i < count; ++i) {
        if (keys_[key]->is_null(rows_[i])) resolved_.groups[i] = kNoGroup;
      }
    }
  }

  // Copies the rows that are to be kept into the store; they enter their lists one by one.
  void keep_rows(const Batch& batch, uint32_t input) {
    const uint8_t* kinds = batch.row_kinds == nullptr ? nullptr : batch.row_kinds->data();
    kept_.clear();
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      const bool is_added = kinds == nullptr || !takes_back(kinds[rows_[i]]);
      if (is_added && resolved_.groups[i] != kNoGroup) kept_.push_back(rows_[i]);
    }
    kept_ids_.resize(kept_.size());
    sides_[input].store().add_rows(batch.columns, kept_, kept_ids_.data());
    next_kept_ = 0;
  }

  // Pairs of the rows from `from`, as many as there is room for; the row behind the last one.
  uint32_t make_pairs(JoinSide& other, uint32_t from, uint32_t end) {
    pair_ids_.clear();
    starts_.clear();
    uint32_t i = from;
    for (; i < end && pair_ids_.size() < kMostPairs; ++i) {
      starts_.push_back(static_cast<uint32_t>(pair_ids_.size()));
      const uint32_t group = resolved_.groups[i];
      if (group == kNoGroup) continue;
      for (uint32_t id = other.first(group); id != JoinSide::kNone;) {
        const uint32_t next = other.after(id);
        if (other.is_expired(id, now_ms_)) other.remove(id, group);
        else pair_ids_.push_back(id);
        id = next;
      }
    }
    starts_.push_back(static_cast<uint32_t>(pair_ids_.size()));
    return i;
  }

  void take_row(const Batch& batch, uint32_t input, uint32_t i, uint32_t from, uint32_t to) {
    if (spec_.is_left_only()) {
      if (input == 0) take_left(batch, i, to - from);
      else take_right(batch, i, from, to);
    } else if (takes_back(static_cast<uint8_t>(batch.kind(rows_[i])))) {
      retract(batch, input, i, from, to);
    } else {
      accumulate(batch, input, i, from, to);
    }
  }

  void keep(const Batch& batch, uint32_t input, uint32_t i, uint32_t partners) {
    const uint32_t group = resolved_.groups[i];
    if (group == kNoGroup) return;
    sides_[input].add(kept_ids_[next_kept_++], batch.columns, rows_[i], group,
                      static_cast<int32_t>(partners), now_ms_);
  }

  void let_go(const Batch& batch, uint32_t input, uint32_t i) {
    const uint32_t group = resolved_.groups[i];
    if (group != kNoGroup) sides_[input].retract(batch.columns, rows_[i], group);
  }

  void accumulate(const Batch& batch, uint32_t input, uint32_t i, uint32_t from, uint32_t to) {
    JoinSide& own = sides_[input];
    JoinSide& other = sides_[1 - input];
    const uint32_t row = rows_[i];
    keep(batch, input, i, to - from);
    if (from == to) {
      if (own.tracks_partners()) changes_.add(RowKind::kInsert, row, kAbsent);
      return;
    }
    if (other.tracks_partners()) {
      for (uint32_t at = from; at < to; ++at) {
        const uint32_t id = pair_ids_[at];
        const int32_t partners = other.partners(id);
        if (partners == 0) changes_.add(RowKind::kDelete, kAbsent, id);
        other.set_partners(id, partners + 1, now_ms_);
      }
    }
    const bool is_plain = own.tracks_partners() || other.tracks_partners();
    add_all(is_plain ? RowKind::kInsert : batch.kind(row), row, from, to);
  }

  void retract(const Batch& batch, uint32_t input, uint32_t i, uint32_t from, uint32_t to) {
    JoinSide& own = sides_[input];
    JoinSide& other = sides_[1 - input];
    const uint32_t row = rows_[i];
    let_go(batch, input, i);
    if (from == to) {
      if (own.tracks_partners()) changes_.add(RowKind::kDelete, row, kAbsent);
      return;
    }
    add_all(own.tracks_partners() ? RowKind::kDelete : batch.kind(row), row, from, to);
    if (!other.tracks_partners()) return;
    for (uint32_t at = from; at < to; ++at) {
      const uint32_t id = pair_ids_[at];
      const int32_t partners = other.partners(id);
      if (partners == 1) changes_.add(RowKind::kInsert, kAbsent, id);
      other.set_partners(id, partners - 1, now_ms_);
    }
  }

  void add_all(RowKind kind, uint32_t row, uint32_t from, uint32_t to) {
    for (uint32_t at = from; at < to; ++at) changes_.add(kind, row, pair_ids_[at]);
  }

  // A left row of a semi or anti join.
  void take_left(const Batch& batch, uint32_t i, uint32_t partners) {
    const RowKind kind = batch.kind(rows_[i]);
    const bool is_semi = spec_.type == JoinType::kSemi;
    if ((partners > 0) == is_semi) changes_.add(kind, rows_[i], kAbsent);
    if (takes_back(static_cast<uint8_t>(kind))) let_go(batch, 0, i);
    else keep(batch, 0, i, partners);
  }

  // A right row of a semi or anti join: left rows come and go with their first and last.
  void take_right(const Batch& batch, uint32_t i, uint32_t from, uint32_t to) {
    const RowKind kind = batch.kind(rows_[i]);
    const bool is_back = takes_back(static_cast<uint8_t>(kind));
    if (is_back) let_go(batch, 1, i);
    else keep(batch, 1, i, 0);
    const RowKind shown = spec_.type == JoinType::kSemi ? kind
                          : is_back                     ? RowKind::kInsert
                                                        : RowKind::kDelete;
    JoinSide& left = sides_[0];
    for (uint32_t at = from; at < to; ++at) {
      const uint32_t id = pair_ids_[at];
      const int32_t partners = left.partners(id);
      if (partners == (is_back ? 1 : 0)) changes_.add(shown, kAbsent, id);
      left.set_partners(id, partners + (is_back ? -1 : 1), now_ms_);
    }
  }

  // Every group that is in use has a row.
  void compact_if_sparse() {
    const size_t rows = sides_[0].store().count() + sides_[1].store().count();
    if (groups_.size() <= 2 * rows + kMostEmpty) return;
    for (uint32_t group = 0; group < groups_.size(); ++group) {
      if (sides_[0].is_empty(group) && sides_[1].is_empty(group)) groups_.kill(group);
    }
    std::vector<uint32_t> new_ids;
    const std::vector<uint32_t> kept = groups_.compact(new_ids);
    for (JoinSide& side : sides_) side.renumber(kept);
  }

  JoinSpec spec_;
  OperatorContext context_;
  KeyedGroups groups_;
  JoinSide sides_[2];
  PairBuffer changes_;
  std::unique_ptr<PairCondition> condition_;
  InputWatermarks watermarks_{2};
  ResolvedRows resolved_;
  int64_t now_ms_ = 0;
  std::vector<const Column*> keys_;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> kept_;      // rows of the batch that the store has taken
  std::vector<uint32_t> kept_ids_;  // their ids
  size_t next_kept_ = 0;
  // Kept rows met by row i of the span: pair_ids_[starts_[i]] .. pair_ids_[starts_[i + 1] - 1].
  std::vector<uint32_t> pair_ids_;
  std::vector<uint32_t> starts_;
};

Result<JoinType> decode_type(std::string_view name) {
  constexpr std::pair<std::string_view, JoinType> kTypes[] = {
      {"inner", JoinType::kInner}, {"left", JoinType::kLeft}, {"right", JoinType::kRight},
      {"full", JoinType::kFull},   {"semi", JoinType::kSemi}, {"anti", JoinType::kAnti},
  };
  for (const auto& [text, type] : kTypes) {
    if (text == name) return type;
  }
  return Status::error("MR9001", "join: type " + std::string(name));
}

Result<JoinInput> decode_input(const plan::Value& value, const Schema& schema) {
  JoinInput input;
  MR_TRY_ASSIGN(input.keys, value.indexes_at("keys"));
  MR_TRY_ASSIGN(input.unique_key, value.indexes_at("uniqueKey"));
  MR_TRY_ASSIGN(input.takes_update_before, value.bool_at("takesUpdateBefore"));
  MR_TRY_ASSIGN(const std::string_view name, value.string_at("uniqueness"));
  if (name == "join-key") input.uniqueness = Uniqueness::kJoinKey;
  else if (name == "unique-key") input.uniqueness = Uniqueness::kUniqueKey;
  else if (name != "none") return Status::error("MR9001", "join: " + std::string(name));
  MR_TRY(check_columns(input.keys, schema));
  MR_TRY(check_columns(input.unique_key, schema));
  return input;
}

Result<JoinSpec> decode_spec(const PlanNode& node) {
  JoinSpec spec;
  const plan::Value& value = *node.value;
  MR_TRY_ASSIGN(const std::string_view type, value.string_at("joinType"));
  MR_TRY_ASSIGN(spec.type, decode_type(type));
  MR_TRY_ASSIGN(const plan::Value* left, value.member("left"));
  MR_TRY_ASSIGN(const plan::Value* right, value.member("right"));
  MR_TRY_ASSIGN(spec.left, decode_input(*left, node.input_schemas[0]));
  MR_TRY_ASSIGN(spec.right, decode_input(*right, node.input_schemas[1]));
  MR_TRY_ASSIGN(const auto filters, value.list_at("filterNulls"));
  for (const plan::Value& one : filters) {
    MR_TRY_ASSIGN(const bool filter, one.as_bool());
    spec.filter_nulls.push_back(filter ? 1 : 0);
  }
  MR_TRY_ASSIGN(spec.left_ttl_ms, left->int_at("stateTtlMs"));
  MR_TRY_ASSIGN(spec.right_ttl_ms, right->int_at("stateTtlMs"));
  const size_t key_count = spec.left.keys.size();
  if (spec.right.keys.size() != key_count || spec.filter_nulls.size() != key_count) {
    return Status::error("MR9001", "join: keys of both sides differ");
  }
  return spec;
}

}  // namespace

Result<OperatorPtr> make_join(const PlanNode& node, const OperatorContext& context) {
  if (node.inputs.size() != 2) return Status::error("MR9001", "join: number of inputs");
  MR_TRY_ASSIGN(JoinSpec spec, decode_spec(node));
  MR_TRY(check_join_schema(node, spec.left.keys, spec.right.keys, spec.is_left_only(), "join"));
  MR_TRY_ASSIGN(KeyLayout layout,
                KeyLayout::create(types_of(spec.left.keys, node.input_schemas[0])));
  MR_TRY_ASSIGN(RowStore left, RowStore::create(node.input_schemas[0]));
  MR_TRY_ASSIGN(RowStore right, RowStore::create(node.input_schemas[1]));
  MR_TRY_ASSIGN(auto condition, PairCondition::create(node));
  return OperatorPtr(std::make_unique<Join>(std::move(spec), node, context, std::move(layout),
                                            std::move(left), std::move(right),
                                            std::move(condition)));
}

}  // namespace millrace
