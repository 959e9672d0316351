// Aggregates over whole values of any type: ARRAY_AGG, COLLECT, LISTAGG, JSON_ARRAYAGG,
// JSON_OBJECTAGG, SINGLE_VALUE, PERCENTILE, and FIRST_VALUE and LAST_VALUE where rows may be taken
// back or the values are nested. src/operators/aggregates/cell-aggregate.ts is the twin. By group,
// numbers of cells (columnar/cell.h) in a pool:
//
//     sequence   the values in the order of their arrival; taking one back removes its first
//     single     the first or the last of them alone, where nothing is taken back
//     only       SINGLE_VALUE: at most one value; a second one is an error
//     entries    COLLECT: each value once with its count, sorted by its cell; PERCENTILE: by value
//     members    JSON_OBJECTAGG: rows of key and value, sorted by key; a key stands there once
#include <algorithm>
#include <cmath>
#include <numeric>

#include "aggregates/counted-extreme.h"
#include "aggregates/families.h"
#include "columnar/cell.h"
#include "kernels/json-document.h"
#include "operators/row-lists.h"
#include "state/string-pool.h"

namespace millrace {
namespace {

enum class Form : uint8_t { kSequence, kSingle, kOnly, kEntries, kMembers };
enum class Shown : uint8_t {
  kFirst, kLast, kArray, kMultiset, kPercentile, kText, kJsonArray, kJsonObject
};

// A text's bytes stand behind the flag and the length of its cell.
constexpr size_t kTextAt = 5;
// Unused cells are not worth a copy of the others below this.
constexpr size_t kLeastUnused = 1024;

void put_count(std::string& out, uint32_t count) {
  out.push_back(1);
  out.append(reinterpret_cast<const char*>(&count), sizeof count);
}

// The text of the key in the cell of a member (key, value); its value begins behind it.
std::string_view key_of(const StringView& cell) {
  const char* const at = cell.data() + 1;
  if (*at == 0) return {at, 0};
  uint32_t length;
  std::memcpy(&length, at + 1, sizeof length);
  return {at + kTextAt, length};
}

std::string_view value_of(const StringView& cell) {
  const std::string_view key = key_of(cell);
  const char* const from = key.data() + key.size();
  return {from, static_cast<size_t>(cell.data() + cell.length - from)};
}

// Any order will do for values; keys of JSON go as String.compareTo has them.
int value_order(const StringView& a, const StringView& b) { return a.view().compare(b.view()); }
int key_order(const StringView& a, const StringView& b) {
  if (key_of(a) == key_of(b)) return 0;
  return json::key_less(key_of(a), key_of(b)) ? -1 : 1;
}

double number_of(const StringView& cell) {
  double number;
  std::memcpy(&number, cell.data() + 1, sizeof number);
  return number;
}

int number_order(const StringView& a, const StringView& b) {
  const double left = number_of(a);
  const double right = number_of(b);
  return object_less(left, right) ? -1 : object_less(right, left) ? 1 : 0;
}

void put_number(std::string& out, double number) {
  out.push_back(1);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

class CellAggregate final : public Aggregate {
 public:
  CellAggregate(const AggregateCall& call, const DataType& argument, Form form, Shown shown)
      : call_(call),
        value_type_(argument),
        form_(form),
        shown_(shown),
        is_counted_(shown == Shown::kPercentile && call.takes_row()) {
    if (is_counted_) value_type_ = DataType(argument.fields[0].type);
    value_type_.nullable = true;
  }

  void resize(uint32_t group_count) override {
    if (group_count < group_count_) {
      for (uint32_t group = group_count; group < group_count_; ++group) release(group);
    }
    lists_.resize(group_count);
    if (form_ == Form::kEntries) counts_.resize(group_count);
    group_count_ = group_count;
  }

  void update(const AggregateRows& rows, const AggregateInput& input) override {
    begin(input);
    for (uint32_t i = 0; i < rows.count; ++i) take(rows, input, i);
  }

  void update(const AggregateRows& rows, const AggregateInput& input,
              const Emission& emission) override {
    begin(input);
    std::vector<Result> results(emission.pairs ? 2 * size_t{rows.count} : rows.count);
    for (uint32_t i = 0; i < rows.count; ++i) {
      const Result before = result(rows.groups[i]);
      if (take(rows, input, i)) last_group_ = kNoGroup;
      const Result after = result(rows.groups[i]);
      emission.changed[i] |= before == after ? 0 : 1;
      if (emission.pairs) {
        results[2 * size_t{i}] = before;
        results[2 * size_t{i} + 1] = after;
      } else {
        const bool deletes = emission.deletes != nullptr && emission.deletes[i] != 0;
        results[i] = deletes ? before : after;
      }
    }
    finish(results, *emission.out);
  }

  void values(std::span<const uint32_t> groups, Column& out, uint32_t /*first*/) override {
    restart();
    std::vector<Result> results(groups.size());
    for (size_t i = 0; i < groups.size(); ++i) results[i] = result(groups[i]);
    finish(results, out);
  }

  void merge(const uint32_t* into, Aggregate& from, std::span<const uint32_t> groups) override {
    auto& other = static_cast<CellAggregate&>(from);
    for (size_t i = 0; i < groups.size(); ++i) {
      const uint32_t size = other.lists_.size(groups[i]);
      for (uint32_t k = 0; k < size; ++k) {
        const uint32_t cell = pool_.intern(other.pool_[other.lists_.rows(groups[i])[k]]);
        const uint32_t count = form_ == Form::kEntries ? other.counts_.rows(groups[i])[k] : 1;
        put(into[i], cell, static_cast<int32_t>(count));
      }
    }
  }

  void keep(std::span<const uint32_t> groups) override {
    std::vector<uint32_t> new_ids(group_count_, UINT32_MAX);
    for (uint32_t i = 0; i < groups.size(); ++i) new_ids[groups[i]] = i;
    for (uint32_t group = 0; group < group_count_; ++group) {
      if (new_ids[group] == UINT32_MAX) release(group);
    }
    group_count_ = static_cast<uint32_t>(groups.size());
    lists_.renumber(new_ids, group_count_);
    if (form_ == Form::kEntries) counts_.renumber(new_ids, group_count_);
    tidy();
  }

  void clear() override {
    for (uint32_t group = 0; group < group_count_; ++group) release(group);
    resize(0);
    pool_.clear();
  }

  [[nodiscard]] size_t bytes() const override {
    return pool_.bytes() + lists_.bytes() + counts_.bytes();
  }

  [[nodiscard]] Schema state_fields(const std::string&) const override { return {}; }
  void save(std::span<const uint32_t>, std::vector<ColumnPtr>&) override {}
  Status restore(std::span<const ColumnPtr>, std::span<const uint32_t>) override {
    return Status::ok();
  }

  [[nodiscard]] std::optional<Field> counted_value() const override {
    return Field{"value", value_type_};
  }
  uint32_t counted_size() const override { return size_; }

  // COLLECT counts; the number of any other is the place in its list.
  void save_counted(std::vector<uint32_t>& groups, Column& values, Column& counts) override {
    std::vector<StringView> cells;
    auto* const numbers = counts.data<int64_t>();
    for (uint32_t group = 0; group < group_count_; ++group) {
      const auto own = lists_.rows(group);
      for (uint32_t i = 0; i < own.size(); ++i) {
        groups.push_back(group);
        numbers[cells.size()] =
            form_ == Form::kEntries ? static_cast<int32_t>(counts_.rows(group)[i]) : i;
        cells.push_back(pool_[own[i]]);
      }
    }
    values = *decode_cells(value_type_, cells, pool_.arena());
  }

  Status restore_counted(std::span<const uint32_t> groups, const Column& values,
                         const Column& counts) override {
    const auto* const numbers = counts.data<int64_t>();
    const auto number = [&](uint32_t i) { return numbers[counts.at(i)]; };
    std::vector<uint32_t> order(groups.size());
    std::iota(order.begin(), order.end(), 0);
    if (form_ != Form::kEntries) {
      std::stable_sort(order.begin(), order.end(),
                       [&](uint32_t a, uint32_t b) { return number(a) < number(b); });
    }
    for (const uint32_t i : order) {
      put(groups[i], intern(values, i), static_cast<int32_t>(number(i)));
    }
    return failure_;
  }

  [[nodiscard]] Status failure() const override { return failure_; }

 private:
  static constexpr uint32_t kNoGroup = UINT32_MAX;

  // A result in the arena: a text, or the cell of a nested value.
  struct Result {
    StringView view;
    bool present = false;
    friend bool operator==(const Result& a, const Result& b) {
      return a.present == b.present && (!a.present || a.view == b.view);
    }
  };
  struct Place {
    uint32_t position;
    bool found;
  };

  void restart() {
    out_ = std::make_shared<Arena>();
    last_group_ = kNoGroup;
  }

  void begin(const AggregateInput& input) {
    argument_ = input.argument;
    tidy();
    restart();
  }

  // Whether the row counts.
  bool take(const AggregateRows& rows, const AggregateInput& input, uint32_t i) {
    if (input.mask != nullptr && input.mask[i] == 0) return false;
    const uint32_t row = rows.rows[i];
    const uint32_t cell = intern(is_counted_ ? *argument_->children[0] : *argument_, row);
    const int32_t count = is_counted_ ? frequency(row) : 1;
    if (rows.retract != nullptr && rows.retract[i] != 0) {
      take_back(rows.groups[i], cell, count);
    } else {
      put(rows.groups[i], cell, count);
    }
    return true;
  }

  // How often a value of PERCENTILE counts.
  int32_t frequency(uint32_t row) const {
    const Column& value = *argument_->children[0];
    const Column& times = *argument_->children[1];
    if (value.is_null(row) || times.is_null(row)) return 0;
    return static_cast<int32_t>(times.data<int64_t>()[times.at(row)]);
  }

  uint32_t intern(const Column& column, uint32_t row) {
    cell_.clear();
    append_cell(column, row, cell_);
    return pool_.intern(StringView(cell_.data(), cell_.size()));
  }

  void insert(uint32_t group, uint32_t position, uint32_t cell) {
    lists_.insert(group, position, cell);
    ++size_;
  }
  void erase(uint32_t group, uint32_t position) {
    lists_.erase(group, position);
    --size_;
  }
  void release(uint32_t group) {
    size_ -= lists_.size(group);
    lists_.release(group);
    if (form_ == Form::kEntries) counts_.release(group);
  }

  void put(uint32_t group, uint32_t cell, int32_t count) {
    const uint32_t size = lists_.size(group);
    switch (form_) {
      case Form::kSequence: return insert(group, size, cell);
      case Form::kSingle:
        if (size == 0) return insert(group, 0, cell);
        if (shown_ == Shown::kLast) lists_.set(group, 0, cell);
        return;
      case Form::kOnly:
        if (size > 0) return fail("a sub-query that stands for a value has more than one row");
        return insert(group, 0, cell);
      case Form::kEntries: return count_entry(group, cell, count);
      case Form::kMembers: return put_member(group, cell);
    }
  }

  void count_entry(uint32_t group, uint32_t cell, int32_t count) {
    if (count == 0) return;
    const Place place = shown_ == Shown::kPercentile ? find(group, number_order, cell)
                                                     : find(group, value_order, cell);
    if (!place.found) {
      insert(group, place.position, cell);
      counts_.insert(group, place.position, static_cast<uint32_t>(count));
      return;
    }
    const uint32_t before = counts_.rows(group)[place.position];
    const uint32_t after = before + static_cast<uint32_t>(count);
    if (after != 0) return counts_.set(group, place.position, after);
    erase(group, place.position);
    counts_.erase(group, place.position);
  }

  void put_member(uint32_t group, uint32_t cell) {
    const StringView& member = pool_[cell];
    if (member.data()[1] == 0) return fail("JSON_OBJECTAGG: a key is NULL");
    const Place place = find(group, key_order, cell);
    if (place.found) {
      const std::string key(key_of(member));
      return fail("JSON_OBJECTAGG: key '" + key + "' is already present");
    }
    if (value_of(member)[0] != 0 || call_.keeps_nulls) insert(group, place.position, cell);
  }

  void fail(const std::string& detail) {
    if (failure_.is_ok()) failure_ = Status::error("MR3006", detail);
  }

  void take_back(uint32_t group, uint32_t cell, int32_t count) {
    if (form_ == Form::kEntries) return count_entry(group, cell, -count);
    if (form_ == Form::kMembers) {
      const Place place = find(group, key_order, cell);
      if (place.found) erase(group, place.position);
      return;
    }
    const auto own = lists_.rows(group);
    const auto at = std::find(own.begin(), own.end(), cell);
    if (at != own.end()) erase(group, static_cast<uint32_t>(at - own.begin()));
  }

  // Where a cell stands in a sorted list, or where it would.
  template <typename F>
  Place find(uint32_t group, F&& compare, uint32_t cell) const {
    const auto own = lists_.rows(group);
    uint32_t low = 0;
    auto high = static_cast<uint32_t>(own.size());
    while (low < high) {
      const uint32_t middle = (low + high) / 2;
      const int order = compare(pool_[own[middle]], pool_[cell]);
      if (order == 0) return {middle, true};
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return {low, false};
  }

  // Gives memory back where that pays; numbers of cells change.
  void tidy() {
    if (pool_.size() < kLeastUnused || pool_.size() < 2 * size_) return;
    StringPool pool;
    for (uint32_t group = 0; group < group_count_; ++group) {
      const uint32_t size = lists_.size(group);
      for (uint32_t i = 0; i < size; ++i) {
        lists_.set(group, i, pool.intern(pool_[lists_.rows(group)[i]]));
      }
    }
    pool_ = std::move(pool);
  }

  Result result(uint32_t group) {
    if (group == last_group_) return last_result_;
    text_.clear();
    last_group_ = group;
    const bool present = write(group);
    last_result_ = {out_->copy(text_.data(), text_.size()), present};
    return last_result_;
  }

  // The result of a group into text_; false where it is NULL.
  bool write(uint32_t group) {
    const auto own = lists_.rows(group);
    switch (shown_) {
      case Shown::kFirst:
        if (!own.empty()) text_.append(pool_[own.front()].view());
        return !own.empty();
      case Shown::kLast:
        if (!own.empty()) text_.append(pool_[own.back()].view());
        return !own.empty();
      case Shown::kArray:
        put_count(text_, static_cast<uint32_t>(own.size()));
        for (const uint32_t cell : own) text_.append(pool_[cell].view());
        return !own.empty();
      case Shown::kMultiset: {
        put_count(text_, static_cast<uint32_t>(own.size()));
        for (uint32_t i = 0; i < own.size(); ++i) {
          text_.append(pool_[own[i]].view());
          put_count(text_, counts_.rows(group)[i]);
        }
        return true;
      }
      case Shown::kPercentile: return write_percentiles(own, counts_.rows(group));
      case Shown::kText: join(own, call_.separator); return !own.empty();
      case Shown::kJsonArray:
        text_.push_back('[');
        join(own, ",");
        text_.push_back(']');
        return true;
      case Shown::kJsonObject: write_object(own); return true;
    }
    return false;
  }

  // False where no value counts. Positions from 1, as in Flink: it shows in the last digit.
  bool write_percentiles(std::span<const uint32_t> cells, std::span<const uint32_t> counts) {
    int64_t total = 0;
    for (const uint32_t count : counts) total += static_cast<int32_t>(count);
    if (total <= 0) return false;
    if (call_.shows_array) put_count(text_, static_cast<uint32_t>(call_.percentages.size()));
    for (const double share : call_.percentages) {
      const double position = static_cast<double>(total - 1) * share + 1;
      const double lower = std::floor(position);
      const double higher = std::ceil(position);
      const double low = number_at(cells, counts, lower);
      const double high = number_at(cells, counts, higher);
      const bool same = low == high || lower == higher;
      put_number(text_, same ? low : (higher - position) * low + (position - lower) * high);
    }
    return true;
  }

  // The value that stands at `position` where each counts so often.
  double number_at(std::span<const uint32_t> cells, std::span<const uint32_t> counts,
                   double position) const {
    int64_t behind = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      behind += static_cast<int32_t>(counts[i]);
      if (static_cast<double>(behind) >= position) return number_of(pool_[cells[i]]);
    }
    return number_of(pool_[cells.back()]);
  }

  void join(std::span<const uint32_t> cells, std::string_view separator) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text_.append(separator);
      append_text(pool_[cells[i]].view());
    }
  }

