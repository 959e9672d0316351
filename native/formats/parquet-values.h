// The values of one page in the file's own types, taken a stretch at a time.
//
//     BOOLEAN  one byte a value    INT32, INT64, FLOAT, DOUBLE  themselves    INT96  12 bytes
//     BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY  StringView into the page's memory
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "formats/parquet-encoding.h"
#include "formats/parquet-metadata.h"

namespace millrace::parquet {

// Bytes of a value in the form above.
[[nodiscard]] uint32_t raw_width(Physical physical);

class PageValues {
 public:
  // `count`: values present in the page. `bytes` must stay alive. Null on success.
  [[nodiscard]] const char* open(Physical physical, uint32_t type_length, Encoding encoding,
                                 Bytes bytes, uint32_t count);
  // The next `count` values. Null on success.
  [[nodiscard]] const char* read(uint32_t count, void* raw);
  // The next `count` dictionary indexes, where `is_dictionary`.
  [[nodiscard]] const char* read_indexes(uint32_t count, uint32_t* indexes);

  [[nodiscard]] bool is_dictionary() const { return form_ == Form::kDictionary; }
  // What views point into besides the page itself; may be null.
  [[nodiscard]] std::shared_ptr<const void> owner() const { return arena_; }

 private:
  enum class Form : uint8_t {
    kFixed, kBits, kStrings, kFixedStrings, kDictionary, kRleBooleans, kIntegers, kViews,
  };
  const char* open_plain();
  const char* open_encoded(Encoding encoding, uint32_t count);
  const char* open_byte_streams(uint32_t count);
  const char* read_strings(uint32_t count, StringView* views);
  const char* read_fixed(uint32_t count, uint8_t* raw);
  void read_bits(uint32_t count, uint8_t* raw);
  const char* read_rle_booleans(uint32_t count, uint8_t* raw);
  void read_integers(uint32_t count, void* raw);

  Form form_ = Form::kFixed;
  Physical physical_ = Physical::kInt32;
  uint32_t width_ = 0;  // bytes a value takes in the page
  Bytes bytes_;
  uint64_t bit_ = 0;
  size_t next_ = 0;
  HybridDecoder hybrid_;
  std::vector<int64_t> integers_;
  std::vector<StringView> views_;
  std::vector<uint8_t> joined_;
  std::shared_ptr<Arena> arena_;
};

}  // namespace millrace::parquet
