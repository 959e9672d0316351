#include "operators/row-store.h"

#include <algorithm>
#include <cstring>

#include "columnar/cell.h"

namespace millrace {

namespace {

// Dead text is not worth a copy of the rest below this.
constexpr size_t kLeastDeadText = 256 * 1024;

}  // namespace

Result<RowStore> RowStore::create(const Schema& schema) {
  RowStore store;
  for (const Field& field : schema) {
    StoredColumn column;
    column.type = field.type;
    const Physical physical = field.type.physical();
    column.is_nested = is_nested(physical);
    column.is_text = is_text(physical) || column.is_nested;
    column.width = column.is_text ? sizeof(StringView) : physical_width(physical);
    store.columns_.push_back(std::move(column));
  }
  return store;
}

uint32_t RowStore::take_id() {
  ++count_;
  if (!free_.empty()) {
    const uint32_t id = free_.back();
    free_.pop_back();
    alive_[id] = 1;
    return id;
  }
  const uint32_t id = capacity();
  alive_.push_back(1);
  for (StoredColumn& column : columns_) {
    column.values.resize(column.values.size() + column.width);
    column.present.push_back(0);
  }
  return id;
}

void RowStore::take_ids(size_t count, uint32_t* ids) {
  size_t taken = 0;
  for (; taken < count && !free_.empty(); ++taken) {
    ids[taken] = free_.back();
    free_.pop_back();
    alive_[ids[taken]] = 1;
  }
  const uint32_t first = capacity();
  const size_t fresh = count - taken;
  alive_.resize(first + fresh, 1);
  for (StoredColumn& column : columns_) {
    column.values.resize(column.values.size() + fresh * column.width);
    column.present.resize(column.present.size() + fresh);
  }
  for (size_t i = 0; i < fresh; ++i) ids[taken + i] = first + static_cast<uint32_t>(i);
  count_ += static_cast<uint32_t>(count);
}

namespace {

struct Words {
  uint64_t words[2];
};

template <typename T>
void scatter_as(const Column& from, std::span<const uint32_t> rows, const uint32_t* ids,
                uint8_t* to) {
  const T* const values = reinterpret_cast<const T*>(from.values->data());
  T* const out = reinterpret_cast<T*>(to);
  for (size_t i = 0; i < rows.size(); ++i) out[ids[i]] = values[from.at(rows[i])];
}

}  // namespace

void RowStore::copy_text(StoredColumn& own, const Column& from, std::span<const uint32_t> rows,
                         const uint32_t* ids) {
  auto* const out = reinterpret_cast<StringView*>(own.values.data());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (own.present[ids[i]] == 0) {
      out[ids[i]] = StringView();
      continue;
    }
    out[ids[i]] = kept_text(own, from, rows[i]);
  }
}

// A value that is there, copied into the arena.
StringView RowStore::kept_text(const StoredColumn& own, const Column& from, uint32_t row) {
  StringView copy;
  if (own.is_nested) {
    cell_.clear();
    append_cell(from, row, cell_);
    copy = arena_->copy(cell_.data(), cell_.size());
  } else {
    copy = arena_->copy(from.data<StringView>()[from.at(row)]);
  }
  if (!copy.is_inline()) text_bytes_ += copy.length;
  return copy;
}

void RowStore::add_rows(const std::vector<ColumnPtr>& columns, std::span<const uint32_t> rows,
                        uint32_t* ids) {
  take_ids(rows.size(), ids);
  for (size_t c = 0; c < columns_.size(); ++c) {
    StoredColumn& own = columns_[c];
    const Column& from = *columns[c];
    for (size_t i = 0; i < rows.size(); ++i) own.present[ids[i]] = from.is_null(rows[i]) ? 0 : 1;
    uint8_t* const to = own.values.data();
    if (own.is_text) {
      copy_text(own, from, rows, ids);
      continue;
    }
    switch (own.width) {
      case 0: break;
      case 1: scatter_as<uint8_t>(from, rows, ids, to); break;
      case 2: scatter_as<uint16_t>(from, rows, ids, to); break;
      case 4: scatter_as<uint32_t>(from, rows, ids, to); break;
      case 8: scatter_as<uint64_t>(from, rows, ids, to); break;
      default: scatter_as<Words>(from, rows, ids, to);
    }
  }
}

uint32_t RowStore::add(const std::vector<ColumnPtr>& columns, uint32_t row) {
  const uint32_t id = take_id();
  for (size_t i = 0; i < columns_.size(); ++i) {
    StoredColumn& own = columns_[i];
    const Column& from = *columns[i];
    uint8_t* const to = own.values.data() + size_t{id} * own.width;
    const bool present = !from.is_null(row);
    own.present[id] = present ? 1 : 0;
    if (!present) {
      if (own.width > 0) std::memset(to, 0, own.width);
    } else if (own.is_text) {
      const StringView copy = kept_text(own, from, row);
      std::memcpy(to, &copy, sizeof(copy));
    } else if (own.width > 0) {
      std::memcpy(to, from.values->data() + size_t{from.at(row)} * own.width, own.width);
    }
  }
  return id;
}