  void append_text(std::string_view cell) {
    if (cell[0] == 0) text_.append("null");
    else text_.append(cell.substr(kTextAt));
  }

  void write_object(std::span<const uint32_t> cells) {
    text_.push_back('{');
    for (size_t i = 0; i < cells.size(); ++i) {
      const StringView& member = pool_[cells[i]];
      if (i > 0) text_.push_back(',');
      json::write_string(key_of(member), text_);
      text_.push_back(':');
      append_text(value_of(member));
    }
    text_.push_back('}');
  }

  void finish(std::span<const Result> results, Column& out) {
    last_group_ = kNoGroup;
    const bool is_cell = shown_ <= Shown::kPercentile;
    if (is_cell) {
      std::vector<StringView> cells(results.size());
      for (size_t i = 0; i < results.size(); ++i) {
        if (results[i].present) cells[i] = results[i].view;
      }
      const DataType type = out.type;
      out = *decode_cells(type, cells, out_);
      return;
    }
    for (uint32_t i = 0; i < results.size(); ++i) {
      out.data<StringView>()[i] = results[i].present ? results[i].view : StringView();
      if (!results[i].present) out.set_null(i);
    }
    out.owners.push_back(out_);
  }

  AggregateCall call_;
  DataType value_type_;
  Form form_;
  Shown shown_;
  bool is_counted_;  // rows of a value and its frequency
  StringPool pool_;
  RowLists lists_;
  RowLists counts_;  // beside the lists of COLLECT
  uint32_t group_count_ = 0;
  uint32_t size_ = 0;  // entries of all lists
  Status failure_ = Status::ok();
  const Column* argument_ = nullptr;
  std::shared_ptr<Arena> out_ = std::make_shared<Arena>();
  uint32_t last_group_ = kNoGroup;
  Result last_result_;
  std::string cell_;
  std::string text_;
};

}  // namespace

AggregatePtr make_cell_aggregate(const AggregateCall& call, const DataType& argument) {
  const auto made = [&](Form form, Shown shown) {
    return std::make_unique<CellAggregate>(call, argument, form, shown);
  };
  const std::string& name = call.function;
  const Form values = call.retract ? Form::kSequence : Form::kSingle;
  if (name == "FIRST_VALUE") return made(values, Shown::kFirst);
  if (name == "LAST_VALUE") return made(values, Shown::kLast);
  if (name == "SINGLE_VALUE") return made(Form::kOnly, Shown::kFirst);
  if (name == "PERCENTILE") return made(Form::kEntries, Shown::kPercentile);
  if (name == "ARRAY_AGG") return made(Form::kSequence, Shown::kArray);
  if (name == "COLLECT") return made(Form::kEntries, Shown::kMultiset);
  if (name == "LISTAGG") return made(Form::kSequence, Shown::kText);
  if (name == "JSON_ARRAYAGG") return made(Form::kSequence, Shown::kJsonArray);
  if (name == "JSON_OBJECTAGG") return made(Form::kMembers, Shown::kJsonObject);
  return nullptr;
}

}  // namespace millrace
