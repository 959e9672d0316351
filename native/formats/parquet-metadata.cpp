#include "formats/parquet-metadata.h"

#include <cstring>

#include "formats/parquet-thrift.h"

namespace millrace::parquet {

namespace {

constexpr uint64_t kMaxFooterBytes = 256u << 20;
constexpr uint32_t kMaxSchemaDepth = 64;

// A schema element as it is written.
struct Element {
  SchemaNode node;
  int32_t repetition = 0;  // 0 required, 1 optional, 2 repeated
  int32_t child_count = 0;
};

enum ConvertedType : int32_t {
  kConvertedDecimal = 5, kConvertedDate = 6, kTimeMillis = 7, kTimeMicros = 8,
  kTimestampMillis = 9, kTimestampMicros = 10, kUint8 = 11, kUint64 = 14,
};

void apply_converted(int32_t converted, SchemaNode& node) {
  switch (converted) {
    case kConvertedDecimal: node.logical = Logical::kDecimal; break;
    case kConvertedDate: node.logical = Logical::kDate; break;
    case kTimeMillis:
    case kTimeMicros:
      node.logical = Logical::kTime;
      node.ticks_per_second = converted == kTimeMillis ? 1'000 : 1'000'000;
      break;
    case kTimestampMillis:
    case kTimestampMicros:
      node.logical = Logical::kTimestamp;
      node.ticks_per_second = converted == kTimestampMillis ? 1'000 : 1'000'000;
      break;
    default:
      if (converted >= kUint8 && converted <= kUint64) node.logical = Logical::kUnsigned;
  }
}

// TIME and TIMESTAMP: {1: adjusted to UTC, 2: unit {1: ms, 2: us, 3: ns}}.
void read_time_type(ThriftReader& reader, SchemaNode& node) {
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (id != 2 || type != ThriftReader::kStruct) return reader.skip(type);
    reader.read_struct([&](int32_t unit, uint8_t unit_type) {
      node.ticks_per_second = unit == 1 ? 1'000 : unit == 2 ? 1'000'000 : 1'000'000'000;
      reader.skip(unit_type);
    });
  });
}

void read_integer_type(ThriftReader& reader, SchemaNode& node) {
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (id == 2 && !ThriftReader::boolean(type)) node.logical = Logical::kUnsigned;
    reader.skip(type);
  });
}

void read_logical_type(ThriftReader& reader, SchemaNode& node) {
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (type != ThriftReader::kStruct) return reader.skip(type);
    switch (id) {
      case 5: node.logical = Logical::kDecimal; return reader.skip(type);
      case 6: node.logical = Logical::kDate; return reader.skip(type);
      case 7: node.logical = Logical::kTime; return read_time_type(reader, node);
      case 8: node.logical = Logical::kTimestamp; return read_time_type(reader, node);
      case 10: return read_integer_type(reader, node);
      case 15: node.logical = Logical::kOther; return reader.skip(type);  // half floats
      default: return reader.skip(type);
    }
  });
}

Element read_element(ThriftReader& reader) {
  Element element;
  SchemaNode& node = element.node;
  reader.read_struct([&](int32_t id, uint8_t type) {
    switch (id) {
      case 1: node.physical = static_cast<Physical>(reader.integer() & 7); break;
      case 2: node.type_length = static_cast<uint32_t>(reader.integer()); break;
      case 3: element.repetition = static_cast<int32_t>(reader.integer()); break;
      case 4: node.name = reader.text(); break;
      case 5: element.child_count = static_cast<int32_t>(reader.integer()); break;
      case 6: apply_converted(static_cast<int32_t>(reader.integer()), node); break;
      case 7: node.scale = static_cast<int32_t>(reader.integer()); break;
      case 8: node.precision = static_cast<int32_t>(reader.integer()); break;
      case 10:
        if (type == ThriftReader::kStruct) read_logical_type(reader, node);
        else reader.skip(type);
        break;
      default: reader.skip(type);
    }
  });
  return element;
}

// A signed number of 4 or 8 bytes, lowest first.
std::optional<int64_t> whole_number(const std::string& bytes) {
  if (bytes.size() == 4) {
    int32_t number;
    std::memcpy(&number, bytes.data(), 4);
    return number;
  }
  if (bytes.size() != 8) return std::nullopt;
  int64_t number;
  std::memcpy(&number, bytes.data(), 8);
  return number;
}

