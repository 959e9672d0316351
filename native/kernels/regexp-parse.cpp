#include "kernels/regexp-parse.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "kernels/utf8.h"

namespace millrace::regexp {
namespace {

using Kind = Node::Kind;

// Largest count in {n,m}.
constexpr int64_t kMaxRepeat = 1000;

const PointSet kLineBreaks = {0x0a, 0x0a, 0x0d, 0x0d, 0x85, 0x85, 0x2028, 0x2029};

// (?i), (?s), (?m).
struct Flags {
  bool ignore_case = false;
  bool dot_all = false;
  bool multiline = false;
};

bool is_letter(uint32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}
bool is_digit(uint32_t point) { return point >= '0' && point <= '9'; }

int32_t hex_value(uint32_t point) {
  if (is_digit(point)) return static_cast<int32_t>(point - '0');
  const uint32_t lower = point | 0x20;
  return lower >= 'a' && lower <= 'f' ? static_cast<int32_t>(lower - 'a' + 10) : -1;
}

std::optional<uint32_t> control_point(uint32_t letter) {
  switch (letter) {
    case 't': return 0x09;
    case 'n': return 0x0a;
    case 'r': return 0x0d;
    case 'f': return 0x0c;
    case 'a': return 0x07;
    case 'e': return 0x1b;
    default: return std::nullopt;
  }
}

NodePtr make(Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

NodePtr around(Kind kind, NodePtr inner) {
  NodePtr node = make(kind);
  node->parts.push_back(std::move(inner));
  return node;
}

NodePtr asserted(Assertion assertion) {
  NodePtr node = make(Kind::kAssert);
  node->assertion = assertion;
  return node;
}

// After a fault the rest of the text counts as read, and every loop ends.
class Parser {
 public:
  explicit Parser(std::string_view pattern) {
    for (size_t at = 0; at < pattern.size();) text_.push_back(utf8::decode(pattern, at));
  }

  Parsed parse() {
    NodePtr root = choice();
    if (at_ < text_.size()) syntax("unmatched )");
    if (has_failed()) root = nullptr;
    return {std::move(root), groups_, std::move(fault_)};
  }

 private:
  static constexpr uint32_t kEndOfText = UINT32_MAX;

  [[nodiscard]] bool has_failed() const { return fault_.kind != Fault::Kind::kNone; }
  void fail(Fault::Kind kind, std::string text) {
    if (!has_failed()) fault_ = {kind, std::move(text)};
    at_ = text_.size();
  }
  void syntax(std::string text) { fail(Fault::Kind::kSyntax, std::move(text)); }
  void unsupported(std::string text) { fail(Fault::Kind::kUnsupported, std::move(text)); }

  [[nodiscard]] uint32_t peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : kEndOfText;
  }
  uint32_t take() {
    if (at_ < text_.size()) return text_[at_++];
    syntax("pattern ends too early");
    return 0;
  }
  bool take_if(std::string_view wanted) {
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (peek(i) != static_cast<uint8_t>(wanted[i])) return false;
    }
    at_ += wanted.size();
    return true;
  }

  NodePtr choice() {
    if (++depth_ > kMaxDepth) {
      unsupported("groups nested too deeply");
      return make(Kind::kEmpty);
    }
    const Flags flags = flags_;
    NodePtr node = around(Kind::kChoice, sequence());
    while (take_if("|")) node->parts.push_back(sequence());
    flags_ = flags;
    --depth_;
    return node->parts.size() == 1 ? std::move(node->parts[0]) : std::move(node);
  }

  NodePtr sequence() {
    NodePtr node = make(Kind::kSequence);
    while (peek() != kEndOfText && peek() != '|' && peek() != ')') {
      if (take_if("\\Q")) add_quoted(node->parts);
      else node->parts.push_back(quantified(atom()));
    }
    return node->parts.size() == 1 ? std::move(node->parts[0]) : std::move(node);
  }

