#include "formats/parquet-leaf.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "formats/snappy-decoder.h"

namespace millrace::parquet {

namespace {

constexpr uint32_t kStretch = 1024;  // values converted or looked up at a time

const char* codec_name(Codec codec) {
  switch (codec) {
    case Codec::kUncompressed: return "UNCOMPRESSED";
    case Codec::kSnappy: return "SNAPPY";
    case Codec::kGzip: return "GZIP";
    case Codec::kLzo: return "LZO";
    case Codec::kBrotli: return "BROTLI";
    case Codec::kLz4: return "LZ4";
    case Codec::kZstd: return "ZSTD";
    case Codec::kLz4Raw: return "LZ4_RAW";
  }
  return "unknown";
}

bool is_known(Codec codec) {
  return codec == Codec::kUncompressed || codec == Codec::kSnappy || codec == Codec::kZstd;
}

BufferPtr padded_buffer(size_t bytes) {
  auto buffer = std::make_shared<Buffer>(bytes + ZstdDecoder::kSlack + kPadding);
  std::memset(buffer->data() + bytes, 0, ZstdDecoder::kSlack + kPadding);
  return buffer;
}

template <typename T>
void gather_as(const uint8_t* values, const uint32_t* indexes, uint32_t count, uint8_t* to) {
  const T* const from = reinterpret_cast<const T*>(values);
  T* const out = reinterpret_cast<T*>(to);
  for (uint32_t i = 0; i < count; ++i) out[i] = from[indexes[i]];
}

struct Wide {
  uint64_t words[2];
};

// Moves `present` values at the front to the rows whose level is `max`, the last one first.
void spread(uint8_t* values, uint32_t width, const uint32_t* levels, uint32_t max, uint32_t count,
            uint32_t present) {
  for (uint32_t row = count; row-- > 0;) {
    uint8_t* const to = values + size_t{row} * width;
    if (levels[row] == max) std::memmove(to, values + size_t{--present} * width, width);
    else std::memset(to, 0, width);
  }
}

}  // namespace

LeafReader::LeafReader(std::shared_ptr<FileInput> file, SchemaNode node, DataType type,
                       Conversion conversion)
    : file_(std::move(file)),
      node_(std::move(node)),
      type_(std::move(type)),
      conversion_(conversion),
      width_(physical_width(type_.physical())) {}

Status LeafReader::fail(const std::string& reason) const {
  return file_error(*file_, "column " + node_.name + ": " + reason);
}

Status LeafReader::open(const ColumnChunk& chunk, uint64_t row_count) {
  if (!is_known(chunk.codec)) {
    return Status::error("MR2100", std::string("Parquet codec ") + codec_name(chunk.codec) +
                                       " in " + file_->path());
  }
  if (chunk.physical != node_.physical) return fail("a row group has another type");
  codec_ = chunk.codec;
  chunk_bytes_ = static_cast<size_t>(chunk.bytes);
  chunk_ = padded_buffer(chunk_bytes_);
  MR_TRY_ASSIGN(const size_t got, file_->read_at(static_cast<uint64_t>(chunk.start),
                                                 chunk_->data(), chunk_bytes_));
  if (got < chunk_bytes_) return fail("the file is truncated");
  chunk_at_ = 0;
  group_rows_left_ = row_count;
  page_rows_left_ = 0;
  dictionary_ = nullptr;
  dictionary_count_ = 0;
  return Status::ok();
}

Status LeafReader::read(uint32_t count, Column& out) {
  levels_.clear();
  for (uint32_t done = 0; done < count;) {
    if (page_rows_left_ == 0) MR_TRY(next_page());
    const uint32_t take = std::min({count - done, page_rows_left_, kStretch});
    if (const char* reason = read_stretch(take, done, out)) return fail(reason);
    page_rows_left_ -= take;
    done += take;
    if (page_rows_left_ == 0 || done == count) keep_memory(out);
  }
  return Status::ok();
}

// Views point into the page at hand and its dictionary: the column keeps them alive.
void LeafReader::keep_memory(Column& out) const {
  if (out.physical != millrace::Physical::kString && out.physical != millrace::Physical::kBytes) {
    return;
  }
  const auto keep = [&out](std::shared_ptr<const void> owner) {
    if (owner == nullptr) return;
    if (std::find(out.owners.begin(), out.owners.end(), owner) != out.owners.end()) return;
    out.owners.push_back(std::move(owner));
  };
  keep(page_);
  keep(values_.owner());
  keep(dictionary_page_);
}

const char* LeafReader::read_stretch(uint32_t count, uint32_t at, Column& out) {
  uint8_t* const to = out.values->data() + size_t{at} * width_;
  const uint32_t max = node_.max_definition;
  uint32_t level = max;
  if (max == 0 || definition_.take_repeated(count, level)) {
    if (!levels_.empty() || level != max) levels_.resize(at, max);
    if (!levels_.empty() || level != max) levels_.resize(at + count, level);
    if (level == max) return read_present(count, to);
    std::memset(to, 0, size_t{count} * width_);
    for (uint32_t row = 0; row < count; ++row) out.set_null(at + row);
    return nullptr;
  }
  levels_.resize(at, max);
  levels_.resize(at + count);
  uint32_t* const levels = levels_.data() + at;
  if (!definition_.read(count, levels)) return "a page ends before its levels";
  uint32_t present = 0;
  for (uint32_t row = 0; row < count; ++row) present += levels[row] == max ? 1 : 0;
  if (const char* reason = read_present(present, to)) return reason;
  if (present == count) return nullptr;
  spread(to, width_, levels, max, count, present);
  for (uint32_t row = 0; row < count; ++row) {
    if (levels[row] != max) out.set_null(at + row);
  }
  return nullptr;
}

const char* LeafReader::read_present(uint32_t count, uint8_t* to) {
  if (count == 0) return nullptr;
  if (values_.is_dictionary()) return gather(count, to);
  if (conversion_.kind == Conversion::Kind::kCopy) return values_.read(count, to);
  raw_.resize(size_t{count} * raw_width(node_.physical));
  if (const char* reason = values_.read(count, raw_.data())) return reason;
  return convert(conversion_, raw_.data(), count, to);
}

const char* LeafReader::gather(uint32_t count, uint8_t* to) {
  uint32_t indexes[kStretch];
  if (const char* reason = values_.read_indexes(count, indexes)) return reason;
  uint32_t largest = 0;
  for (uint32_t i = 0; i < count; ++i) largest = std::max(largest, indexes[i]);
  if (largest >= dictionary_count_) return "an index lies past the dictionary";
  const uint8_t* const from = dictionary_->data();
  switch (width_) {
    case 1: gather_as<uint8_t>(from, indexes, count, to); break;
    case 2: gather_as<uint16_t>(from, indexes, count, to); break;
    case 4: gather_as<uint32_t>(from, indexes, count, to); break;
    case 8: gather_as<uint64_t>(from, indexes, count, to); break;
    default: gather_as<Wide>(from, indexes, count, to);
  }
  return nullptr;
}

Status LeafReader::next_page() {
  while (page_rows_left_ == 0) {
    if (chunk_at_ >= chunk_bytes_) return fail("its pages end before its rows");
    const Bytes rest{chunk_->data() + chunk_at_, chunk_bytes_ - chunk_at_};
    PageHeader header;
    size_t taken;
    if (!read_page_header(rest, header, taken)) return fail("a page header is malformed");
    if (header.compressed_bytes > rest.size() - taken) return fail("a page is truncated");
    const uint64_t most = (uint64_t{header.compressed_bytes} + 1) << 16;
    if (header.uncompressed_bytes > kMaxPageBytes || header.uncompressed_bytes > most) {
      return fail("a page is too large");
    }
    const Bytes body = rest.subspan(taken, header.compressed_bytes);
    chunk_at_ += taken + header.compressed_bytes;
    if (const char* reason = load_page(header, body)) return fail(reason);
  }
  return Status::ok();
}

const char* LeafReader::load_page(const PageHeader& header, Bytes body) {
  switch (header.kind) {
    case PageHeader::Kind::kIndex: return nullptr;
    case PageHeader::Kind::kDictionary: return load_dictionary(header, body);
    case PageHeader::Kind::kData:
    case PageHeader::Kind::kDataV2: break;
  }
  if (header.value_count > group_rows_left_) return "a page has more rows than its row group";
  const char* const reason = header.kind == PageHeader::Kind::kData ? load_data_v1(header, body)
                                                                    : load_data_v2(header, body);
  if (reason != nullptr) return reason;
  group_rows_left_ -= header.value_count;
  page_rows_left_ = header.value_count;
  return nullptr;
}

// Leaves `page_` as the owner of what `unfolded` points to.
const char* LeafReader::unfold(Bytes body, uint32_t size, Bytes& unfolded) {
  if (codec_ == Codec::kUncompressed) {
    if (body.size() != size) return "an uncompressed page has two sizes";
    page_ = chunk_;
    unfolded = body;
    return nullptr;
  }
  page_ = padded_buffer(size);
  const std::span<uint8_t> target{page_->data(), size};
  unfolded = target;
  if (codec_ == Codec::kSnappy) return snappy_decompress(body, target);
  if (zstd_ == nullptr) zstd_ = std::make_unique<ZstdDecoder>();
  const char* const reason = zstd_->decompress(body, target);
  std::memset(page_->data() + size, 0, ZstdDecoder::kSlack);
  return reason;
}

const char* LeafReader::load_dictionary(const PageHeader& header, Bytes body) {
  Bytes bytes;
  if (const char* reason = unfold(body, header.uncompressed_bytes, bytes)) return reason;
  const uint32_t count = header.value_count;
  // Each value but those of width 0 takes room in the page.
  if (count > uint64_t{bytes.size()} * 8) return "a dictionary ends before its values";
  PageValues values;
  if (const char* reason =
          values.open(node_.physical, node_.type_length, Encoding::kPlain, bytes, count)) {
    return reason;
  }
  dictionary_page_ = page_;
  dictionary_ = std::make_shared<Buffer>(size_t{count} * width_);
  dictionary_count_ = count;
  if (conversion_.kind == Conversion::Kind::kCopy) return values.read(count, dictionary_->data());
  raw_.resize(size_t{count} * raw_width(node_.physical));
  if (const char* reason = values.read(count, raw_.data())) return reason;
  return convert(conversion_, raw_.data(), count, dictionary_->data());
}

// Definition levels with their length in front, then values; all of it compressed.
const char* LeafReader::load_data_v1(const PageHeader& header, Bytes body) {
  Bytes bytes;
  if (const char* reason = unfold(body, header.uncompressed_bytes, bytes)) return reason;
  if (node_.max_definition > 0) {
    uint32_t length;
    if (bytes.size() < 4) return "a page ends before its levels";
    std::memcpy(&length, bytes.data(), 4);
    if (length > bytes.size() - 4) return "a page ends before its levels";
    definition_.open(bytes.subspan(4, length), std::bit_width(node_.max_definition));
    bytes = bytes.subspan(4 + length);
  }
  return open_values(header, bytes, header.value_count);
}

// Levels as they are, then values, compressed or not.
const char* LeafReader::load_data_v2(const PageHeader& header, Bytes body) {
  const size_t levels = header.repetition_bytes + header.definition_bytes;
  const Bytes definition = body.subspan(header.repetition_bytes, header.definition_bytes);
  const uint32_t size = header.uncompressed_bytes - static_cast<uint32_t>(levels);
  Bytes bytes = body.subspan(levels);
  if (header.is_compressed && size > 0) {
    if (const char* reason = unfold(bytes, size, bytes)) return reason;
  } else {
    page_ = chunk_;
  }
  definition_.open(definition, std::bit_width(node_.max_definition));
  return open_values(header, bytes, header.value_count);
}

const char* LeafReader::open_values(const PageHeader& header, Bytes bytes, uint32_t rows) {
  const bool dictionary = header.encoding == Encoding::kPlainDictionary ||
                          header.encoding == Encoding::kRleDictionary;
  if (dictionary && dictionary_ == nullptr) return "a dictionary is missing";
  uint32_t present = rows;
  const bool counted = !dictionary && header.encoding != Encoding::kPlain;
  if (counted && node_.max_definition > 0) {
    // These encodings are unfolded whole and need the number of values.
    HybridDecoder levels = definition_;
    std::vector<uint32_t> stretch(kStretch);
    for (uint32_t done = 0; done < rows;) {
      const uint32_t take = std::min(rows - done, kStretch);
      if (!levels.read(take, stretch.data())) return "a page ends before its levels";
      for (uint32_t i = 0; i < take; ++i) present -= stretch[i] == node_.max_definition ? 0 : 1;
      done += take;
    }
  }
  return values_.open(node_.physical, node_.type_length, header.encoding, bytes, present);
}

}  // namespace millrace::parquet
