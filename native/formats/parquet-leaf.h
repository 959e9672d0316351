// One column of a Parquet file, read row group after row group, a stretch of rows at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "columnar/column.h"
#include "formats/parquet-conversion.h"
#include "formats/parquet-metadata.h"
#include "formats/parquet-values.h"
#include "formats/zstd-decoder.h"

namespace millrace::parquet {

class LeafReader {
 public:
  // `node` is not repeated, and `conversion` is not kNone.
  LeafReader(std::shared_ptr<FileInput> file, SchemaNode node, DataType type,
             Conversion conversion);

  // Goes to a row group's part of this column.
  [[nodiscard]] Status open(const ColumnChunk& chunk, uint64_t row_count);
  // Fills rows 0 .. count-1 of `out` with the next rows; a value is absent where it or a row
  // around it is.
  [[nodiscard]] Status read(uint32_t count, Column& out);
  // Definition levels of the rows read last; empty = every value was present.
  [[nodiscard]] const std::vector<uint32_t>& levels() const { return levels_; }

 private:
  [[nodiscard]] Status next_page();
  [[nodiscard]] const char* load_page(const PageHeader& header, Bytes body);
  [[nodiscard]] const char* load_data_v1(const PageHeader& header, Bytes body);
  [[nodiscard]] const char* load_data_v2(const PageHeader& header, Bytes body);
  [[nodiscard]] const char* load_dictionary(const PageHeader& header, Bytes body);
  [[nodiscard]] const char* open_values(const PageHeader& header, Bytes bytes, uint32_t present);
  [[nodiscard]] const char* unfold(Bytes body, uint32_t size, Bytes& unfolded);
  [[nodiscard]] const char* read_stretch(uint32_t count, uint32_t at, Column& out);
  [[nodiscard]] const char* read_present(uint32_t count, uint8_t* to);
  [[nodiscard]] const char* gather(uint32_t count, uint8_t* to);
  void keep_memory(Column& out) const;
  [[nodiscard]] Status fail(const std::string& reason) const;

  std::shared_ptr<FileInput> file_;
  SchemaNode node_;
  DataType type_;
  Conversion conversion_;
  uint32_t width_;  // bytes of a value of the table
  Codec codec_ = Codec::kUncompressed;
  BufferPtr chunk_;
  size_t chunk_bytes_ = 0;
  size_t chunk_at_ = 0;
  uint64_t group_rows_left_ = 0;  // not yet covered by a page
  uint32_t page_rows_left_ = 0;
  HybridDecoder definition_;
  PageValues values_;
  BufferPtr page_;        // what the page at hand points into
  BufferPtr dictionary_;  // values of the table's type
  BufferPtr dictionary_page_;
  uint32_t dictionary_count_ = 0;
  std::vector<uint32_t> levels_;
  std::vector<uint8_t> raw_;
  std::unique_ptr<ZstdDecoder> zstd_;
};

}  // namespace millrace::parquet
