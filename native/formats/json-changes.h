// Records of change data capture into rows with kinds. A batch of records becomes one of rows by
// gathering: an index a row into the rows as they were, followed by the rows as they are.
// src/formats/json/changes.ts is the same in TypeScript.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "columnar/take.h"
#include "formats/json-envelope.h"

namespace millrace::json {

class ChangeRecords {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ChangeRecords>> make(const SourceSpec& spec);

  // What a RecordDecoder is made for.
  [[nodiscard]] const SourceSpec& record_spec() const { return record_spec_; }
  [[nodiscard]] bool takes_arrays() const { return envelope_->takes_arrays; }

  // A record that tells no change, and why.
  struct Fault {
    uint32_t record;
    std::string reason;
  };
  // The rows of the records; those of a record before what is wrong with it are kept. Faults are
  // added up, or end the work at the first where `stops_at_fault`.
  [[nodiscard]] Batch unfold(const Batch& records, bool stops_at_fault,
                             std::vector<Fault>& faults);

 private:
  struct Filter {
    std::string member;
    std::string wanted;
  };

  ChangeRecords() = default;
  Status add_filters(const SourceSpec& spec);
  void add_record_columns(const std::vector<std::string>& prefix);
  [[nodiscard]] std::string unfold_one(const Batch& records, uint32_t record);
  [[nodiscard]] std::string unfold_row(const Batch& records, uint32_t record, ChangeVerb verb);
  [[nodiscard]] std::string unfold_list(const Batch& records, uint32_t record, ChangeVerb verb);
  void put(ChangeVerb verb, uint32_t record, uint32_t old, uint32_t data);
  void change(RowKind kind, uint32_t record, uint32_t from, uint32_t unchanged);
  [[nodiscard]] ColumnPtr gathered(const Batch& records, const SourceColumn& column) const;

  const Envelope* envelope_ = nullptr;
  SourceSpec record_spec_;
  std::vector<SourceColumn> columns_;
  Schema fields_;  // of the rows, as far as columns need them
  std::vector<Filter> filters_;
  // One a row: its kind, where it stands, where else its fields may stand, its record.
  std::vector<RowKind> kinds_;
  std::vector<uint32_t> from_;
  std::vector<uint32_t> unchanged_;
  std::vector<uint32_t> records_;
};

}  // namespace millrace::json