// {1: max, 2: min} of older writers, {5: max, 6: min} of others.
void read_statistics(ThriftReader& reader, ColumnChunk& chunk) {
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (type != ThriftReader::kBinary || id > 6) return reader.skip(type);
    const std::string bytes = reader.text();
    if (id == 1 || id == 5) chunk.most = whole_number(bytes);
    if (id == 2 || id == 6) chunk.least = whole_number(bytes);
  });
}

void read_chunk_metadata(ThriftReader& reader, ColumnChunk& chunk) {
  int64_t data_page = 0;
  int64_t dictionary_page = 0;
  reader.read_struct([&](int32_t id, uint8_t type) {
    switch (id) {
      case 1: chunk.physical = static_cast<Physical>(reader.integer() & 7); break;
      case 4: chunk.codec = static_cast<Codec>(reader.integer() & 15); break;
      case 5: chunk.value_count = reader.integer(); break;
      case 7: chunk.bytes = reader.integer(); break;
      case 9: data_page = reader.integer(); break;
      case 11: dictionary_page = reader.integer(); break;
      case 12:
        if (type == ThriftReader::kStruct) read_statistics(reader, chunk);
        else reader.skip(type);
        break;
      default: reader.skip(type);
    }
  });
  if (chunk.physical != Physical::kInt32 && chunk.physical != Physical::kInt64) {
    chunk.least = chunk.most = std::nullopt;
  }
  // Some writers leave the dictionary's offset 0 or out: the data page's then comes first.
  chunk.start = dictionary_page > 0 && dictionary_page < data_page ? dictionary_page : data_page;
}

RowGroup read_row_group(ThriftReader& reader) {
  RowGroup group;
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (id == 1) {
      reader.read_list(type, [&](uint8_t) {
        ColumnChunk& chunk = group.columns.emplace_back();
        reader.read_struct([&](int32_t field, uint8_t field_type) {
          if (field == 3 && field_type == ThriftReader::kStruct) {
            read_chunk_metadata(reader, chunk);
          } else {
            reader.skip(field_type);
          }
        });
      });
    } else if (id == 3) {
      group.row_count = reader.integer();
    } else {
      reader.skip(type);
    }
  });
  return group;
}

// Makes the tree of the flat list; false where the list does not fit one.
bool build_tree(std::vector<Element>& elements, size_t& next, uint8_t definition,
                uint8_t repetition, uint32_t depth, FileMetadata& metadata) {
  if (next >= elements.size() || depth > kMaxSchemaDepth) return false;
  const uint32_t index = static_cast<uint32_t>(next);
  Element& element = elements[next++];
  if (depth > 0 && element.repetition != 0) ++definition;
  if (depth > 0 && element.repetition == 2) ++repetition;
  element.node.max_definition = definition;
  element.node.max_repetition = repetition;
  if (element.child_count < 0) return false;
  if (element.child_count == 0 && depth > 0) {
    element.node.leaf = static_cast<int32_t>(metadata.leaf_count++);
  }
  for (int32_t i = 0; i < element.child_count; ++i) {
    elements[index].node.children.push_back(static_cast<uint32_t>(next));
    if (!build_tree(elements, next, definition, repetition, depth + 1, metadata)) return false;
  }
  return true;
}

bool parse_footer(std::span<const uint8_t> bytes, FileMetadata& metadata) {
  ThriftReader reader(bytes);
  std::vector<Element> elements;
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (id == 2) {
      reader.read_list(type, [&](uint8_t) { elements.push_back(read_element(reader)); });
    } else if (id == 4) {
      reader.read_list(type,
                       [&](uint8_t) { metadata.row_groups.push_back(read_row_group(reader)); });
    } else {
      reader.skip(type);
    }
  });
  size_t next = 0;
  if (reader.failed() || !build_tree(elements, next, 0, 0, 0, metadata)) return false;
  if (next != elements.size()) return false;
  for (Element& element : elements) metadata.nodes.push_back(std::move(element.node));
  return true;
}

