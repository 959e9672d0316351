// JSON_STRING, JSON_OBJECT, JSON_ARRAY, JSON_QUOTE, JSON_UNQUOTE.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/calendar.h"
#include "kernels/items.h"
#include "kernels/json-document.h"
#include "kernels/number-text.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {

namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void write_base64(std::string_view bytes, std::string& out) {
  out.push_back('"');
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    }
    for (size_t k = 0; k < 4; ++k) {
      out.push_back(k <= count ? kBase64[group >> (18 - 6 * k) & 63] : '=');
    }
  }
  out.push_back('"');
}

// The JSON of single values of columns; members of maps and rows are sorted by name.
class ValueWriter {
 public:
  void write(const Column& column, uint32_t row, std::string& out) {
    if (column.is_null(row)) {
      out.append("null");
      return;
    }
    const uint32_t at = column.at(row);
    switch (column.physical) {
      case Physical::kBool: out.append(column.data<uint8_t>()[at] != 0 ? "true" : "false"); break;
      case Physical::kI8: out.append(std::to_string(column.data<int8_t>()[at])); break;
      case Physical::kI16: out.append(std::to_string(column.data<int16_t>()[at])); break;
      case Physical::kI32: out.append(std::to_string(column.data<int32_t>()[at])); break;
      case Physical::kI64: write_long(column, at, out); break;
      case Physical::kI128: {
        char text[text::kMaxNumberText];
        json::append_decimal(
            {text, text::write_decimal(text, column.data<int128>()[at], column.type.scale)}, out);
        break;
      }
      case Physical::kF32: write_real(static_cast<double>(column.data<float>()[at]), out); break;
      case Physical::kF64: write_real(column.data<double>()[at], out); break;
      case Physical::kString: json::write_string(text_at(column, row), out); break;
      case Physical::kBytes: write_base64(text_at(column, row), out); break;
      case Physical::kRow: write_row(column, at, out); break;
      case Physical::kArray: write_array(column, row, out); break;
      case Physical::kMap: write_map(column, row, out); break;
      case Physical::kNull: out.append("null"); break;
    }
  }

 private:
  static void write_real(double value, std::string& out) {
    char text[text::kMaxNumberText];
    const std::string_view number(text, text::write_double(text, value));
    if (std::isfinite(value)) {
      json::append_decimal(number, out);
    } else {
      out.append("\"").append(number).append("\"");
    }
  }

