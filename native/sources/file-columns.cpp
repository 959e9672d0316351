#include "sources/file-columns.h"

#include <cerrno>
#include <limits>
#include <sys/stat.h>

#include "base/system-text.h"
#include "columnar/arena.h"
#include "formats/text-parse.h"

namespace millrace {
namespace {

void set_text(Column& to, std::string_view text) {
  auto arena = std::make_shared<Arena>();
  to.data<StringView>()[0] = arena->copy(text.data(), text.size());
  to.owners.push_back(std::move(arena));
}

template <typename T>
bool set_integer(Column& to, std::string_view text) {
  int64_t value = 0;
  if (!parse_integer(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), value)) {
    return false;
  }
  to.data<T>()[0] = static_cast<T>(value);
  return true;
}

bool set_value(Column& to, std::string_view text) {
  switch (to.type.root) {
    case TypeRoot::kTinyint: return set_integer<int8_t>(to, text);
    case TypeRoot::kSmallint: return set_integer<int16_t>(to, text);
    case TypeRoot::kInteger: return set_integer<int32_t>(to, text);
    case TypeRoot::kBigint: return set_integer<int64_t>(to, text);
    case TypeRoot::kDate: return parse_date(text, *to.data<int32_t>());
    case TypeRoot::kBoolean:
      to.data<uint8_t>()[0] = text == "true";
      return text == "true" || text == "false";
    default: set_text(to, text); return true;
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

bool names_folder(const DataType& type) {
  switch (type.root) {
    case TypeRoot::kChar:
    case TypeRoot::kVarchar:
    case TypeRoot::kBoolean:
    case TypeRoot::kTinyint:
    case TypeRoot::kSmallint:
    case TypeRoot::kInteger:
    case TypeRoot::kBigint:
    case TypeRoot::kDate: return true;
    default: return false;
  }
}

std::string unescaped_folder(std::string_view name) {
  std::string plain;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool is_escape = name[i] == '%' && i + 2 < name.size() && hex_digit(name[i + 1]) >= 0 &&
                           hex_digit(name[i + 2]) >= 0;
    if (!is_escape) {
      plain += name[i];
      continue;
    }
    plain += static_cast<char>(hex_digit(name[i + 1]) * 16 + hex_digit(name[i + 2]));
    i += 2;
  }
  return plain;
}

Result<FileColumns> FileColumns::make(const SourceSpec& spec) {
  FileColumns made;
  made.columns_ = spec.columns;
  made.null_part_ = spec.options.text("partition.default-name", "__DEFAULT_PARTITION__");
  for (const SourceColumn& column : spec.columns) {
    made.has_any_ = made.has_any_ || !column.from.empty();
    if (column.from == "partition" && !names_folder(column.type)) {
      return Status::error("MR2100", "reading partition column " + column.path[0]);
    }
  }
  return made;
}

std::vector<SourceColumn> FileColumns::decoded() const {
  std::vector<SourceColumn> columns;
  for (const SourceColumn& column : columns_) {
    if (column.from.empty()) columns.push_back(column);
  }
  return columns;
}

// NULL is never asked for.
static bool admits(const ColumnBounds& bounds, const Column& constant) {
  if (!bounds.has_any()) return true;
  if (constant.is_null(0)) return false;
  switch (constant.type.root) {
    case TypeRoot::kTinyint: return bounds.admits(int64_t{constant.data<int8_t>()[0]});
    case TypeRoot::kSmallint: return bounds.admits(int64_t{constant.data<int16_t>()[0]});
    case TypeRoot::kInteger:
    case TypeRoot::kDate: return bounds.admits(int64_t{constant.data<int32_t>()[0]});
    case TypeRoot::kBigint: return bounds.admits(constant.data<int64_t>()[0]);
    case TypeRoot::kVarchar: return bounds.admits(constant.data<StringView>()[0].view());
    default: return true;
  }
}

Result<bool> FileColumns::open(const std::string& path) {
  constants_.clear();
  bool is_asked = true;
  for (const SourceColumn& column : columns_) {
    ColumnPtr constant;
    if (!column.from.empty()) {
      MR_TRY_ASSIGN(constant, constant_of(column, path));
      is_asked = is_asked && admits(column.bounds, *constant);
    }
    constants_.push_back(std::move(constant));
  }
  return is_asked;
}

void FileColumns::complete(Batch& batch) const {
  if (!has_any_) return;
  std::vector<ColumnPtr> columns;
  size_t next = 0;
  for (const ColumnPtr& constant : constants_) {
    columns.push_back(constant == nullptr ? batch.columns[next++] : constant);
  }
  batch.columns = std::move(columns);
}

Result<ColumnPtr> FileColumns::constant_of(const SourceColumn& column,
                                           const std::string& path) const {
  ColumnPtr constant = make_column(column.type, 1);
  constant->constant = true;
  if (column.from == "file.path") {
    set_text(*constant, path);
  } else if (column.from == "file.name") {
    set_text(*constant, std::string_view(path).substr(path.rfind('/') + 1));
  } else if (column.from == "partition") {
    MR_TRY(set_partition_value(column, path, *constant));
  } else {
    struct stat facts = {};
    if (::stat(path.c_str(), &facts) != 0) {
      return Status::error("MR4002", path + ": " + system_text(errno));
    }
    const int64_t ms = facts.st_mtim.tv_sec * 1000 + facts.st_mtim.tv_nsec / 1'000'000;
    constant->data<int64_t>()[0] = column.from == "file.size"
                                       ? facts.st_size
                                       : ms * (column.type.ticks_per_second() / 1000);
  }
  return constant;
}

Status FileColumns::set_partition_value(const SourceColumn& column, const std::string& path,
                                        Column& to) const {
  const std::string& name = column.path[0];
  const std::string prefix = name + "=";
  std::string text;
  bool is_found = false;
  for (size_t at = 0, slash = path.find('/'); slash != std::string::npos;
       at = slash + 1, slash = path.find('/', at)) {
    const std::string step = unescaped_folder(std::string_view(path).substr(at, slash - at));
    if (!step.starts_with(prefix)) continue;
    text = step.substr(prefix.size());
    is_found = true;
  }
  if (!is_found) return Status::error("MR4002", path + ": it lies in no folder " + prefix);
  if (text == null_part_) {
    std::memset(to.values->data(), 0, to.values->size());
    to.set_null(0);
    return Status::ok();
  }
  if (set_value(to, text)) return Status::ok();
  return Status::error("MR4002", path + ": no value of " + name + ": " + text);
}

}  // namespace millrace