  // \Q...\E; the last character takes a quantifier behind \E.
  void add_quoted(std::vector<NodePtr>& parts) {
    const size_t first = parts.size();
    while (at_ < text_.size() && !take_if("\\E")) parts.push_back(literal(take()));
    if (parts.size() == first) return;
    NodePtr last = std::move(parts.back());
    parts.back() = quantified(std::move(last));
  }

  NodePtr literal(uint32_t point) { return set({point, point}); }
  NodePtr set(PointSet points) {
    NodePtr node = make(Kind::kSet);
    node->set = flags_.ignore_case ? with_both_cases(points) : std::move(points);
    return node;
  }

  NodePtr atom() {
    const uint32_t next = take();
    switch (next) {
      case '(': return group();
      case '[': return set(set_body());
      case '.': {
        NodePtr node = make(Kind::kSet);
        node->set = flags_.dot_all ? PointSet{0, kMaxPoint} : complement(kLineBreaks);
        return node;
      }
      case '^': return asserted(flags_.multiline ? Assertion::kLineStart : Assertion::kStart);
      case '$': return asserted(flags_.multiline ? Assertion::kLineEnd : Assertion::kLastLineEnd);
      case '\\': return escape();
      case '*': case '+': case '?':
        syntax("dangling quantifier");
        return make(Kind::kEmpty);
      default: return literal(next);
    }
  }

  NodePtr quantified(NodePtr node) {
    for (int32_t depth = 0;; ++depth) {
      int32_t least = 0;
      int32_t most = 0;
      if (has_failed() || !bounds(least, most)) return node;
      if (depth == kMaxDepth) unsupported("repetitions nested too deeply");
      const bool is_lazy = take_if("?");
      node = around(Kind::kRepeat, std::move(node));
      node->least = least;
      node->most = most;
      node->is_lazy = is_lazy;
      if (!is_lazy && take_if("+")) node = around(Kind::kAtomic, std::move(node));
    }
  }

  // False where there is no quantifier.
  bool bounds(int32_t& least, int32_t& most) {
    most = Node::kNoBound;
    if (take_if("*")) return true;
    least = 1;
    if (take_if("+")) return true;
    least = 0;
    most = 1;
    if (take_if("?")) return true;
    if (!take_if("{")) return false;
    const int64_t low = number();
    int64_t high = low;
    if (take_if(",")) high = peek() == '}' ? int64_t{Node::kNoBound} : number();
    if (!take_if("}") || high < low) syntax("bad repetition");
    if (low > kMaxRepeat || (high > kMaxRepeat && high != Node::kNoBound)) {
      unsupported("repetition of more than " + std::to_string(kMaxRepeat));
    }
    least = static_cast<int32_t>(low);
    most = static_cast<int32_t>(high);
    return !has_failed();
  }

  int64_t number() {
    int64_t value = 0;
    int32_t digits = 0;
    for (; is_digit(peek()) && digits < 10; ++digits) value = value * 10 + (take() - '0');
    if (digits == 0 || digits > 9) syntax("bad repetition");
    return value;
  }

  NodePtr group() {
    if (!take_if("?")) return capture();
    if (take_if(":")) return closed(choice());
    if (take_if("=")) return look(false);
    if (take_if("!")) return look(true);
    if (take_if(">")) return around(Kind::kAtomic, closed(choice()));
    if (take_if("<=") || take_if("<!")) {
      unsupported("look-behind");
      return make(Kind::kEmpty);
    }
    return take_if("<") ? named_capture() : flag_group();
  }

  NodePtr capture() {
    const int32_t index = ++groups_;
    NodePtr node = around(Kind::kGroup, closed(choice()));
    node->index = index;
    return node;
  }

  NodePtr named_capture() {
    const std::string name = name_until('>');
    if (find_name(name) > 0) syntax("group is there twice: " + name);
    names_.emplace_back(name, groups_ + 1);
    return capture();
  }

  // 0 where there is none.
  [[nodiscard]] int32_t find_name(const std::string& name) const {
    for (const auto& [known, index] : names_) {
      if (known == name) return index;
    }
    return 0;
  }