  // A year of more than four digits, of which a text has the last four; how many bytes of that
  // text it stands for.
  static size_t append_long_year(int64_t ticks, const DataType& type, std::string& out) {
    const int64_t seconds = calendar::floor_div(ticks, type.ticks_per_second());
    const int64_t year = calendar::date_of(calendar::floor_div(seconds, 86'400)).year;
    if (year >= -9999 && year <= 9999) return 0;
    if (year > 0) out.push_back('+');
    out.append(std::to_string(year));
    return year > 0 ? 4 : 5;
  }

  // 2020-01-01T01:02:03.4, and Z behind a TIMESTAMP_LTZ.
  static void write_long(const Column& column, uint32_t at, std::string& out) {
    const int64_t value = column.data<int64_t>()[at];
    const TypeRoot root = column.type.root;
    if (root != TypeRoot::kTimestamp && root != TypeRoot::kTimestampLtz) {
      out.append(std::to_string(value));
      return;
    }
    char text[text::kMaxNumberText];
    size_t length = text::write_timestamp(text, value, column.type.ticks_per_second(), 9);
    while (text[length - 1] == '0' || text[length - 1] == '.') {
      if (text[--length] == '.') break;
    }
    std::replace(text, text + length, ' ', 'T');
    out.push_back('"');
    const size_t year = append_long_year(value, column.type, out);
    out.append(text + year, length - year);
    out.append(root == TypeRoot::kTimestampLtz ? "Z\"" : "\"");
  }

  void write_array(const Column& column, uint32_t row, std::string& out) {
    const Range range = range_at(column, row);
    out.push_back('[');
    for (uint32_t i = 0; i < range.length; ++i) {
      if (i > 0) out.push_back(',');
      write(*column.children[0], range.start + i, out);
    }
    out.push_back(']');
  }

  void write_map(const Column& column, uint32_t row, std::string& out) {
    const Range range = range_at(column, row);
    const Column& keys = *column.children[0];
    const size_t base = order_.size();
    for (uint32_t i = 0; i < range.length; ++i) order_.push_back(range.start + i);
    const auto key = [&](uint32_t i) {
      return keys.is_null(i) ? std::string_view("null") : text_at(keys, i);
    };
    sort_from(base, key);
    const size_t end = order_.size();
    out.push_back('{');
    for (size_t i = base; i < end; ++i) {
      if (i > base) out.push_back(',');
      json::write_string(key(order_[i]), out);
      out.push_back(':');
      write(*column.children[1], order_[i], out);
    }
    out.push_back('}');
    order_.resize(base);
  }

  void write_row(const Column& column, uint32_t at, std::string& out) {
    const size_t base = order_.size();
    for (uint32_t i = 0; i < column.children.size(); ++i) order_.push_back(i);
    const auto name = [&](uint32_t i) { return std::string_view(column.type.fields[i].name); };
    sort_from(base, name);
    const size_t end = order_.size();
    out.push_back('{');
    for (size_t i = base; i < end; ++i) {
      if (i > base) out.push_back(',');
      json::write_string(name(order_[i]), out);
      out.push_back(':');
      write(*column.children[order_[i]], at, out);
    }
    out.push_back('}');
    order_.resize(base);
  }

  template <typename F>
  void sort_from(size_t base, F key) {
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(base), order_.end(),
              [&](uint32_t a, uint32_t b) { return json::key_less(key(a), key(b)); });
  }

  std::vector<uint32_t> order_;
};

// How a value is written: by its type; as the JSON that its text is; as the JSON in its text.
struct BuildState : KernelState {
  std::string modes;
  bool keeps_null = true;
  ValueWriter writer;
  json::Document document;
  std::string text;
  std::vector<uint32_t> order;
};

Result<std::unique_ptr<KernelState>> prepare(const plan::Value* options, const DataType&,
                                             std::span<const DataType>) {
  auto state = std::make_unique<BuildState>();
  if (options != nullptr) {
    MR_TRY_ASSIGN(const std::string_view modes, options->string_at("modes"));
    state->modes = modes;
    MR_TRY_ASSIGN(state->keeps_null, options->bool_at("keeps_null"));
  }
  return std::unique_ptr<KernelState>(std::move(state));
}

// Appends a value; false where its text should be JSON and is not.
bool write_value(BuildState& state, size_t index, const Column& column, uint32_t row) {
  const char mode = column.is_null(row) ? 'v' : state.modes[index];
  if (mode == 'v') {
    state.writer.write(column, row, state.text);
    return true;
  }
  const std::string_view text = text_at(column, row);
  if (mode == 'r') {
    state.text.append(text);
  } else if (text.empty()) {
    state.text.append("null");
  } else {
    if (!state.document.parse(text)) return false;
    state.document.write(0, state.text);
  }
  return true;
}

template <typename F>
Status build_json(KernelContext& context, const Selection& selection, Column& out, F f) {
  auto& state = static_cast<BuildState&>(*context.state);
  TextOutput output(context, out);
  bool has_room = true;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    state.text.clear();
    if (!f(state, row)) return false;
    return has_room = output.copy(row, state.text);
  });
  if (failing < 0) return Status::ok();
  if (!has_room) return Status::error("MR3005", "string heap of JSON values", selection[0]);
  return Status::error("MR3006", "JSON(): the text is no JSON", failing);
}

Status json_string(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  return build_json(context, selection, out, [&](BuildState& state, uint32_t row) {
    if (args[0]->is_null(row)) {
      out.set_null(row);
      return true;
    }
    return write_value(state, 0, *args[0], row);
  });
}

Status json_array(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  return build_json(context, selection, out, [&](BuildState& state, uint32_t row) {
    state.text.push_back('[');
    for (size_t i = 0; i < args.size(); ++i) {
      if (args[i]->is_null(row) && !state.keeps_null) continue;
      if (state.text.size() > 1) state.text.push_back(',');
      if (!write_value(state, i, *args[i], row)) return false;
    }
    state.text.push_back(']');
    return true;
  });
}

