#include "formats/decoder.h"

#include "formats/json-envelope.h"

namespace millrace {

Result<std::unique_ptr<FileDecoder>> make_file_decoder(const SourceSpec& spec,
                                                       const std::string& zone) {
  if (spec.format == "csv") return make_csv_file_decoder(spec, zone);
  if (spec.format == "json") return make_json_file_decoder(spec, zone);
  if (spec.format == "parquet") return make_parquet_file_decoder(spec, zone);
  if (json::envelope_of(spec.format) != nullptr) return make_change_file_decoder(spec, zone);
  return Status::error("MR2014", "format " + spec.format);
}

}  // namespace millrace
