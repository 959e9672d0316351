#include "operators/match-state.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace millrace {
namespace {

const DataType kBigint{TypeRoot::kBigint, false, 0, 0, 0, {}};
const DataType kInt{TypeRoot::kInteger, false, 0, 0, 0, {}};
const DataType kBoolean{TypeRoot::kBoolean, false, 0, 0, 0, {}};

Schema row_fields() {
  return {{"position", kBigint}, {"waits", kBoolean}, {"time", kBigint}, {"sequence", kBigint}};
}
Schema step_fields() {
  return {{"step", kBigint}, {"parent", kBigint}, {"row", kBigint}, {"variable", kInt}};
}
Schema match_fields() {
  return {{"completed", kBoolean}, {"place", kBigint}, {"state", kInt}, {"step", kBigint},
          {"start_time", kBigint}, {"start_sequence", kBigint}};
}

void append(Schema& to, const Schema& from) { to.insert(to.end(), from.begin(), from.end()); }

Status damaged(const char* what) {
  return Status::error("MR5002", std::string("match: ") + what);
}

int64_t number_at(const Column& column, uint32_t row) {
  const uint32_t at = column.at(row);
  switch (column.physical) {
    case Physical::kBool:
      return column.data<uint8_t>()[at];
    case Physical::kI32:
      return column.data<int32_t>()[at];
    default:
      return column.data<int64_t>()[at];
  }
}

void set_number(Column& column, uint32_t row, int64_t number) {
  switch (column.physical) {
    case Physical::kBool:
      column.data<uint8_t>()[row] = number != 0 ? 1 : 0;
      break;
    case Physical::kI32:
      column.data<int32_t>()[row] = static_cast<int32_t>(number);
      break;
    default:
      column.data<int64_t>()[row] = number;
  }
}

uint64_t key_of(uint32_t group, int64_t number) {
  return uint64_t{group} << 32 | static_cast<uint32_t>(number);
}

}  // namespace

MatchTables::MatchTables(std::vector<uint32_t> partition, Schema input)
    : partition_(std::move(partition)), input_(std::move(input)), order_(partition_) {
  for (uint32_t column = 0; column < input_.size(); ++column) {
    const bool is_key =
        std::find(partition_.begin(), partition_.end(), column) != partition_.end();
    if (!is_key) order_.push_back(column);
  }
}

std::vector<StateTable> MatchTables::tables() const {
  const auto key_count = static_cast<uint32_t>(partition_.size());
  StateTable rows{"rows", {}, key_count};
  StateTable steps{"steps", {}, key_count};
  for (const uint32_t column : order_) rows.fields.push_back(input_[column]);
  for (const uint32_t column : partition_) steps.fields.push_back(input_[column]);
  StateTable matches{"matches", steps.fields, key_count};
  append(rows.fields, row_fields());
  append(steps.fields, step_fields());
  append(matches.fields, match_fields());
  return {rows, steps, matches};
}

// Numbers rows and steps of each key as they are met.
class MatchTables::Numbering {
 public:
  Numbering(const MatchPaths& paths, const std::vector<int64_t>& times, Content& content)
      : paths_(paths), times_(times), content_(content) {}

  int64_t row(uint32_t group, uint32_t row, bool waits) {
    const auto [place, is_new] = rows_.try_emplace(row, next_row_[group]);
    if (!is_new) return place->second;
    ++next_row_[group];
    content_.rows.push_back(
        {group, row, {place->second, waits ? 1 : 0, times_[row], paths_.sequence(row)}});
    return place->second;
  }

  int64_t step(uint32_t group, uint32_t last) {
    std::vector<uint32_t> unknown;
    uint32_t at = last;
    while (at != kNoStep && !steps_.contains(at)) {
      unknown.push_back(at);
      at = paths_.parent(at);
    }
    int64_t parent = at == kNoStep ? -1 : steps_[at];
    for (size_t i = unknown.size(); i-- > 0;) {
      const uint32_t step = unknown[i];
      const int64_t number = next_step_[group]++;
      steps_[step] = number;
      const int64_t position = row(group, paths_.row(step), false);
      content_.steps.push_back({group, 0, {number, parent, position, paths_.variable(step)}});
      parent = number;
    }
    return parent;
  }

