#include "formats/json-changes.h"

#include <algorithm>

#include "formats/json-encoder.h"

namespace millrace::json {
namespace {

// Columns of a batch of records.
constexpr size_t kOld = 0;
constexpr size_t kData = 1;
constexpr size_t kVerb = 2;
constexpr size_t kOldText = 3;

constexpr std::string_view kPatternCharacters = "\\^$.|?*+()[]{}";

std::string_view text_at(const Column& column, uint32_t row) {
  return column.data<StringView>()[column.at(row)].view();
}

std::string quoted(std::string_view member, std::string_view behind) {
  std::string text = "\"";
  return text.append(member).append("\"").append(behind);
}

std::string missing_old(std::string_view member, ChangeVerb verb) {
  return quoted(member, verb == ChangeVerb::kUpdate
                            ? " of an update is null (Postgres needs REPLICA IDENTITY FULL)"
                            : " of a delete is null (Postgres needs REPLICA IDENTITY FULL)");
}

// Whether compact JSON text has a member of that name, at any depth.
bool names_member(std::string_view text, const std::string& name) {
  TextBuffer wanted;
  append_json_string(wanted, name);
  wanted.append(':');
  for (size_t at = text.find(wanted.view()); at != std::string_view::npos;
       at = text.find(wanted.view(), at + 1)) {
    if (at > 0 && (text[at - 1] == '{' || text[at - 1] == ',')) return true;
  }
  return false;
}

ColumnPtr descended(ColumnPtr column, const std::vector<std::string>& path) {
  for (size_t step = 1; step < path.size(); ++step) {
    const Schema& fields = column->type.fields;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
      return field.name == path[step];
    });
    column = column->children[static_cast<size_t>(found - fields.begin())];
  }
  return column;
}

bool has_path(const Schema& fields, const std::vector<std::string>& path) {
  const Schema* at = &fields;
  for (const std::string& name : path) {
    const auto found = std::find_if(at->begin(), at->end(),
                                    [&](const Field& field) { return field.name == name; });
    if (found == at->end()) return false;
    at = &found->type.fields;
  }
  return !path.empty();
}

SourceColumn text_column(const std::vector<std::string>& prefix, std::string_view name) {
  SourceColumn column;
  column.path = prefix;
  column.path.emplace_back(name);
  column.type.root = TypeRoot::kVarchar;
  column.type.length = 2'147'483'647;
  return column;
}

}  // namespace

Result<std::unique_ptr<ChangeRecords>> ChangeRecords::make(const SourceSpec& spec) {
  std::unique_ptr<ChangeRecords> changes(new ChangeRecords());
  changes->envelope_ = envelope_of(spec.format);
  if (changes->envelope_ == nullptr) return Status::error("MR2014", "format " + spec.format);
  changes->columns_ = spec.columns;
  for (const SourceColumn& column : spec.columns) {
    if (!has_path(spec.table_schema, column.path)) {
      return Status::error("MR9001", "a column is not in the table's schema");
    }
  }
  for (const Field& field : spec.table_schema) {
    const bool is_read = std::any_of(
        spec.columns.begin(), spec.columns.end(),
        [&](const SourceColumn& column) { return column.path[0] == field.name; });
    if (is_read) changes->fields_.push_back(field);
  }
  MR_TRY(changes->add_filters(spec));
  MR_TRY_ASSIGN(const bool has_schema, spec.format_options.flag("schema-include", false));
  changes->record_spec_ = spec;
  changes->add_record_columns(has_schema ? std::vector<std::string>{"payload"}
                                         : std::vector<std::string>{});
  return changes;
}

Status ChangeRecords::add_filters(const SourceSpec& spec) {
  for (const std::string_view member : {"database", "table"}) {
    const std::string option = std::string(member) + ".include";
    const std::string* wanted = spec.format_options.find(option);
    if (wanted == nullptr) continue;
    if (wanted->find_first_of(kPatternCharacters) != std::string::npos) {
      return Status::error("MR2100", "a pattern in " + option);
    }
    filters_.push_back({std::string(member), *wanted});
  }
  return Status::ok();
}

void ChangeRecords::add_record_columns(const std::vector<std::string>& prefix) {
  DataType rows;
  rows.root = TypeRoot::kRow;
  rows.fields = fields_;
  if (envelope_->is_list) {
    DataType list;
    list.root = TypeRoot::kArray;
    list.fields.push_back({"element", rows});
    rows = std::move(list);
  }
  std::vector<SourceColumn>& columns = record_spec_.columns;
  columns.clear();
  for (const std::string_view member : {envelope_->old, envelope_->data}) {
    columns.push_back(text_column(prefix, member));
    columns.back().type = rows;
  }
  columns.push_back(text_column(prefix, envelope_->verb));
  if (envelope_->is_partial) columns.push_back(text_column(prefix, envelope_->old));
  for (const Filter& filter : filters_) columns.push_back(text_column(prefix, filter.member));
}

Batch ChangeRecords::unfold(const Batch& records, bool stops_at_fault,
                            std::vector<Fault>& faults) {
  kinds_.clear();
  from_.clear();
  unchanged_.clear();
  records_.clear();
  for (uint32_t record = 0; record < records.row_count; ++record) {
    std::string reason = unfold_one(records, record);
    if (reason.empty()) continue;
    faults.push_back({record, std::move(reason)});
    if (stops_at_fault) break;
  }
  Batch batch;
  batch.row_count = static_cast<uint32_t>(kinds_.size());
  for (const SourceColumn& column : columns_) batch.columns.push_back(gathered(records, column));
  const bool is_insert = std::all_of(kinds_.begin(), kinds_.end(),
                                     [](RowKind kind) { return kind == RowKind::kInsert; });
  if (is_insert) return batch;
  batch.row_kinds = std::make_shared<Buffer>(kinds_.size());
  std::memcpy(batch.row_kinds->data(), kinds_.data(), kinds_.size());
  return batch;
}

