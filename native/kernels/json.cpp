// IS JSON, JSON_EXISTS, JSON_VALUE, JSON_QUERY.
#include <charconv>

#include "kernels/items.h"
#include "kernels/json-path.h"
#include "kernels/loops.h"
#include "kernels/parse-text.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

using json::Document;
using json::Kind;

enum class Behavior : uint8_t {
  kNull, kError, kDefault, kEmptyArray, kEmptyObject, kTrue, kFalse, kUnknown,
};

Result<Behavior> behavior_named(std::string_view name) {
  if (name == "null") return Behavior::kNull;
  if (name == "error") return Behavior::kError;
  if (name == "default") return Behavior::kDefault;
  if (name == "empty-array") return Behavior::kEmptyArray;
  if (name == "empty-object") return Behavior::kEmptyObject;
  if (name == "true") return Behavior::kTrue;
  if (name == "false") return Behavior::kFalse;
  if (name == "unknown") return Behavior::kUnknown;
  return Status::error("MR9001", "JSON: unknown behavior " + std::string(name));
}

enum class Wrapper : uint8_t { kWithout, kConditional, kUnconditional };

struct JsonState : KernelState {
  json::Path path;
  Behavior on_empty = Behavior::kNull;
  Behavior on_error = Behavior::kNull;
  Wrapper wrapper = Wrapper::kWithout;
  // Kept for the next row's memory.
  Document document;
  std::vector<uint32_t> found;
  std::string text;
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value* options, const DataType&,
                                             std::span<const DataType>) {
  if (options == nullptr) return Status::error("MR9001", "JSON: no path");
  auto state = std::make_unique<JsonState>();
  MR_TRY_ASSIGN(const plan::Value* path, options->member("path"));
  MR_TRY_ASSIGN(state->path, json::Path::decode(*path));
  MR_TRY_ASSIGN(const std::string_view on_error, options->string_at("on_error"));
  MR_TRY_ASSIGN(state->on_error, behavior_named(on_error));
  if (options->find("on_empty") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view on_empty, options->string_at("on_empty"));
    MR_TRY_ASSIGN(state->on_empty, behavior_named(on_empty));
  }
  if (options->find("wrapper") != nullptr) {
    MR_TRY_ASSIGN(const std::string_view wrapper, options->string_at("wrapper"));
    if (wrapper == "conditional") state->wrapper = Wrapper::kConditional;
    if (wrapper == "unconditional") state->wrapper = Wrapper::kUnconditional;
  }
  return std::unique_ptr<KernelState>(std::move(state));
}

enum class Lookup : uint8_t {
  kFailed,   // no JSON, or the path fails
  kNothing,  // JSON null, or nothing in lax mode
  kFound,
};

// Leaves what was found in state.found.
Lookup look_up(JsonState& state, std::string_view text) {
  if (!state.document.parse(text)) {
    return state.path.is_lax() ? Lookup::kNothing : Lookup::kFailed;
  }
  if (!state.path.run(state.document, state.found)) return Lookup::kFailed;
  if (!state.path.is_definite()) return Lookup::kFound;
  if (state.found.empty()) return Lookup::kNothing;
  const bool is_null = state.document.node(state.found[0]).kind == Kind::kNull;
  return is_null ? Lookup::kNothing : Lookup::kFound;
}

bool is_scalar(const JsonState& state) {
  return state.path.is_definite() &&
         state.document.node(state.found[0]).kind < Kind::kArray;
}

Status failed(const char* function, const char* why, uint32_t row) {
  return Status::error("MR3006", std::string(function) + ": " + why, row);
}

enum class JsonType : uint8_t { kAny, kObject, kArray, kScalar };

template <JsonType kType>
Status is_json(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  Document document;
  uint8_t* to = out.data<uint8_t>();
  for_each_row(selection, [&](uint32_t row) {
    bool holds = !args[0]->is_null(row) && document.parse(text_at(*args[0], row));
    if (holds && kType != JsonType::kAny) {
      const Kind kind = document.node(0).kind;
      const JsonType type = kind == Kind::kObject  ? JsonType::kObject
                            : kind == Kind::kArray ? JsonType::kArray : JsonType::kScalar;
      holds = type == kType;
    }
    to[row] = holds ? 1 : 0;
  });
  return Status::ok();
}

Status json_exists(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  auto& state = static_cast<JsonState&>(*context.state);
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Lookup lookup = look_up(state, text_at(*args[0], row));
    uint8_t value = lookup == Lookup::kFound ? 1 : 0;
    if (lookup == Lookup::kFailed) {
      if (state.on_error == Behavior::kError) return false;
      if (state.on_error == Behavior::kUnknown) out.set_null(row);
      value = state.on_error == Behavior::kTrue ? 1 : 0;
    }
    out.data<uint8_t>()[row] = value;
    return true;
  });
  if (failing < 0) return Status::ok();
  return failed("JSON_EXISTS", "no JSON, or nothing at the path", static_cast<uint32_t>(failing));
}