 private:
  const MatchPaths& paths_;
  const std::vector<int64_t>& times_;
  Content& content_;
  std::unordered_map<uint32_t, int64_t> rows_;
  std::unordered_map<uint32_t, int64_t> steps_;
  std::unordered_map<uint32_t, int64_t> next_row_;
  std::unordered_map<uint32_t, int64_t> next_step_;
};

MatchTables::Content MatchTables::collect(const MatchPaths& paths,
                                          const std::vector<KeyMatches>& keys,
                                          const std::vector<WaitingRow>& waiting,
                                          const std::vector<int64_t>& times) {
  Content content;
  Numbering numbering(paths, times, content);
  for (uint32_t group = 0; group < keys.size(); ++group) {
    const KeyMatches& key = keys[group];
    if (!key.is_open() || key.is_idle()) continue;
    for (const int64_t completed : {0, 1}) {
      const MatchHeap& heap = completed == 0 ? key.partials : key.completed;
      int64_t place = 0;
      for (const PartialMatch& one : heap.items()) {
        const int64_t step = numbering.step(group, one.step);
        const int64_t sequence = one.has_begun() ? one.start_sequence : -1;
        content.matches.push_back(
            {group, 0, {completed, place++, one.state, step, one.start_time, sequence}});
      }
    }
  }
  for (const WaitingRow& one : waiting) numbering.row(one.group, one.row, true);
  return content;
}

