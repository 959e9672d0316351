// LIKE. A pattern is compiled to pieces between its `%`; each piece is bytes and marks for one
// code point. `_` is any code point but a line break, `%` is anything; see
// src/expr/kernels/like.ts.
#include <algorithm>
#include <vector>

#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

constexpr uint16_t kAny = 256;

using Piece = std::vector<uint16_t>;

struct Pattern {
  std::vector<Piece> pieces;  // first and last are anchored to the ends of the text
  std::vector<std::string> literals;  // a piece without marks as bytes; else empty
};

struct LikeState : KernelState {
  Pattern pattern;
  std::string text;
  bool is_known = false;
};

// False where an escape stands before an ordinary character.
bool compile_pattern(std::string_view text, std::string_view escape, Pattern& pattern) {
  pattern.pieces.assign(1, Piece{});
  for (size_t i = 0; i < text.size(); ++i) {
    Piece& piece = pattern.pieces.back();
    const auto byte = static_cast<uint8_t>(text[i]);
    if (!escape.empty() && text.substr(i).starts_with(escape)) {
      i += escape.size();
      const std::string_view rest = text.substr(std::min(i, text.size()));
      if (rest.starts_with(escape)) {
        for (const char part : escape) piece.push_back(static_cast<uint8_t>(part));
        i += escape.size() - 1;
      } else if (rest.starts_with('%') || rest.starts_with('_')) {
        piece.push_back(static_cast<uint8_t>(rest[0]));
      } else {
        return false;
      }
    } else if (byte == '%') {
      pattern.pieces.emplace_back();
    } else {
      piece.push_back(byte == '_' ? kAny : byte);
    }
  }
  pattern.literals.clear();
  for (const Piece& piece : pattern.pieces) {
    const bool is_literal = std::find(piece.begin(), piece.end(), kAny) == piece.end();
    pattern.literals.emplace_back(is_literal ? std::string(piece.begin(), piece.end()) : "");
  }
  return true;
}

// \n, \r, U+0085, U+2028 and U+2029.
bool is_line_break(std::string_view text) {
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return first == '\n' || first == '\r';
  return text.starts_with("\xc2\x85") || text.starts_with("\xe2\x80\xa8") ||
         text.starts_with("\xe2\x80\xa9");
}

// Where the piece ends that starts at `at`, or npos.
size_t match_piece(const Piece& piece, std::string_view text, size_t at) {
  for (const uint16_t unit : piece) {
    if (at >= text.size()) return std::string_view::npos;
    if (unit == kAny) {
      if (is_line_break(text.substr(at))) return std::string_view::npos;
      at = std::min(text.size(), at + utf8::sequence_bytes(text[at]));
    } else if (static_cast<uint8_t>(text[at++]) != unit) {
      return std::string_view::npos;
    }
  }
  return at;
}

size_t find_piece(const Pattern& pattern, size_t index, std::string_view text, size_t from) {
  const Piece& piece = pattern.pieces[index];
  const std::string& literal = pattern.literals[index];
  if (!literal.empty() && !utf8::is_continuation(literal[0])) {
    const size_t found = text.find(literal, from);
    return found == std::string_view::npos ? found : found + literal.size();
  }
  for (size_t at = from; at <= text.size(); ++at) {
    if (at < text.size() && utf8::is_continuation(text[at])) continue;
    const size_t next = match_piece(piece, text, at);
    if (next != std::string_view::npos) return next;
  }
  return std::string_view::npos;
}

bool ends_with_piece(const Piece& piece, std::string_view text, size_t from) {
  size_t at = text.size();
  for (size_t i = piece.size(); i > 0; --i) {
    if (at <= from) return false;
    --at;
    if (piece[i - 1] != kAny) continue;
    while (at > from && utf8::is_continuation(text[at])) --at;
  }
  return match_piece(piece, text, at) == text.size();
}

bool matches(const Pattern& pattern, std::string_view text) {
  size_t at = match_piece(pattern.pieces[0], text, 0);
  if (at == std::string_view::npos) return false;
  if (pattern.pieces.size() == 1) return at == text.size();
  for (size_t i = 1; i + 1 < pattern.pieces.size(); ++i) {
    at = find_piece(pattern, i, text, at);
    if (at == std::string_view::npos) return false;
  }
  return ends_with_piece(pattern.pieces.back(), text, at);
}

Status compile_at(LikeState& state, Arguments args, uint32_t row) {
  const std::string_view pattern = text_at(*args[1], row);
  if (state.is_known && args.size() == 2 && state.text == pattern) return Status::ok();
  const std::string_view escape = args.size() > 2 ? text_at(*args[2], row) : std::string_view{};
  if (!escape.empty() && utf8::sequence_bytes(escape[0]) != escape.size()) {
    return Status::error("MR3006",
                         "escape of LIKE must be one character: " + std::string(escape), row);
  }
  state.is_known = compile_pattern(pattern, escape, state.pattern);
  state.text = pattern;
  if (state.is_known) return Status::ok();
  return Status::error("MR3006", "escape sequence of LIKE: " + std::string(pattern), row);
}

// LIKE(text, pattern [, escape]).
Status like(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  auto& state = static_cast<LikeState&>(*context.state);
  auto* values = out.data<uint8_t>();
  const bool is_fixed = args[1]->constant && (args.size() == 2 || args[2]->constant);
  if (is_fixed) MR_TRY(compile_at(state, args, selection[0]));
  Status status;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    if (!is_fixed) status = compile_at(state, args, row);
    if (!status.is_ok()) return false;
    values[row] = matches(state.pattern, text_at(*args[0], row));
    return true;
  });
  return failing < 0 ? Status::ok() : status;
}

Result<std::unique_ptr<KernelState>> prepare(const plan::Value*, const DataType&,
                                             std::span<const DataType>) {
  return std::unique_ptr<KernelState>(std::make_unique<LikeState>());
}

constexpr Kernel kKernels[] = {{"like", like, prepare, true}};

}  // namespace

std::span<const Kernel> like_kernels() { return kKernels; }

}  // namespace millrace
