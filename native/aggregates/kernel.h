// The loops of an aggregate over an op. An op has
//
//     using Value                      value type of its result column
//     Loaded<Value> load(group)        the result now
//     void bind(const Column*)         the argument of the rows to come
//     void add(group, row)             `row` is the physical row
//     void retract(group, row)
//     void merge(group, Op& from, from_group)
//     void each_state(f)               f(vector, name, type) for each state column, in order
//
// kAlwaysChanges: every row that counts changes the result.
#pragma once

#include <type_traits>
#include <utility>

#include "aggregates/aggregate.h"

namespace millrace {

template <typename T>
struct Loaded {
  T value{};
  bool valid = true;
};

// As Flink's record equaliser: a NaN is never equal, so it is emitted again.
template <typename T>
[[nodiscard]] inline bool same_value(const Loaded<T>& a, const Loaded<T>& b) {
  return a.valid == b.valid && (!a.valid || a.value == b.value);
}

// The argument of the rows at hand.
template <typename T>
struct Argument {
  const T* values = nullptr;
  uint32_t keep = UINT32_MAX;
  void bind(const Column* column) {
    values = column->data<T>();
    keep = column->constant ? 0 : UINT32_MAX;
  }
  [[nodiscard]] const T& operator[](uint32_t row) const { return values[row & keep]; }
};

// A state column that may be absent for a group: `valid` is a BOOLEAN beside it in memory, its
// null in a snapshot.
template <typename T>
struct NullableState {
  std::vector<T> values;
  std::vector<uint8_t> valid;
  void resize(uint32_t count) {
    values.resize(count);
    valid.resize(count);
  }
  [[nodiscard]] Loaded<T> load(uint32_t group) const {
    return {values[group], valid[group] != 0};
  }
  void set(uint32_t group, const T& value) {
    values[group] = value;
    valid[group] = 1;
  }
};

template <typename T>
void keep_entries(std::vector<T>& values, std::span<const uint32_t> groups) {
  std::vector<T> kept;
  kept.reserve(groups.size());
  for (const uint32_t group : groups) kept.push_back(values[group]);
  values = std::move(kept);
}

// How state columns are resized, compacted, saved and restored, whatever their element.
template <typename T>
struct StateColumn {
  static void resize(std::vector<T>& state, uint32_t count) { state.resize(count); }
  static void keep(std::vector<T>& state, std::span<const uint32_t> groups) {
    keep_entries(state, groups);
  }
  static size_t bytes(const std::vector<T>& state) { return state.capacity() * sizeof(T); }
  static void save(const std::vector<T>& state, std::span<const uint32_t> groups, Column& out) {
    T* values = out.data<T>();
    for (size_t i = 0; i < groups.size(); ++i) values[i] = state[groups[i]];
  }
  static void restore(std::vector<T>& state, const Column& in, std::span<const uint32_t> groups) {
    const T* values = in.data<T>();
    for (uint32_t i = 0; i < groups.size(); ++i) state[groups[i]] = values[in.at(i)];
  }
};

template <typename T>
struct StateColumn<NullableState<T>> {
  static void resize(NullableState<T>& state, uint32_t count) { state.resize(count); }
  static void keep(NullableState<T>& state, std::span<const uint32_t> groups) {
    keep_entries(state.values, groups);
    keep_entries(state.valid, groups);
  }
  static size_t bytes(const NullableState<T>& state) {
    return state.values.capacity() * sizeof(T) + state.valid.capacity();
  }
  static void save(const NullableState<T>& state, std::span<const uint32_t> groups, Column& out) {
    T* values = out.data<T>();
    for (uint32_t i = 0; i < groups.size(); ++i) {
      values[i] = state.values[groups[i]];
      if (state.valid[groups[i]] == 0) out.set_null(i);
    }
  }
  static void restore(NullableState<T>& state, const Column& in,
                      std::span<const uint32_t> groups) {
    const T* values = in.data<T>();
    for (uint32_t i = 0; i < groups.size(); ++i) {
      state.values[groups[i]] = values[in.at(i)];
      state.valid[groups[i]] = in.is_null(i) ? 0 : 1;
    }
  }
};

template <typename S>
struct StateTraits {
  using Columns = StateColumn<S>;
};
template <typename T>
struct StateTraits<std::vector<T>> {
  using Columns = StateColumn<T>;
};

// Ops without more than columns need none of these; text ops own an arena.
template <typename Op>
concept OwnsText = requires(Op& op, Column& out) { op.share_text(out); };

template <typename Op>
class AggregateKernel : public Aggregate {
 public:
  using Value = typename Op::Value;