  std::string name_until(char close) {
    std::string name;
    while (!has_failed() && peek() != static_cast<uint8_t>(close)) {
      const uint32_t next = take();
      name += next < 0x80 ? static_cast<char>(next) : '?';
    }
    if (has_failed()) return name;
    ++at_;
    const bool is_fine = !name.empty() && is_letter(static_cast<uint8_t>(name[0])) &&
                         std::all_of(name.begin(), name.end(), [](char c) {
                           return is_letter(static_cast<uint8_t>(c)) || (c >= '0' && c <= '9');
                         });
    if (!is_fine) syntax("bad name of a group");
    return name;
  }

  NodePtr closed(NodePtr node) {
    if (!take_if(")")) syntax("unclosed group");
    return node;
  }

  NodePtr look(bool is_negated) {
    NodePtr node = around(Kind::kLook, closed(choice()));
    node->is_negated = is_negated;
    return node;
  }

  // (?i) for the rest of the group around it, (?i:...) for its own.
  NodePtr flag_group() {
    const Flags before = flags_;
    Flags flags = before;
    bool is_on = true;
    while (!has_failed()) {
      const uint32_t letter = take();
      if (letter == ')') {
        flags_ = flags;
        return make(Kind::kEmpty);
      }
      if (letter == ':') {
        flags_ = flags;
        NodePtr inner = closed(choice());
        flags_ = before;
        return inner;
      }
      if (letter == '-') is_on = false;
      else if (letter == 'i') flags.ignore_case = is_on;
      else if (letter == 's') flags.dot_all = is_on;
      else if (letter == 'm') flags.multiline = is_on;
      else if (letter == 'u' || letter == 'd' || letter == 'x' || letter == 'U') {
        unsupported(std::string("flag ") + static_cast<char>(letter));
      } else {
        syntax("unknown inline modifier");
      }
    }
    return make(Kind::kEmpty);
  }

  NodePtr escape() {
    const uint32_t next = take();
    switch (next) {
      case 'b': return word_boundary(false);
      case 'B': return word_boundary(true);
      case 'A': return asserted(Assertion::kStart);
      case 'z': return asserted(Assertion::kEnd);
      case 'Z': return asserted(Assertion::kLastLineEnd);
      case 'R': return line_break();
      case 'k':
        if (take() != '<') syntax("\\k without a name");
        return reference(find_name(name_until('>')));
      case 'G': case 'X': case 'N':
        unsupported(std::string("\\") + static_cast<char>(next));
        return make(Kind::kEmpty);
      default: break;
    }
    return next >= '1' && next <= '9' ? numbered(next) : set(escaped(next));
  }

  static NodePtr word_boundary(bool is_negated) {
    NodePtr node = make(Kind::kWordBoundary);
    node->is_negated = is_negated;
    return node;
  }

  NodePtr line_break() {
    NodePtr both = around(Kind::kSequence, literal(0x0d));
    both->parts.push_back(literal(0x0a));
    NodePtr node = around(Kind::kChoice, std::move(both));
    node->parts.push_back(make(Kind::kSet));
    node->parts.back()->set = *escaped_set('v');
    return node;
  }

  // \11 is group 11 where there are so many groups before it, else group 1 and a 1.
  NodePtr numbered(uint32_t first) {
    int32_t index = static_cast<int32_t>(first - '0');
    while (is_digit(peek()) && index * 10 + static_cast<int32_t>(peek() - '0') <= groups_) {
      index = index * 10 + static_cast<int32_t>(take() - '0');
    }
    return reference(index <= groups_ ? index : 0);
  }

  NodePtr reference(int32_t index) {
    if (index == 0) unsupported("a reference to no earlier group");
    else if (flags_.ignore_case) unsupported("references that ignore case");
    NodePtr node = make(Kind::kReference);
    node->index = index;
    return node;
  }

  // The characters that an escape stands for; `next` is the letter behind the backslash.
  PointSet escaped(uint32_t next) {
    if (auto known = escaped_set(next)) return std::move(*known);
    if (next == 'p' || next == 'P') return property(next == 'P');
    const uint32_t point = escaped_point(next);
    return {point, point};
  }

