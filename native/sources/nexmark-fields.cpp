// Which Nexmark field a source column is.
#include "sources/nexmark-generator.h"

namespace millrace::nexmark {

struct FieldRow {
  const char* name;
  FieldName field;
  TypeRoot root;
};

constexpr FieldRow kPersonFields[] = {
    {"id", FieldName::kPersonId, TypeRoot::kBigint},
    {"name", FieldName::kName, TypeRoot::kVarchar},
    {"emailAddress", FieldName::kEmail, TypeRoot::kVarchar},
    {"creditCard", FieldName::kCreditCard, TypeRoot::kVarchar},
    {"city", FieldName::kCity, TypeRoot::kVarchar},
    {"state", FieldName::kState, TypeRoot::kVarchar},
    {"dateTime", FieldName::kPersonTime, TypeRoot::kTimestamp},
    {"extra", FieldName::kPersonExtra, TypeRoot::kVarchar},
};
constexpr FieldRow kAuctionFields[] = {
    {"id", FieldName::kAuctionId, TypeRoot::kBigint},
    {"itemName", FieldName::kItemName, TypeRoot::kVarchar},
    {"description", FieldName::kDescription, TypeRoot::kVarchar},
    {"initialBid", FieldName::kInitialBid, TypeRoot::kBigint},
    {"reserve", FieldName::kReserve, TypeRoot::kBigint},
    {"dateTime", FieldName::kAuctionTime, TypeRoot::kTimestamp},
    {"expires", FieldName::kExpires, TypeRoot::kTimestamp},
    {"seller", FieldName::kSeller, TypeRoot::kBigint},
    {"category", FieldName::kCategory, TypeRoot::kBigint},
    {"extra", FieldName::kAuctionExtra, TypeRoot::kVarchar},
};
constexpr FieldRow kBidFields[] = {
    {"auction", FieldName::kBidAuction, TypeRoot::kBigint},
    {"bidder", FieldName::kBidder, TypeRoot::kBigint},
    {"price", FieldName::kPrice, TypeRoot::kBigint},
    {"channel", FieldName::kChannel, TypeRoot::kVarchar},
    {"url", FieldName::kUrl, TypeRoot::kVarchar},
    {"dateTime", FieldName::kBidTime, TypeRoot::kTimestamp},
    {"extra", FieldName::kBidExtra, TypeRoot::kVarchar},
};

static std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& step : path) text += (text.empty() ? "" : ".") + step;
  return text;
}

static Status wrong_type(const std::string& name) {
  return Status::error("MR2007", "nexmark column " + name + " has another type");
}

static Result<FieldPlan> plan_leaf(std::span<const FieldRow> table, Kind kind,
                                   const std::string& prefix, const std::string& name,
                                   const DataType& type) {
  for (const FieldRow& row : table) {
    if (name != row.name) continue;
    const bool whole_text = type.root != TypeRoot::kVarchar || type.length == 2'147'483'647;
    const bool millis = type.root != TypeRoot::kTimestamp || type.precision == 3;
    if (type.root != row.root || !whole_text || !millis) return wrong_type(prefix + "." + name);
    return FieldPlan{row.field, kind, type, {}};
  }
  return Status::error("MR2002", prefix + "." + name);
}

static Result<FieldPlan> plan_row(std::span<const FieldRow> table, Kind kind,
                                  const SourceColumn& column) {
  if (column.type.root != TypeRoot::kRow) return wrong_type(column.path[0]);
  FieldPlan plan{FieldName::kWholeRow, kind, column.type, {}};
  for (const Field& field : column.type.fields) {
    MR_TRY_ASSIGN(FieldPlan child,
                  plan_leaf(table, kind, column.path[0], field.name, field.type));
    plan.children.push_back(std::move(child));
  }
  return plan;
}

Result<FieldPlan> plan_field(const SourceColumn& column) {
  const std::string& top = column.path[0];
  if (top == "event_type" && column.path.size() == 1) {
    if (column.type.root != TypeRoot::kInteger) return wrong_type(top);
    return FieldPlan{FieldName::kEventType, Kind::kBid, column.type, {}};
  }
  std::span<const FieldRow> table;
  Kind kind = Kind::kPerson;
  if (top == "person") table = kPersonFields;
  else if (top == "auction") { table = kAuctionFields; kind = Kind::kAuction; }
  else if (top == "bid") { table = kBidFields; kind = Kind::kBid; }
  if (table.empty() || column.path.size() > 2) return Status::error("MR2002", joined(column.path));
  if (column.path.size() == 1) return plan_row(table, kind, column);
  return plan_leaf(table, kind, top, column.path[1], column.type);
}

}  // namespace millrace::nexmark