  template <typename... Arguments>
  explicit AggregateKernel(Arguments&&... arguments) : op_(std::forward<Arguments>(arguments)...) {}

  void resize(uint32_t group_count) override {
    op_.each_state([&](auto& state, const char*, const DataType&) {
      StateTraits<std::decay_t<decltype(state)>>::Columns::resize(state, group_count);
    });
    if constexpr (requires { op_.resized(group_count); }) op_.resized(group_count);
  }

  void update(const AggregateRows& rows, const AggregateInput& input) override {
    if (input.argument != nullptr) op_.bind(input.argument);
    dispatch(rows, input, [&](auto form) { run<decltype(form)>(rows, input.mask); });
  }

  void update(const AggregateRows& rows, const AggregateInput& input,
              const Emission& emission) override {
    if (input.argument != nullptr) op_.bind(input.argument);
    dispatch(rows, input, [&](auto form) {
      if (emission.pairs) {
        run_pairs<decltype(form)>(rows, input.mask, emission);
      } else {
        run_single<decltype(form)>(rows, input.mask, emission);
      }
    });
    share(*emission.out);
  }

  void values(std::span<const uint32_t> groups, Column& out, uint32_t first) override {
    for (uint32_t i = 0; i < groups.size(); ++i) store(out, first + i, op_.load(groups[i]));
    share(out);
  }

  void merge(const uint32_t* into, Aggregate& from, std::span<const uint32_t> groups) override {
    Op& other = static_cast<AggregateKernel&>(from).op_;
    for (size_t i = 0; i < groups.size(); ++i) op_.merge(into[i], other, groups[i]);
  }

  void keep(std::span<const uint32_t> groups) override {
    op_.each_state([&](auto& state, const char*, const DataType&) {
      StateTraits<std::decay_t<decltype(state)>>::Columns::keep(state, groups);
    });
    if constexpr (requires { op_.kept(groups); }) op_.kept(groups);
  }

  void clear() override {
    resize(0);
    if constexpr (requires { op_.kept(std::span<const uint32_t>{}); }) op_.kept({});
  }

  [[nodiscard]] size_t bytes() const override {
    size_t total = 0;
    const_cast<Op&>(op_).each_state([&](auto& state, const char*, const DataType&) {
      total += StateTraits<std::decay_t<decltype(state)>>::Columns::bytes(state);
    });
    return total;
  }

  [[nodiscard]] Schema state_fields(const std::string& prefix) const override {
    Schema fields;
    const_cast<Op&>(op_).each_state([&](auto&, const char* name, const DataType& type) {
      fields.push_back({prefix + name, type});
    });
    return fields;
  }

  void save(std::span<const uint32_t> groups, std::vector<ColumnPtr>& out) override {
    op_.each_state([&](auto& state, const char*, const DataType& type) {
      ColumnPtr column = make_column(type, static_cast<uint32_t>(groups.size()));
      StateTraits<std::decay_t<decltype(state)>>::Columns::save(state, groups, *column);
      share(*column);
      out.push_back(std::move(column));
    });
  }

  Status restore(std::span<const ColumnPtr> columns, std::span<const uint32_t> groups) override {
    size_t next = 0;
    op_.each_state([&](auto& state, const char*, const DataType&) {
      StateTraits<std::decay_t<decltype(state)>>::Columns::restore(state, *columns[next++],
                                                                   groups);
    });
    if constexpr (requires { op_.restored(groups); }) op_.restored(groups);
    return Status::ok();
  }

