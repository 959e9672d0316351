// INET_ATON, INET_NTOA.
#include "kernels/registry.h"
#include "kernels/text-output.h"

namespace millrace {

namespace {

// A part of an address: digits that make at most 255. -1 where it is none.
int32_t part_of(std::string_view text) {
  int32_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
    if (value > 255) return -1;
  }
  return text.empty() ? -1 : value;
}

// a, a.d, a.b.d and a.b.c.d; the last part is the lowest byte. -1 where it is no address.
int64_t address_of(std::string_view text) {
  int64_t address = 0;
  for (int parts = 1; parts <= 4; ++parts) {
    const size_t point = text.find('.');
    const int32_t part = part_of(text.substr(0, point));
    if (part < 0) return -1;
    const bool is_last = point == std::string_view::npos;
    if (is_last) return parts == 1 ? part : address << (8 * (5 - parts)) | part;
    address = address << 8 | part;
    text.remove_prefix(point + 1);
  }
  return -1;
}

Status inet_aton(KernelContext&, Arguments args, const Selection& selection, Column& out) {
  for_each_row(selection, [&](uint32_t row) {
    const int64_t address = address_of(text_at(*args[0], row));
    if (address < 0) out.set_null(row);
    out.data<int64_t>()[row] = address;
  });
  return Status::ok();
}

Status inet_ntoa(KernelContext& context, Arguments args, const Selection& selection, Column& out) {
  const auto* addresses = args[0]->data<int64_t>();
  return build_text(context, selection, out, [&](uint32_t row, TextOutput& output) {
    const int64_t address = addresses[args[0]->at(row)];
    if (address < 0 || address > 0xffffffff) {
      out.set_null(row);
      return true;
    }
    char text[16];
    size_t length = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
      const auto part = static_cast<uint32_t>(address >> shift & 255);
      if (part >= 100) text[length++] = static_cast<char>('0' + part / 100);
      if (part >= 10) text[length++] = static_cast<char>('0' + part / 10 % 10);
      text[length++] = static_cast<char>('0' + part % 10);
      if (shift > 0) text[length++] = '.';
    }
    return output.copy(row, {text, length});
  });
}

constexpr Kernel kKernels[] = {
    {"inet_aton", inet_aton, nullptr, true},
    {"inet_ntoa", inet_ntoa, nullptr, true},
};

}  // namespace

std::span<const Kernel> inet_kernels() { return kKernels; }

}  // namespace millrace
