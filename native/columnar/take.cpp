#include "columnar/take.h"

#include <algorithm>

namespace millrace {
namespace {

uint32_t total_count(std::span<const ColumnPiece> pieces) {
  uint32_t total = 0;
  for (const ColumnPiece& piece : pieces) total += piece.rows.count;
  return total;
}

template <typename T>
void gather_piece(const ColumnPiece& piece, T* out) {
  const T* from = piece.column->data<T>();
  if (piece.column->constant) {
    std::fill_n(out, piece.rows.count, from[0]);
  } else if (piece.rows.is_dense()) {
    std::memcpy(out, from, size_t{piece.rows.count} * sizeof(T));
  } else {
    for (uint32_t i = 0; i < piece.rows.count; ++i) out[i] = from[piece.rows.indexes[i]];
  }
}

template <typename T>
void gather_values(std::span<const ColumnPiece> pieces, Column& out) {
  T* to = out.data<T>();
  for (const ColumnPiece& piece : pieces) {
    if (piece.rows.count == 0) continue;
    gather_piece(piece, to);
    to += piece.rows.count;
  }
}

struct Wide {
  uint64_t words[2];
};

void gather_fixed(std::span<const ColumnPiece> pieces, Column& out) {
  switch (physical_width(out.physical)) {
    case 1: return gather_values<uint8_t>(pieces, out);
    case 2: return gather_values<uint16_t>(pieces, out);
    case 4: return gather_values<uint32_t>(pieces, out);
    case 8: return gather_values<uint64_t>(pieces, out);
    case 16: return gather_values<Wide>(pieces, out);
    default: return;
  }
}

void gather_validity(std::span<const ColumnPiece> pieces, Column& out) {
  const bool any = std::any_of(pieces.begin(), pieces.end(), [](const ColumnPiece& piece) {
    return piece.column->validity != nullptr;
  });
  if (!any || out.physical == Physical::kNull) return;
  out.validity = std::make_shared<Buffer>((size_t{out.length} + 7) / 8);
  std::memset(out.validity->data(), 0xff, out.validity->size());
  uint8_t* bits = out.validity->data();
  uint32_t at = 0;
  for (const ColumnPiece& piece : pieces) {
    if (piece.column->validity == nullptr) {
      at += piece.rows.count;
      continue;
    }
    for (uint32_t i = 0; i < piece.rows.count; ++i, ++at) {
      if (piece.column->is_null(piece.rows[i])) clear_bit(bits, at);
    }
  }
}

// Each once. Neighbours mostly share theirs; sorting is for pieces of many batches.
void gather_owners(std::span<const ColumnPiece> pieces, Column& out) {
  out.owners = pieces.front().column->owners;
  if (pieces.size() == 1) return;
  for (const ColumnPiece& piece : pieces.subspan(1)) {
    for (const auto& owner : piece.column->owners) {
      if (out.owners.empty() || out.owners.back() != owner) out.owners.push_back(owner);
    }
  }
  std::sort(out.owners.begin(), out.owners.end());
  out.owners.erase(std::unique(out.owners.begin(), out.owners.end()), out.owners.end());
}

// Ranges point into the children: those of one piece are shared, those of several are put after
// each other and the ranges moved.
void gather_children_of_lists(std::span<const ColumnPiece> pieces, Column& out) {
  const std::vector<ColumnPtr>& first = pieces.front().column->children;
  if (pieces.size() == 1) {
    out.children = first;
    return;
  }
  Range* range = out.data<Range>();
  uint32_t offset = 0;
  for (const ColumnPiece& piece : pieces) {
    for (uint32_t i = 0; i < piece.rows.count; ++i) (range++)->start += offset;
    offset += piece.column->children.front()->length;
  }
  for (size_t child = 0; child < first.size(); ++child) {
    std::vector<ColumnPiece> parts;
    for (const ColumnPiece& piece : pieces) {
      const Column* items = piece.column->children[child].get();
      parts.push_back({items, {nullptr, items->length}});
    }
    out.children.push_back(gather(std::span<const ColumnPiece>(parts)));
  }
}

void gather_children_of_rows(std::span<const ColumnPiece> pieces, Column& out) {
  const size_t count = pieces.front().column->children.size();
  for (size_t child = 0; child < count; ++child) {
    std::vector<ColumnPiece> parts;
    std::vector<std::vector<uint32_t>> zeros;
    for (const ColumnPiece& piece : pieces) {
      const Column* part = piece.column->children[child].get();
      if (piece.column->constant && !part->constant) {
        zeros.emplace_back(piece.rows.count, 0u);
        parts.push_back({part, {zeros.back().data(), piece.rows.count}});
      } else {
        parts.push_back({part, piece.rows});
      }
    }
    out.children.push_back(gather(std::span<const ColumnPiece>(parts)));
  }
}

}  // namespace

ColumnPtr gather(std::span<const ColumnPiece> pieces) {
  const Column& first = *pieces.front().column;
  auto out = std::make_shared<Column>();
  out->type = first.type;
  out->physical = first.physical;
  out->length = total_count(pieces);
  const uint32_t width = physical_width(out->physical);
  if (width != 0) {
    out->values = std::make_shared<Buffer>(size_t{out->length} * width);
    gather_fixed(pieces, *out);
  }
  gather_validity(pieces, *out);
  if (out->physical == Physical::kRow) gather_children_of_rows(pieces, *out);
  if (is_list(out->physical)) gather_children_of_lists(pieces, *out);
  gather_owners(pieces, *out);
  return out;
}

ColumnPtr take(const Column& column, const Selection& rows) {
  const ColumnPiece piece{&column, rows};
  return gather(std::span<const ColumnPiece>(&piece, 1));
}

ColumnPtr null_column(const DataType& type, uint32_t count) {
  ColumnPtr column = make_column(type, count);
  if (column->values != nullptr) {
    std::memset(column->values->data(), 0, column->values->size());
  }
  column->validity = zeroed_buffer((count + 7) / 8);
  return column;
}

ColumnPtr take_or_null(const Column& column, std::span<const uint32_t> rows,
                       const DataType& type) {
  const auto count = static_cast<uint32_t>(rows.size());
  const bool has_all = std::find(rows.begin(), rows.end(), kNoRow) == rows.end();
  if (!has_all && column.length == 0) return null_column(type, count);
  ColumnPtr out;
  if (has_all) {
    out = take(column, {rows.data(), count});
  } else {
    std::vector<uint32_t> present(rows.begin(), rows.end());
    std::replace(present.begin(), present.end(), kNoRow, 0u);
    out = take(column, {present.data(), count});
    for (uint32_t i = 0; i < count; ++i) {
      if (rows[i] == kNoRow) out->set_null(i);
    }
  }
  out->type = type;
  return out;
}

ColumnPtr flattened(const ColumnPtr& column, uint32_t row_count) {
  return column->constant ? take(*column, {nullptr, row_count}) : column;
}

ColumnPtr slice(const Column& column, uint32_t start, uint32_t count) {
  std::vector<uint32_t> rows(count);
  for (uint32_t i = 0; i < count; ++i) rows[i] = start + i;
  return take(column, {rows.data(), count});
}

void remap_watermarks(const std::vector<WatermarkRun>& runs, const Selection& rows,
                      uint32_t offset, std::vector<WatermarkRun>& out) {
  uint32_t position = 0;
  for (const WatermarkRun& run : runs) {
    if (rows.is_dense()) {
      position = std::min(run.row, rows.count);
    } else {
      while (position < rows.count && rows.indexes[position] < run.row) ++position;
    }
    const uint32_t row = offset + position;
    if (!out.empty() && out.back().row == row) {
      out.back().watermark = std::max(out.back().watermark, run.watermark);
    } else {
      out.push_back({row, run.watermark});
    }
  }
}

static BufferPtr gather_kinds(std::span<const BatchPiece> pieces, uint32_t total) {
  const bool any = std::any_of(pieces.begin(), pieces.end(), [](const BatchPiece& piece) {
    return piece.batch->row_kinds != nullptr;
  });
  if (!any) return nullptr;
  BufferPtr kinds = zeroed_buffer(total);
  uint8_t* to = kinds->data();
  for (const BatchPiece& piece : pieces) {
    if (piece.batch->row_kinds != nullptr) {
      const uint8_t* from = piece.batch->row_kinds->data();
      for (uint32_t i = 0; i < piece.rows.count; ++i) to[i] = from[piece.rows[i]];
    }
    to += piece.rows.count;
  }
  return kinds;
}

Batch gather(std::span<const BatchPiece> pieces) {
  Batch out;
  for (const BatchPiece& piece : pieces) {
    remap_watermarks(piece.batch->watermarks, piece.rows, out.row_count, out.watermarks);
    out.row_count += piece.rows.count;
  }
  out.row_kinds = gather_kinds(pieces, out.row_count);
  const size_t columns = pieces.front().batch->columns.size();
  std::vector<ColumnPiece> parts(pieces.size());
  for (size_t column = 0; column < columns; ++column) {
    for (size_t i = 0; i < pieces.size(); ++i) {
      parts[i] = {pieces[i].batch->columns[column].get(), pieces[i].rows};
    }
    out.columns.push_back(gather(std::span<const ColumnPiece>(parts)));
  }
  return out;
}

Batch compacted(Batch batch) {
  if (batch.selected == nullptr) return batch;
  const BatchPiece piece{&batch, batch.selection()};
  return gather(std::span<const BatchPiece>(&piece, 1));
}

Batch compacted_if_sparse(Batch batch) {
  const bool sparse = batch.selected != nullptr && batch.active_count() < batch.row_count / 4;
  return sparse ? compacted(std::move(batch)) : batch;
}

Batch empty_batch(const Schema& schema) {
  Batch batch;
  for (const Field& field : schema) batch.columns.push_back(make_column(field.type, 0));
  return batch;
}

Batch watermark_batch(const Schema& schema, int64_t watermark) {
  Batch batch = empty_batch(schema);
  batch.watermarks.push_back({0, watermark});
  return batch;
}

}  // namespace millrace