Status check_row_groups(const FileInput& file, const FileMetadata& metadata) {
  for (const RowGroup& group : metadata.row_groups) {
    if (group.columns.size() != metadata.leaf_count || group.row_count < 0) {
      return file_error(file, "Parquet footer is malformed: a row group lacks columns");
    }
    for (const ColumnChunk& chunk : group.columns) {
      const bool inside = chunk.start >= 0 && chunk.bytes >= 0 &&
                          static_cast<uint64_t>(chunk.start) <= file.size() &&
                          static_cast<uint64_t>(chunk.bytes) <= file.size() - chunk.start;
      if (!inside) {
        return file_error(file, "Parquet file is truncated: a column lies past its end");
      }
    }
  }
  return Status::ok();
}

}  // namespace

Status file_error(const FileInput& file, const std::string& reason) {
  return Status::error("MR4002", file.path() + ": " + reason);
}

const SchemaNode* FileMetadata::child(const SchemaNode& parent, const std::string& name) const {
  for (const uint32_t index : parent.children) {
    if (nodes[index].name == name) return &nodes[index];
  }
  return nullptr;
}

// The file's end: footer, its length in 4 bytes, "PAR1".
Result<FileMetadata> read_metadata(const FileInput& file) {
  uint8_t tail[8];
  if (file.size() < 12) return file_error(file, "not a Parquet file: too short");
  MR_TRY_ASSIGN(const size_t got, file.read_at(file.size() - 8, tail, 8));
  if (got < 8 || std::memcmp(tail + 4, "PAR1", 4) != 0) {
    return file_error(file, "not a Parquet file, or a truncated one: no PAR1 at its end");
  }
  const uint64_t length = tail[0] | tail[1] << 8 | tail[2] << 16 | uint64_t{tail[3]} << 24;
  if (length > file.size() - 12 || length > kMaxFooterBytes) {
    return file_error(file, "Parquet footer is malformed: its length");
  }
  std::vector<uint8_t> bytes(length);
  MR_TRY_ASSIGN(const size_t read, file.read_at(file.size() - 8 - length, bytes.data(), length));
  if (read < length) return file_error(file, "Parquet file is truncated: in its footer");
  FileMetadata metadata;
  if (!parse_footer(bytes, metadata)) return file_error(file, "Parquet footer is malformed");
  MR_TRY(check_row_groups(file, metadata));
  return metadata;
}

bool read_page_header(std::span<const uint8_t> bytes, PageHeader& header, size_t& taken) {
  ThriftReader reader(bytes);
  int64_t kind = -1, uncompressed = -1, compressed = -1, values = -1, encoding = 0;
  int64_t definition = 0, repetition = 0;
  header.is_compressed = true;
  const auto read_part = [&](bool v2) {
    reader.read_struct([&](int32_t id, uint8_t type) {
      if (id == 1) values = reader.integer();
      else if (id == (v2 ? 4 : 2)) encoding = reader.integer();
      else if (v2 && id == 5) definition = reader.integer();
      else if (v2 && id == 6) repetition = reader.integer();
      else if (v2 && id == 7) header.is_compressed = ThriftReader::boolean(type);
      else reader.skip(type);
    });
  };
  reader.read_struct([&](int32_t id, uint8_t type) {
    if (id == 1) kind = reader.integer();
    else if (id == 2) uncompressed = reader.integer();
    else if (id == 3) compressed = reader.integer();
    else if (id == 5 || id == 7) read_part(false);
    else if (id == 8) read_part(true);
    else reader.skip(type);
  });
  constexpr int64_t kMost = INT32_MAX;
  if (reader.failed() || kind < 0 || kind > 3) return false;
  if (uncompressed < 0 || uncompressed > kMost) return false;
  if (compressed < 0 || compressed > kMost) return false;
  if (kind != 1 && (values < 0 || values > kMost)) return false;
  if (definition < 0 || repetition < 0 || encoding < 0 || encoding > 255) return false;
  if (definition + repetition > compressed || definition + repetition > uncompressed) return false;
  header.kind = static_cast<PageHeader::Kind>(kind);
  header.uncompressed_bytes = static_cast<uint32_t>(uncompressed);
  header.compressed_bytes = static_cast<uint32_t>(compressed);
  header.value_count = kind == 1 ? 0 : static_cast<uint32_t>(values);
  header.encoding = static_cast<Encoding>(encoding);
  header.definition_bytes = static_cast<uint32_t>(definition);
  header.repetition_bytes = static_cast<uint32_t>(repetition);
  taken = reader.position();
  return true;
}

}  // namespace millrace::parquet