// Members by key; of equal keys the last.
void sort_members(BuildState& state, Arguments args, uint32_t row) {
  state.order.clear();
  for (uint32_t i = 0; i < args.size(); i += 2) {
    if (state.keeps_null || !args[i + 1]->is_null(row)) state.order.push_back(i);
  }
  std::stable_sort(state.order.begin(), state.order.end(), [&](uint32_t a, uint32_t b) {
    return json::key_less(text_at(*args[a], row), text_at(*args[b], row));
  });
}

Status json_object(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  for (size_t i = 0; i < args.size(); i += 2) {
    const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
      const auto& state = static_cast<const BuildState&>(*context.state);
      const bool is_left_out = !state.keeps_null && args[i + 1]->is_null(row);
      return is_left_out || !args[i]->is_null(row);
    });
    if (failing >= 0) return Status::error("MR3006", "JSON_OBJECT: a key is NULL", failing);
  }
  return build_json(context, selection, out, [&](BuildState& state, uint32_t row) {
    sort_members(state, args, row);
    state.text.push_back('{');
    for (size_t k = 0; k < state.order.size(); ++k) {
      const uint32_t i = state.order[k];
      const std::string_view key = text_at(*args[i], row);
      const bool is_last = k + 1 == state.order.size();
      if (!is_last && text_at(*args[state.order[k + 1]], row) == key) continue;
      if (state.text.size() > 1) state.text.push_back(',');
      json::write_string(key, state.text);
      state.text.push_back(':');
      if (!write_value(state, i / 2, *args[i + 1], row)) return false;
    }
    state.text.push_back('}');
    return true;
  });
}

void append_hex(uint32_t unit, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.append("\\u");
  for (int shift = unit > 0xffff ? 16 : 12; shift >= 0; shift -= 4) {
    out.push_back(kHex[unit >> shift & 15]);
  }
}

// Flink writes a character beyond U+FFFF with five digits and its second half behind it.
void quote(std::string_view text, std::string& out) {
  out.assign(1, '"');
  for (size_t at = 0; at < text.size();) {
    const uint32_t point = utf8::decode(text, at);
    switch (point) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '/': out.append("\\/"); break;
      case '\b': out.append("\\b"); break;
      case '\f': out.append("\\f"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      default:
        if (point < 0x80) {
          out.push_back(static_cast<char>(point));
          break;
        }
        append_hex(point, out);
        if (point > 0xffff) append_hex(0xdc00 + ((point - 0x10000) & 0x3ff), out);
    }
  }
  out.push_back('"');
}

Status json_quote(KernelContext& context, Arguments args, const Selection& selection,
                  Column& out) {
  std::string quoted;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    quote(text_at(*args[0], row), quoted);
    return output.copy(row, quoted);
  });
}

// The text inside the quotes with its escapes resolved: each quote inside is put behind a
// backslash first, so that the reader of JSON takes it. False where that is no JSON.
bool unquote(std::string_view inner, json::Document& document, std::string& scratch) {
  scratch.assign(1, '"');
  for (size_t i = 0; i < inner.size(); ++i) {
    const char c = inner[i];
    if (c == '\\' && i + 1 < inner.size()) {
      scratch.push_back(c);
      scratch.push_back(inner[++i]);
    } else if (c == '"') {
      scratch.append("\\\"");
    } else if (static_cast<uint8_t>(c) < 0x20) {
      append_hex(static_cast<uint8_t>(c), scratch);
    } else {
      scratch.push_back(c);
    }
  }
  scratch.push_back('"');
  return document.parse(scratch);
}

Status json_unquote(KernelContext& context, Arguments args, const Selection& selection,
                    Column& out) {
  share_memory(*args[0], out);
  json::Document document;
  std::string scratch;
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const bool is_quoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
    if (!is_quoted || !document.parse(text) ||
        !unquote(text.substr(1, text.size() - 2), document, scratch)) {
      output.reference(row, text);
      return true;
    }
    return output.copy(row, document.text_of(0));
  });
}

constexpr Kernel kKernels[] = {
    {"json_string", json_string, prepare, false},
    {"json_object", json_object, prepare, false},
    {"json_array", json_array, prepare, false},
    {"json_quote", json_quote, nullptr, true},
    {"json_unquote", json_unquote, nullptr, true},
};

}  // namespace

std::span<const Kernel> json_build_kernels() { return kKernels; }

}  // namespace millrace