  PointSet property(bool is_negated) {
    std::string name;
    const uint32_t first = take();
    if (first == '{') {
      while (!has_failed() && peek() != '}') append(take(), name);
      if (!has_failed()) ++at_;
    } else {
      append(first, name);
    }
    std::optional<PointSet> points = named_set(name);
    if (!points.has_value()) {
      unsupported("\\p{" + name + "}");
      return {};
    }
    return is_negated ? complement(*points) : std::move(*points);
  }

  static void append(uint32_t point, std::string& to) {
    char bytes[4];
    to.append(bytes, utf8::encode(point, bytes));
  }

  uint32_t escaped_point(uint32_t next) {
    if (const auto control = control_point(next)) return *control;
    switch (next) {
      case 'x': return take_if("{") ? hex_until_brace() : hex(2);
      case 'u': return hex(4);
      case 'c': return take() ^ 64;
      case '0': return octal();
      default:
        if (is_letter(next)) syntax("illegal escape");
        return next;
    }
  }

  uint32_t hex(int32_t count) {
    uint32_t value = 0;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t digit = hex_value(take());
      if (digit < 0) syntax("bad hexadecimal escape");
      value = value * 16 + static_cast<uint32_t>(std::max(digit, 0));
    }
    return value;
  }

  uint32_t hex_until_brace() {
    uint32_t value = 0;
    int32_t digits = 0;
    for (; !has_failed() && peek() != '}'; ++digits) {
      const int32_t digit = hex_value(take());
      if (digit < 0 || digits == 6) syntax("bad hexadecimal escape");
      else value = value * 16 + static_cast<uint32_t>(digit);
    }
    if (digits == 0 || value > kMaxPoint) syntax("bad hexadecimal escape");
    if (!has_failed()) ++at_;
    return value;
  }

  uint32_t octal() {
    uint32_t value = 0;
    int32_t digits = 0;
    for (; digits < 3 && peek() >= '0' && peek() <= '7'; ++digits) {
      if (value * 8 + (peek() - '0') > 0377) break;
      value = value * 8 + (take() - '0');
    }
    if (digits == 0) syntax("bad octal escape");
    return value;
  }

  // Behind `[`: ranges, escapes, nested sets, && for what is in both.
  PointSet set_body() {
    if (++depth_ > kMaxDepth) {
      unsupported("sets nested too deeply");
      return {};
    }
    const bool is_negated = take_if("^");
    std::optional<PointSet> whole;
    PointSet part;
    for (bool is_first = true; !has_failed() && (is_first || peek() != ']'); is_first = false) {
      if (take_if("&&")) {
        whole = whole.has_value() ? intersection(*whole, part) : part;
        part.clear();
      } else {
        part = united(part, take_if("[") ? set_body() : set_range());
      }
    }
    if (has_failed()) return {};
    ++at_;
    --depth_;
    PointSet points = whole.has_value() ? intersection(*whole, part) : std::move(part);
    if (!is_negated) return points;
    return complement(flags_.ignore_case ? with_both_cases(points) : points);
  }

  PointSet set_range() {
    PointSet first = set_item();
    const bool is_point = first.size() == 2 && first[0] == first[1];
    if (peek() != '-' || peek(1) == ']' || peek(1) == '[' || !is_point) return first;
    ++at_;
    const PointSet last = set_item();
    if (last.size() != 2 || last[0] != last[1] || last[0] < first[0]) {
      syntax("illegal character range");
      return {};
    }
    return {first[0], last[0]};
  }

  PointSet set_item() {
    const uint32_t next = take();
    if (next == '\\') return escaped(take());
    return {next, next};
  }

  std::vector<uint32_t> text_;
  size_t at_ = 0;
  int32_t groups_ = 0;
  int32_t depth_ = 0;
  Flags flags_;
  Fault fault_;
  std::vector<std::pair<std::string, int32_t>> names_;
};

}  // namespace

Parsed parse(std::string_view pattern) { return Parser(pattern).parse(); }

}  // namespace millrace::regexp