Batch MatchTables::save(const StateTable& table, const KeyedGroups& groups,
                        const RowStore& store, const MatchPaths& paths,
                        const std::vector<KeyMatches>& keys,
                        const std::vector<WaitingRow>& waiting,
                        const std::vector<int64_t>& times) const {
  Content content = collect(paths, keys, waiting, times);
  const std::vector<Line>& lines = content.of(table.name);
  Batch batch;
  batch.row_count = static_cast<uint32_t>(lines.size());
  std::vector<uint32_t> ids;
  const bool is_rows = table.name == "rows";
  for (const Line& line : lines) ids.push_back(is_rows ? line.row : line.group);
  if (is_rows) {
    for (const uint32_t column : order_) batch.columns.push_back(store.gather(column, ids));
  } else {
    for (uint32_t i = 0; i < partition_.size(); ++i) {
      ColumnPtr column = make_column(input_[partition_[i]].type, batch.row_count);
      groups.decode(i, ids, *column);
      batch.columns.push_back(std::move(column));
    }
  }
  const size_t keys_end = batch.columns.size();
  for (size_t field = keys_end; field < table.fields.size(); ++field) {
    ColumnPtr column = make_column(table.fields[field].type, batch.row_count);
    for (uint32_t i = 0; i < lines.size(); ++i) {
      set_number(*column, i, lines[i].numbers[field - keys_end]);
    }
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

Status MatchTables::restore(const StateTable& table, const Batch& content, KeyedGroups& groups,
                            RowStore& store, MatchPaths& paths) {
  if (content.columns.size() != table.fields.size()) return damaged("table has other columns");
  const bool is_rows = table.name == "rows";
  std::vector<ColumnPtr> columns(input_.size());
  std::vector<const Column*> keys;
  for (size_t i = 0; is_rows && i < order_.size(); ++i) columns[order_[i]] = content.columns[i];
  for (size_t i = 0; i < partition_.size(); ++i) keys.push_back(content.columns[i].get());
  std::vector<uint32_t> found;
  groups.restore(keys, content.row_count, found);
  const size_t first = is_rows ? order_.size() : partition_.size();
  std::vector<Line>& lines = restored_.of(table.name);
  for (uint32_t row = 0; row < content.row_count; ++row) {
    Line line;
    line.group = found[row];
    if (is_rows) {
      line.row = store.add(columns, row);
      paths.open_row(line.row);
    }
    for (size_t i = first; i < content.columns.size(); ++i) {
      line.numbers[i - first] = number_at(*content.columns[i], row);
    }
    lines.push_back(line);
  }
  return Status::ok();
}

Status MatchTables::settle(uint32_t group_count, const MatchRunner& runner, MatchPaths& paths,
                           std::vector<KeyMatches>& keys, std::vector<WaitingRow>& waiting,
                           std::vector<int64_t>& times) {
  keys.resize(group_count);
  for (const Line& line : restored_.rows) {
    paths.set_sequence(line.row, line.numbers[3]);
    if (line.row >= times.size()) times.resize(line.row + 1);
    times[line.row] = line.numbers[2];
  }
  MR_TRY(settle_steps(paths));
  MR_TRY(settle_matches(paths, keys));
  std::stable_sort(restored_.rows.begin(), restored_.rows.end(), [](const Line& a, const Line& b) {
    return a.numbers[0] < b.numbers[0];
  });
  for (const Line& line : restored_.rows) {
    KeyMatches& key = keys[line.group];
    if (!key.is_open()) runner.open(key);
    key.next_sequence = std::max(key.next_sequence, line.numbers[3] + 1);
    if (line.numbers[1] != 0) waiting.push_back({line.row, line.group, line.numbers[2]});
    else paths.release_row(line.row);
  }
  restored_ = {};
  step_ids_ = {};
  return Status::ok();
}

Status MatchTables::settle_steps(MatchPaths& paths) {
  std::unordered_map<uint64_t, uint32_t> rows;
  for (const Line& line : restored_.rows) rows[key_of(line.group, line.numbers[0])] = line.row;
  std::unordered_map<uint64_t, uint32_t> steps;
  std::stable_sort(
      restored_.steps.begin(), restored_.steps.end(),
      [](const Line& a, const Line& b) { return a.numbers[0] < b.numbers[0]; });
  for (Line& line : restored_.steps) {
    const auto row = rows.find(key_of(line.group, line.numbers[2]));
    const auto parent = steps.find(key_of(line.group, line.numbers[1]));
    const bool has_parent = line.numbers[1] >= 0;
    if (row == rows.end() || (has_parent && parent == steps.end())) {
      return damaged("a step without its row or its parent");
    }
    line.row = paths.add(has_parent ? parent->second : kNoStep, row->second,
                         static_cast<int32_t>(line.numbers[3]));
    steps[key_of(line.group, line.numbers[0])] = line.row;
  }
  step_ids_ = restored_.steps;
  return Status::ok();
}

Status MatchTables::settle_matches(MatchPaths& paths, std::vector<KeyMatches>& keys) {
  std::unordered_map<uint64_t, uint32_t> steps;
  for (const Line& line : step_ids_) steps[key_of(line.group, line.numbers[0])] = line.row;
  std::stable_sort(
      restored_.matches.begin(), restored_.matches.end(),
      [](const Line& a, const Line& b) { return a.numbers[1] < b.numbers[1]; });
  for (const Line& line : restored_.matches) {
    PartialMatch match;
    match.state = static_cast<uint32_t>(line.numbers[2]);
    match.start_time = line.numbers[4];
    if (line.numbers[3] >= 0) {
      const auto step = steps.find(key_of(line.group, line.numbers[3]));
      if (step == steps.end()) return damaged("a match without its step");
      match.step = step->second;
      match.start_sequence = line.numbers[5];
      paths.hold(match.step);
    }
    KeyMatches& key = keys[line.group];
    (line.numbers[0] == 0 ? key.partials : key.completed).add(match);
  }
  return Status::ok();
}

}  // namespace millrace