// Where the value of a JSON_VALUE comes from.
enum class Source : uint8_t { kDocument, kOnEmpty, kOnError };

Source source_of(JsonState& state, std::string_view text) {
  const Lookup lookup = look_up(state, text);
  if (lookup == Lookup::kFailed) return Source::kOnError;
  const bool is_usable = lookup == Lookup::kFound && is_scalar(state);
  if (is_usable) return Source::kDocument;
  return state.path.is_lax() ? Source::kOnEmpty : Source::kOnError;
}

// The scalar found as a value of `out`'s type; false where it is of another type.
bool store_scalar(JsonState& state, uint32_t row, Column& out) {
  const uint32_t found = state.found[0];
  const Kind kind = state.document.node(found).kind;
  const std::string_view text = state.document.text_of(found);
  const char* end = text.data() + text.size();
  switch (out.physical) {
    case Physical::kBool:
      out.data<uint8_t>()[row] = kind == Kind::kTrue ? 1 : 0;
      return kind == Kind::kTrue || kind == Kind::kFalse;
    case Physical::kI32: {
      int32_t& to = out.data<int32_t>()[row];
      if (kind != Kind::kInteger) return false;
      const auto read = std::from_chars(text.data(), end, to);
      return read.ec == std::errc() && read.ptr == end;
    }
    case Physical::kF64:
      if (kind != Kind::kDecimal) return false;
      out.data<double>()[row] = text::parse_double(text).value_or(0);
      return true;
    default: return false;
  }
}

std::string_view scalar_text(const JsonState& state) {
  const uint32_t found = state.found[0];
  switch (state.document.node(found).kind) {
    case Kind::kTrue: return "true";
    case Kind::kFalse: return "false";
    default: return state.document.text_of(found);
  }
}

// Puts the default, or NULL, in a row. Arguments 1 and 2 are the defaults of empty and error.
void put_default(Arguments args, bool is_empty, uint32_t row, Column& out) {
  const Column& from = *args[is_empty ? 1 : 2];
  if (from.is_null(row)) {
    out.set_null(row);
    return;
  }
  switch (physical_width(out.physical)) {
    case 1: out.data<uint8_t>()[row] = from.data<uint8_t>()[from.at(row)]; break;
    case 4: out.data<uint32_t>()[row] = from.data<uint32_t>()[from.at(row)]; break;
    case 8: out.data<uint64_t>()[row] = from.data<uint64_t>()[from.at(row)]; break;
    default: out.data<StringView>()[row] = from.data<StringView>()[from.at(row)]; break;
  }
}

// JSON_VALUE(json, default on empty, default on error): NULL where there is no default.
Status json_value(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  auto& state = static_cast<JsonState&>(*context.state);
  const bool is_text = out.physical == Physical::kString;
  if (is_text) {
    share_memory(*args[1], out);
    share_memory(*args[2], out);
  }
  const char* why = "";
  bool has_room = true;
  int64_t failing = -1;
  const auto store = [&](uint32_t row, TextOutput* output) {
    if (args[0]->is_null(row)) {
      out.set_null(row);
      return true;
    }
    const Source source = source_of(state, text_at(*args[0], row));
    if (source == Source::kDocument) {
      why = "the value is of another type";
      if (output == nullptr) return store_scalar(state, row, out);
      return has_room = output->copy(row, scalar_text(state));
    }
    const bool is_empty = source == Source::kOnEmpty;
    why = is_empty ? "no value at the path" : "no JSON, or no single value at the path";
    if ((is_empty ? state.on_empty : state.on_error) == Behavior::kError) return false;
    put_default(args, is_empty, row, out);
    return true;
  };
  if (is_text) {
    TextOutput output(context, out);
    failing = first_failing_row(selection, [&](uint32_t row) { return store(row, &output); });
  } else {
    failing = first_failing_row(selection, [&](uint32_t row) { return store(row, nullptr); });
  }
  if (failing < 0) return Status::ok();
  if (!has_room) return Status::error("MR3005", "string heap of JSON values", selection[0]);
  return failed("JSON_VALUE", why, static_cast<uint32_t>(failing));
}

// What JSON_QUERY found: the values, and whether they are the items of an array.
struct Queried {
  Source source;
  bool wraps = false;     // put into an array
  bool is_array = false;  // of all found, or the one found itself
};

Queried query(JsonState& state, std::string_view text) {
  const Lookup lookup = look_up(state, text);
  if (lookup == Lookup::kFailed) return {Source::kOnError};
  const bool is_lax = state.path.is_lax();
  if (lookup == Lookup::kNothing) return {is_lax ? Source::kOnEmpty : Source::kOnError};
  const bool is_list = !state.path.is_definite();
  const bool is_array = is_list || state.document.node(state.found[0]).kind == Kind::kArray;
  const bool wraps = state.wrapper == Wrapper::kUnconditional ||
                     (state.wrapper == Wrapper::kConditional && !is_array);
  if (!wraps && is_scalar(state)) return {is_lax ? Source::kOnEmpty : Source::kOnError};
  return {Source::kDocument, wraps, wraps || is_array};
}