void RowStore::settle() {
  for (const uint32_t id : freed_) {
    alive_[id] = 0;
    for (uint32_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].is_text) continue;
      const StringView& view = text(i, id);
      if (!view.is_inline()) text_bytes_ -= view.length;
    }
    free_.push_back(id);
  }
  count_ -= static_cast<uint32_t>(freed_.size());
  freed_.clear();
  if (arena_->allocated_bytes() > 2 * text_bytes_ + kLeastDeadText) compact_text();
}

// Batches emitted before hold the old arena.
void RowStore::compact_text() {
  auto arena = std::make_shared<Arena>();
  for (StoredColumn& column : columns_) {
    if (!column.is_text) continue;
    auto* const views = reinterpret_cast<StringView*>(column.values.data());
    for (uint32_t id = 0; id < capacity(); ++id) {
      views[id] = alive_[id] != 0 ? arena->copy(views[id]) : StringView();
    }
  }
  arena_ = std::move(arena);
}

template <typename T>
static void gather_as(const uint8_t* from, std::span<const uint32_t> ids, uint8_t* to) {
  const T* const values = reinterpret_cast<const T*>(from);
  T* const out = reinterpret_cast<T*>(to);
  for (size_t i = 0; i < ids.size(); ++i) out[i] = values[ids[i]];
}

ColumnPtr RowStore::gather_cells(const StoredColumn& own, std::span<const uint32_t> ids) const {
  const auto* const cells = reinterpret_cast<const StringView*>(own.values.data());
  std::vector<StringView> gathered(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) gathered[i] = cells[ids[i]];
  return decode_cells(own.type, gathered, arena_);
}

ColumnPtr RowStore::gather(uint32_t index, std::span<const uint32_t> ids) const {
  const StoredColumn& own = columns_[index];
  if (own.is_nested) return gather_cells(own, ids);
  ColumnPtr out = make_column(own.type, static_cast<uint32_t>(ids.size()));
  const uint8_t* const from = own.values.data();
  switch (own.width) {
    case 0: break;
    case 1: gather_as<uint8_t>(from, ids, out->values->data()); break;
    case 2: gather_as<uint16_t>(from, ids, out->values->data()); break;
    case 4: gather_as<uint32_t>(from, ids, out->values->data()); break;
    case 8: gather_as<uint64_t>(from, ids, out->values->data()); break;
    default: gather_as<Words>(from, ids, out->values->data());
  }
  for (uint32_t i = 0; i < ids.size(); ++i) {
    if (own.present[ids[i]] == 0 && own.width > 0) out->set_null(i);
  }
  if (own.is_text) out->owners.push_back(arena_);
  return out;
}

bool RowStore::same(uint32_t a, uint32_t b, std::span<const uint32_t> which) const {
  if (a == b) return true;
  return std::ranges::all_of(which, [&](uint32_t i) {
    const StoredColumn& own = columns_[i];
    if (own.present[a] != own.present[b]) return false;
    if (own.present[a] == 0) return true;
    if (own.is_text) return text(i, a) == text(i, b);
    const uint8_t* const values = own.values.data();
    return std::memcmp(values + size_t{a} * own.width, values + size_t{b} * own.width,
                       own.width) == 0;
  });
}

bool RowStore::equals(uint32_t id, std::span<const uint32_t> which,
                      const std::vector<ColumnPtr>& columns, uint32_t row) const {
  for (const uint32_t i : which) {
    const StoredColumn& own = columns_[i];
    const Column& other = *columns[i];
    const bool present = own.present[id] != 0;
    if (present == other.is_null(row)) return false;
    if (!present || own.width == 0) continue;
    if (own.is_nested) {
      cell_.clear();
      append_cell(other, row, cell_);
      if (!(text(i, id) == StringView(cell_.data(), cell_.size()))) return false;
    } else if (own.is_text) {
      if (!(text(i, id) == other.data<StringView>()[other.at(row)])) return false;
    } else if (std::memcmp(own.values.data() + size_t{id} * own.width,
                           other.values->data() + size_t{other.at(row)} * own.width,
                           own.width) != 0) {
      return false;
    }
  }
  return true;
}

size_t RowStore::bytes() const {
  size_t bytes = arena_->allocated_bytes() + alive_.capacity() + free_.capacity() * 4;
  for (const StoredColumn& column : columns_) {
    bytes += column.values.capacity() + column.present.capacity();
  }
  return bytes;
}

}  // namespace millrace