  [[nodiscard]] std::optional<Field> counted_value() const override {
    if constexpr (requires { op_.counted_value(); }) return op_.counted_value();
    return std::nullopt;
  }
  uint32_t counted_size() const override {
    if constexpr (requires { op_.counted_size(); }) return op_.counted_size();
    return 0;
  }
  void save_counted(std::vector<uint32_t>& groups, Column& values, Column& counts) override {
    if constexpr (requires { op_.save_counted(groups, values, counts); }) {
      op_.save_counted(groups, values, counts);
      share(values);
    }
  }
  Status restore_counted(std::span<const uint32_t> groups, const Column& values,
                         const Column& counts) override {
    if constexpr (requires { op_.restore_counted(groups, values, counts); }) {
      op_.restore_counted(groups, values, counts);
    }
    return Status::ok();
  }

 private:
  // Rows that are only added have loops of their own, with and without a mask. Where rows may be
  // taken back one loop asks for both: so few rows a second come that way, and each further
  // loop is compiled for every type.
  template <typename F>
  static void dispatch(const AggregateRows& rows, const AggregateInput& input, F&& f) {
    if (rows.retract != nullptr) return f(Form<true, true>{});
    input.mask == nullptr ? f(Form<false, false>{}) : f(Form<true, false>{});
  }

  template <bool kMayMask, bool kMayRetract>
  struct Form {
    static constexpr bool kMasked = kMayMask;
    static constexpr bool kSigned = kMayRetract;
  };

  template <typename F>
  void take(const AggregateRows& rows, const uint8_t* mask, uint32_t i) {
    if constexpr (F::kMasked) {
      if ((!F::kSigned || mask != nullptr) && mask[i] == 0) return;
    }
    if constexpr (F::kSigned) {
      if (rows.retract[i] != 0) return op_.retract(rows.groups[i], rows.rows[i]);
    }
    op_.add(rows.groups[i], rows.rows[i]);
  }

  template <typename F>
  void run(const AggregateRows& rows, const uint8_t* mask) {
    for (uint32_t i = 0; i < rows.count; ++i) take<F>(rows, mask, i);
  }

  template <typename F>
  void run_pairs(const AggregateRows& rows, const uint8_t* mask, const Emission& emission) {
    Column& out = *emission.out;
    for (uint32_t i = 0; i < rows.count; ++i) {
      const Loaded<Value> before = op_.load(rows.groups[i]);
      take<F>(rows, mask, i);
      const Loaded<Value> after = op_.load(rows.groups[i]);
      store(out, 2 * i, before);
      store(out, 2 * i + 1, after);
      emission.changed[i] |= has_changed<F>(mask, i, before, after);
    }
  }

  template <typename F>
  void run_single(const AggregateRows& rows, const uint8_t* mask, const Emission& emission) {
    Column& out = *emission.out;
    for (uint32_t i = 0; i < rows.count; ++i) {
      const Loaded<Value> before = op_.load(rows.groups[i]);
      take<F>(rows, mask, i);
      const Loaded<Value> after = op_.load(rows.groups[i]);
      const bool deletes = F::kSigned && emission.deletes != nullptr && emission.deletes[i] != 0;
      store(out, i, deletes ? before : after);
      emission.changed[i] |= has_changed<F>(mask, i, before, after);
    }
  }

  template <typename F>
  static uint8_t has_changed([[maybe_unused]] const uint8_t* mask, [[maybe_unused]] uint32_t i,
                             const Loaded<Value>& before, const Loaded<Value>& after) {
    if constexpr (requires { Op::kAlwaysChanges; }) {
      if constexpr (F::kMasked) return F::kSigned && mask == nullptr ? 1 : mask[i];
      return 1;
    }
    return same_value(before, after) ? 0 : 1;
  }

  static void store(Column& out, uint32_t slot, const Loaded<Value>& loaded) {
    out.data<Value>()[slot] = loaded.value;
    if constexpr (requires { Op::kNeverNull; }) return;
    if (!loaded.valid) out.set_null(slot);
  }

  void share(Column& out) {
    if constexpr (OwnsText<Op>) op_.share_text(out);
  }

  Op op_;
};

}  // namespace millrace
