// Strings as codes: CHR, HEX, UNHEX, BIN, base 64, digests; see src/expr/kernels/string-code.ts.
#include "kernels/digest.h"
#include "kernels/registry.h"
#include "kernels/text-output.h"
#include "kernels/utf8.h"

namespace millrace {
namespace {

constexpr char kLowerDigits[] = "0123456789abcdef";
constexpr char kUpperDigits[] = "0123456789ABCDEF";

void write_hex(const uint8_t* bytes, size_t count, const char* digits, char* to) {
  for (size_t i = 0; i < count; ++i) {
    to[2 * i] = digits[bytes[i] >> 4];
    to[2 * i + 1] = digits[bytes[i] & 15];
  }
}

int64_t bigint_at(const Column& column, uint32_t row) {
  return column.data<int64_t>()[column.at(row)];
}

// The character of the lowest byte; of a negative number the empty string.
Status chr(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const int64_t value = bigint_at(*args[0], row);
    char text[4];
    const size_t size = value < 0 ? 0 : utf8::encode(static_cast<uint32_t>(value & 0xff), text);
    return output.copy(row, {text, size});
  });
}

// An unsigned number in a base of 2^kBits.
template <uint32_t kBits>
Status number_text(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    auto value = static_cast<uint64_t>(bigint_at(*args[0], row));
    char text[64];
    size_t at = sizeof(text);
    do {
      text[--at] = kUpperDigits[value & ((1u << kBits) - 1)];
      value >>= kBits;
    } while (value != 0);
    return output.copy(row, {text + at, sizeof(text) - at});
  });
}

Status hex_text(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    char* to = output.begin(text.size() * 2);
    if (to == nullptr) return false;
    write_hex(reinterpret_cast<const uint8_t*>(text.data()), text.size(), kUpperDigits, to);
    output.finish(row, to, text.size() * 2);
    return true;
  });
}

int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const auto letter = static_cast<char>(byte | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Pairs of digits from the end; a first digit without a partner counts for nothing.
bool read_hex(std::string_view text, char* to) {
  const size_t odd = text.size() % 2;
  if (odd == 1 && hex_digit(text[0]) < 0) return false;
  if (odd == 1) *to++ = 0;
  for (size_t i = odd; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *to++ = static_cast<char>(high << 4 | low);
  }
  return true;
}

Status unhex(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const size_t bytes = (text.size() + 1) / 2;
    char* to = output.begin(bytes);
    if (to == nullptr) return false;
    if (read_hex(text, to)) output.finish(row, to, bytes);
    else out.set_null(row);
    return true;
  });
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void write_base64(std::string_view text, char* to) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t i = 0; i < text.size(); i += 3) {
    const size_t rest = text.size() - i;
    const uint32_t group = uint32_t{bytes[i]} << 16 |
                           (rest > 1 ? uint32_t{bytes[i + 1]} << 8 : 0) |
                           (rest > 2 ? uint32_t{bytes[i + 2]} : 0);
    *to++ = kBase64[group >> 18];
    *to++ = kBase64[group >> 12 & 63];
    *to++ = rest > 1 ? kBase64[group >> 6 & 63] : '=';
    *to++ = rest > 2 ? kBase64[group & 63] : '=';
  }
}

Status to_base64(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    const size_t bytes = (text.size() + 2) / 3 * 4;
    char* to = output.begin(bytes);
    if (to == nullptr) return false;
    write_base64(text, to);
    output.finish(row, to, bytes);
    return true;
  });
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Padding may be missing, but not be wrong. Returns the bytes, or -1.
int64_t read_base64(std::string_view text, char* to) {
  std::string_view digits = text;
  while (!digits.empty() && digits.back() == '=') digits.remove_suffix(1);
  const size_t padding = text.size() - digits.size();
  const bool is_padded_wrongly = padding > 2 || (padding > 0 && text.size() % 4 != 0);
  if (digits.size() % 4 == 1 || is_padded_wrongly) return -1;
  uint32_t group = 0;
  uint32_t bits = 0;
  int64_t bytes = 0;
  for (const char c : digits) {
    const int digit = base64_digit(c);
    if (digit < 0) return -1;
    group = group << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    to[bytes++] = static_cast<char>(group >> bits);
  }
  return bytes;
}

Status from_base64(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  int64_t malformed = -1;
  MR_TRY(build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const std::string_view text = text_at(*args[0], row);
    char* to = output.begin(text.size());
    if (to == nullptr) return false;
    const int64_t bytes = read_base64(text, to);
    if (bytes < 0 && malformed < 0) malformed = row;
    output.finish(row, to, bytes < 0 ? 0 : static_cast<size_t>(bytes));
    return true;
  }));
  return malformed < 0 ? Status::ok()
                       : Status::error("MR3006", "text is not base 64", malformed);
}

bool put_digest(digest::Algorithm algorithm, std::string_view text, uint32_t row,
                TextOutput& output) {
  uint8_t bytes[digest::kMaxBytes];
  const uint32_t count = digest::compute(algorithm, text, bytes);
  char* to = output.begin(2 * count);
  if (to == nullptr) return false;
  write_hex(bytes, count, kLowerDigits, to);
  output.finish(row, to, 2 * count);
  return true;
}

template <digest::Algorithm kAlgorithm>
Status digest_text(KernelContext& context, Arguments args, const Selection& selection,
                   Column& out) {
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    return put_digest(kAlgorithm, text_at(*args[0], row), row, output);
  });
}

bool algorithm_of_bits(int32_t bits, digest::Algorithm& algorithm) {
  switch (bits) {
    case 224: algorithm = digest::Algorithm::kSha224; return true;
    case 256: algorithm = digest::Algorithm::kSha256; return true;
    case 384: algorithm = digest::Algorithm::kSha384; return true;
    case 512: algorithm = digest::Algorithm::kSha512; return true;
    default: return false;
  }
}

// SHA2(text, bits).
Status sha2(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const Column& bits = *args[1];
  auto algorithm = digest::Algorithm::kSha256;
  const int64_t failing = first_failing_row(selection, [&](uint32_t row) {
    return algorithm_of_bits(bits.data<int32_t>()[bits.at(row)], algorithm);
  });
  if (failing >= 0) return Status::error("MR3006", "bits of SHA2", failing);
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    auto chosen = digest::Algorithm::kSha256;
    (void)algorithm_of_bits(bits.data<int32_t>()[bits.at(row)], chosen);
    return put_digest(chosen, text_at(*args[0], row), row, output);
  });
}

constexpr Kernel kKernels[] = {
    {"chr", chr, nullptr, true},
    {"hex_text", hex_text, nullptr, true},
    {"hex_number", number_text<4>, nullptr, true},
    {"bin", number_text<1>, nullptr, true},
    {"unhex", unhex, nullptr, true},
    {"to_base64", to_base64, nullptr, true},
    {"from_base64", from_base64, nullptr, true},
    {"md5", digest_text<digest::Algorithm::kMd5>, nullptr, true},
    {"sha1", digest_text<digest::Algorithm::kSha1>, nullptr, true},
    {"sha224", digest_text<digest::Algorithm::kSha224>, nullptr, true},
    {"sha256", digest_text<digest::Algorithm::kSha256>, nullptr, true},
    {"sha384", digest_text<digest::Algorithm::kSha384>, nullptr, true},
    {"sha512", digest_text<digest::Algorithm::kSha512>, nullptr, true},
    {"sha2", sha2, nullptr, true},
};

}  // namespace

std::span<const Kernel> string_code_kernels() { return kKernels; }

}  // namespace millrace