void write_found(JsonState& state) {
  if (state.path.is_definite()) {
    state.document.write(state.found[0], state.text);
    return;
  }
  state.text.push_back('[');
  for (size_t i = 0; i < state.found.size(); ++i) {
    if (i > 0) state.text.push_back(',');
    state.document.write(state.found[i], state.text);
  }
  state.text.push_back(']');
}

constexpr const char* kNothingFound = "no JSON, or no array or object at the path";

Status json_query(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  auto& state = static_cast<JsonState&>(*context.state);
  TextOutput output(context, out);
  bool has_room = true;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Queried queried = query(state, text_at(*args[0], row));
    if (queried.source == Source::kDocument) {
      state.text.clear();
      if (queried.wraps) state.text.push_back('[');
      write_found(state);
      if (queried.wraps) state.text.push_back(']');
      return has_room = output.copy(row, state.text);
    }
    switch (queried.source == Source::kOnEmpty ? state.on_empty : state.on_error) {
      case Behavior::kError: return false;
      case Behavior::kEmptyArray: output.reference(row, "[]"); return true;
      case Behavior::kEmptyObject: output.reference(row, "{}"); return true;
      default: out.set_null(row); return true;
    }
  });
  if (failing < 0) return Status::ok();
  if (!has_room) return Status::error("MR3005", "string heap of JSON values", selection[0]);
  return failed("JSON_QUERY", kNothingFound, static_cast<uint32_t>(failing));
}

// The elements of a JSON array as texts, strings without quotes.
class TextItems {
 public:
  explicit TextItems(JsonState& state) : state_(state) {}

  void add(uint32_t node) {
    const Kind kind = state_.document.node(node).kind;
    is_null_.push_back(kind == Kind::kNull ? 1 : 0);
    state_.text.clear();
    if (kind == Kind::kString) {
      state_.text.append(state_.document.text_of(node));
    } else if (kind != Kind::kNull) {
      state_.document.write(node, state_.text);
    }
    add_text();
  }
  void add_found_as_one() {
    is_null_.push_back(0);
    state_.text.clear();
    write_found(state_);
    add_text();
  }
  [[nodiscard]] uint32_t count() const { return static_cast<uint32_t>(is_null_.size()); }
  [[nodiscard]] ColumnPtr finish(const DataType& type) const {
    ColumnPtr column = make_column(type, count());
    for (uint32_t i = 0; i < count(); ++i) {
      column->data<StringView>()[i] = views_[i];
      if (is_null_[i] != 0) column->set_null(i);
    }
    column->owners.push_back(arena_);
    return column;
  }

 private:
  void add_text() { views_.push_back(arena_->copy(state_.text.data(), state_.text.size())); }

  JsonState& state_;
  std::shared_ptr<Arena> arena_ = std::make_shared<Arena>();
  std::vector<StringView> views_;
  std::vector<uint8_t> is_null_;
};

void add_items(JsonState& state, bool wraps, TextItems& items) {
  if (!state.path.is_definite()) {
    if (wraps) return items.add_found_as_one();
    for (const uint32_t node : state.found) items.add(node);
    return;
  }
  const uint32_t whole = state.found[0];
  if (wraps) return items.add(whole);
  for (uint32_t i = state.document.node(whole).first; i != json::kNone;
       i = state.document.node(i).next) {
    items.add(i);
  }
}

// JSON_QUERY(... RETURNING ARRAY<STRING>).
Status json_query_array(KernelContext& context, Arguments args, const Selection& selection,
                        Column& out) {
  auto& state = static_cast<JsonState&>(*context.state);
  TextItems items(state);
  Range* ranges = out.data<Range>();
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    const Queried queried = query(state, text_at(*args[0], row));
    const uint32_t start = items.count();
    const bool is_found = queried.source == Source::kDocument && queried.is_array;
    if (is_found) add_items(state, queried.wraps, items);
    ranges[row] = {start, items.count() - start};
    if (is_found) return true;
    const Behavior behavior =
        queried.source == Source::kOnEmpty ? state.on_empty : state.on_error;
    if (behavior == Behavior::kNull) out.set_null(row);
    return behavior != Behavior::kError;
  });
  if (failing >= 0) return failed("JSON_QUERY", kNothingFound, static_cast<uint32_t>(failing));
  out.children = {items.finish(out.type.fields[0].type)};
  return Status::ok();
}

constexpr Kernel kKernels[] = {
    {"is_json_value", is_json<JsonType::kAny>, nullptr, false},
    {"is_json_object", is_json<JsonType::kObject>, nullptr, false},
    {"is_json_array", is_json<JsonType::kArray>, nullptr, false},
    {"is_json_scalar", is_json<JsonType::kScalar>, nullptr, false},
    {"json_exists", json_exists, prepare, true},
    {"json_value", json_value, prepare, false},
    {"json_query", json_query, prepare, true},
    {"json_query_array", json_query_array, prepare, true},
};

}  // namespace

std::span<const Kernel> json_kernels() { return kKernels; }

}  // namespace millrace