// What is wrong with a record; empty: nothing, or it does not count.
std::string ChangeRecords::unfold_one(const Batch& records, uint32_t record) {
  const size_t first_filter = records.columns.size() - filters_.size();
  for (size_t i = 0; i < filters_.size(); ++i) {
    const Column& column = *records.columns[first_filter + i];
    if (column.is_null(record)) return quoted(filters_[i].member, " is missing");
    if (text_at(column, record) != filters_[i].wanted) return {};
  }
  const Column& verbs = *records.columns[kVerb];
  if (verbs.is_null(record)) return quoted(envelope_->verb, " is missing");
  const std::string_view text = text_at(verbs, record);
  const auto* const known = std::find_if(
      std::begin(envelope_->verbs), std::end(envelope_->verbs),
      [&](const VerbName& name) { return !name.text.empty() && name.text == text; });
  if (known == std::end(envelope_->verbs)) {
    std::string reason = "unknown ";
    return reason.append(quoted(envelope_->verb, ": ")).append(text);
  }
  if (known->verb == ChangeVerb::kSkip) return {};
  return envelope_->is_list ? unfold_list(records, record, known->verb)
                            : unfold_row(records, record, known->verb);
}

std::string ChangeRecords::unfold_row(const Batch& records, uint32_t record, ChangeVerb verb) {
  const bool is_delete = verb == ChangeVerb::kDelete;
  const bool needs_old = verb == ChangeVerb::kUpdate || (is_delete && envelope_->deletes_old);
  const bool needs_data = !is_delete || !envelope_->deletes_old;
  if (needs_old && records.columns[kOld]->is_null(record)) {
    return missing_old(envelope_->old, verb);
  }
  if (needs_data && records.columns[kData]->is_null(record)) {
    return quoted(envelope_->data, is_delete ? " of a delete is null" : " is null");
  }
  put(verb, record, needs_old ? record : kNoRow, records.row_count + record);
  return {};
}

std::string ChangeRecords::unfold_list(const Batch& records, uint32_t record, ChangeVerb verb) {
  const Column& old = *records.columns[kOld];
  const Column& data = *records.columns[kData];
  if (data.is_null(record)) return quoted(envelope_->data, " is null");
  const Column& olds = *old.children[0];
  const Range items = data.data<Range>()[record];
  const Range pairs = old.is_null(record) ? Range{} : old.data<Range>()[record];
  for (uint32_t i = 0; i < items.length; ++i) {
    const uint32_t data_at = items.start + i;
    const uint32_t old_at = i < pairs.length ? pairs.start + i : kNoRow;
    if (data.children[0]->is_null(data_at)) {
      return quoted(envelope_->data, " has a row that is null");
    }
    const bool is_old_missing = old_at == kNoRow || olds.is_null(old_at);
    if (verb == ChangeVerb::kUpdate && is_old_missing) return missing_old(envelope_->old, verb);
    put(verb, record, old_at, olds.length + data_at);
  }
  return {};
}

// `data` counts from the first of the old rows on.
void ChangeRecords::put(ChangeVerb verb, uint32_t record, uint32_t old, uint32_t data) {
  if (verb == ChangeVerb::kUpdate) {
    change(RowKind::kUpdateBefore, record, old, envelope_->is_partial ? data : kNoRow);
    change(RowKind::kUpdateAfter, record, data, kNoRow);
  } else if (verb == ChangeVerb::kInsert) {
    change(RowKind::kInsert, record, data, kNoRow);
  } else {
    change(RowKind::kDelete, record, envelope_->deletes_old ? old : data, kNoRow);
  }
}

void ChangeRecords::change(RowKind kind, uint32_t record, uint32_t from, uint32_t unchanged) {
  kinds_.push_back(kind);
  from_.push_back(from);
  unchanged_.push_back(unchanged);
  records_.push_back(record);
}

ColumnPtr ChangeRecords::gathered(const Batch& records, const SourceColumn& column) const {
  const auto items = [&](size_t member) -> const Column& {
    const Column& rows = *records.columns[member];
    return envelope_->is_list ? *rows.children[0] : rows;
  };
  const auto field = static_cast<size_t>(
      std::find_if(fields_.begin(), fields_.end(),
                   [&](const Field& one) { return one.name == column.path[0]; }) -
      fields_.begin());
  const Column& old = items(kOld);
  const Column& data = items(kData);
  const ColumnPiece pieces[] = {{old.children[field].get(), {nullptr, old.length}},
                                {data.children[field].get(), {nullptr, data.length}}};
  const ColumnPtr both = gather(std::span(pieces));
  std::vector<uint32_t> rows = from_;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (unchanged_[i] == kNoRow || !both->is_null(rows[i])) continue;
    const std::string_view text = text_at(*records.columns[kOldText], records_[i]);
    if (!names_member(text, column.path[0])) rows[i] = unchanged_[i];
  }
  return descended(take(*both, {rows.data(), static_cast<uint32_t>(rows.size())}), column.path);
}

}  // namespace millrace::json
