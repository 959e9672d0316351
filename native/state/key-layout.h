// Packs the key columns of a row into 64-bit words. Wide columns (64 and 128 bits) take words of
// their own; narrow ones, the ids of strings and a null bit a column share the words behind them:
//
//     (auction BIGINT, day STRING)   word 0: auction   word 1: | null bits | id of day |
//
// A single 64-bit key has no room for a null bit: its null is the word 0 under a hash that no
// word 0 has, and since tables compare hash tags before words the two never meet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "state/string-pool.h"

namespace millrace {

struct EncodedKeys {
  uint32_t width = 1;            // words a key
  std::vector<uint64_t> words;   // width a row
  std::vector<uint64_t> hashes;  // one a row
};

class KeyLayout {
 public:
  // Fails with MR2104 for a type that cannot be a key. Rows, arrays and maps are keys by their
  // cells: two maps are equal where their entries are, in the same order, as in Flink's state.
  static Result<KeyLayout> create(std::span<const DataType> types);

  [[nodiscard]] uint32_t width() const { return width_; }
  [[nodiscard]] size_t column_count() const { return fields_.size(); }

  // Keys of the batch rows `rows[0..count)`; new strings are added to the pool.
  void encode(std::span<const Column* const> columns, const uint32_t* rows, uint32_t count,
              StringPool& pool, EncodedKeys& out) const;

  // One key column of many keys, written to out[i * stride + offset]. `words` has width() a key.
  // Strings are shown from the pool: `out` becomes an owner of its arena.
  void decode(uint32_t column, const uint64_t* words, const uint64_t* hashes,
              std::span<const uint32_t> keys, const StringPool& pool, Column& out) const;

  // Whether keys hold ids of the pool.
  [[nodiscard]] bool uses_pool() const { return uses_pool_; }
  // Rewrites the string ids of a key through old id -> new id.
  template <typename F>
  void remap_strings(uint64_t* words, F&& new_id) const {
    for (const KeyField& field : fields_) {
      if (!field.is_text) continue;
      uint64_t& word = words[field.word];
      if (field.null_bit(words)) continue;
      const uint32_t id = static_cast<uint32_t>(word >> field.shift);
      word &= ~(uint64_t{0xffffffff} << field.shift);
      word |= uint64_t{new_id(id)} << field.shift;
    }
  }

 private:
  struct KeyField {
    DataType type;
    Physical physical = Physical::kNull;
    uint32_t word = 0;
    uint32_t shift = 0;
    uint32_t null_word = 0;
    uint32_t null_shift = 0;
    bool is_text = false;
    bool is_nested = false;  // the string is a cell (columnar/cell.h)
    [[nodiscard]] bool null_bit(const uint64_t* words) const {
      return (words[null_word] >> null_shift) & 1;
    }
  };

  void encode_field(const KeyField& field, const Column& column, const uint32_t* rows,
                    uint32_t count, StringPool& pool, uint64_t* words) const;
  void decode_nested(const KeyField& field, const uint64_t* words,
                     std::span<const uint32_t> keys, const StringPool& pool, Column& out) const;
  void hash_keys(const Column* single, const uint32_t* rows, uint32_t count,
                 EncodedKeys& out) const;

  std::vector<KeyField> fields_;
  uint32_t width_ = 1;
  bool uses_pool_ = false;
  bool single_wide_ = false;  // one 64-bit column: null has a hash of its own
};

}  // namespace millrace
