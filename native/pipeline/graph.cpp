#include "pipeline/graph.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <span>

namespace millrace {
namespace {

constexpr int32_t kMaxPorts = 1024;

Status bad_plan(const std::string& what) { return Status::error("MR9001", "plan: " + what); }

class Builder {
 public:
  Builder(Graph& graph, uint32_t parallelism) : graph_(graph), parallelism_(parallelism) {}

  Status run() {
    MR_TRY(decode_nodes());
    MR_TRY(number_ports());
    MR_TRY(connect());
    MR_TRY(find_depths());
    MR_TRY(group());
    MR_TRY(find_links());
    set_parallelism();
    return check_lanes();
  }

 private:
  Status decode_nodes();
  Status decode_node(const plan::Value& value, GraphNode& node);
  Status number_ports();
  Status connect();
  Status find_depths();
  Status group();
  Status find_links();
  Status add_link(uint32_t from, EdgeTarget to);
  void set_parallelism();
  [[nodiscard]] Status check_lanes() const;

  [[nodiscard]] bool is_exchange(uint32_t node) const {
    return graph_.nodes[node].plan.kind == "exchange";
  }
  // At parallelism 1 only a hash exchange is a border of tasks; the others vanish.
  [[nodiscard]] Result<Distribution> distribution(uint32_t exchange) const;
  // The node that really produces an input, behind exchanges that vanish; and the exchange in
  // between, if any.
  uint32_t root(uint32_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }

  Graph& graph_;
  uint32_t parallelism_;
  std::map<int64_t, uint32_t> position_of_;
  std::vector<uint32_t> depth_;
  std::vector<uint32_t> parent_;
};

Status Builder::decode_nodes() {
  MR_TRY_ASSIGN(const auto nodes, graph_.plan.list_at("nodes"));
  MR_TRY_ASSIGN(graph_.zone, graph_.plan.string_at("zone"));
  graph_.nodes.resize(nodes.size());
  for (uint32_t i = 0; i < nodes.size(); ++i) {
    MR_TRY(decode_node(nodes[i], graph_.nodes[i]));
    if (!position_of_.emplace(graph_.nodes[i].plan.id, i).second) {
      return bad_plan("node id is not unique");
    }
  }
  return Status::ok();
}

Status Builder::decode_node(const plan::Value& value, GraphNode& node) {
  PlanNode& plan = node.plan;
  plan.value = &value;
  MR_TRY_ASSIGN(const int64_t id, value.int_at("id"));
  if (id < 0 || id > INT32_MAX) return bad_plan("node id is out of range");
  plan.id = static_cast<int32_t>(id);
  MR_TRY_ASSIGN(plan.kind, value.string_at("kind"));
  MR_TRY_ASSIGN(plan.semantic_id, value.string_at("semanticId"));
  MR_TRY_ASSIGN(const plan::Value* schema, value.member("schema"));
  MR_TRY_ASSIGN(plan.schema, plan::decode_schema(*schema));
  MR_TRY_ASSIGN(const auto inputs, value.list_at("inputs"));
  for (const plan::Value& input : inputs) {
    MR_TRY_ASSIGN(const int64_t input_id, input.as_int());
    const auto found = position_of_.find(input_id);
    if (found == position_of_.end()) return bad_plan("input does not come before its node");
    plan.inputs.push_back(found->second);
    plan.input_schemas.push_back(graph_.nodes[found->second].plan.schema);
  }
  const bool wants_inputs = !node.is_source();
  if (wants_inputs == plan.inputs.empty()) return bad_plan("wrong number of inputs: " + plan.kind);
  if ((plan.kind == "exchange" || plan.kind == "sink") && plan.inputs.size() != 1) {
    return bad_plan("wrong number of inputs: " + plan.kind);
  }
  return Status::ok();
}

Result<int32_t> port_number(const PlanNode& plan, std::string_view name) {
  const std::string_view text = plan.option(name);
  int32_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || number < 0 || number >= kMaxPorts) {
    return bad_plan("port number is wrong: " + std::string(name));
  }
  return number;
}

Result<uint32_t> optional_number(const PlanNode& plan, std::string_view name) {
  if (!plan.has_option(name)) return 0u;
  MR_TRY_ASSIGN(const int32_t number, port_number(plan, name));
  return static_cast<uint32_t>(number);
}

Status Builder::number_ports() {
  for (GraphNode& node : graph_.nodes) {
    MR_TRY_ASSIGN(node.lanes, optional_number(node.plan, "lanes"));
    if (node.plan.kind == "sink" && node.plan.has_option("output")) {
      MR_TRY_ASSIGN(node.output, port_number(node.plan, "output"));
      const uint32_t end = static_cast<uint32_t>(node.output) + node.port_count();
      graph_.output_count = std::max(graph_.output_count, end);
    }
    if (node.plan.kind != "source") continue;
    MR_TRY_ASSIGN(const std::string_view connector, node.plan.value->string_at("connector"));
    if (connector != "external") continue;
    MR_TRY_ASSIGN(node.external, port_number(node.plan, "input"));
    const uint32_t end = static_cast<uint32_t>(node.external) + node.port_count();
    graph_.input_count = std::max(graph_.input_count, end);
  }
  return Status::ok();
}

Result<Distribution> Builder::distribution(uint32_t exchange) const {
  MR_TRY_ASSIGN(const std::string_view name,
                graph_.nodes[exchange].plan.value->string_at("distribution"));
  if (name == "hash") return Distribution::kHash;
  if (name == "single") return Distribution::kSingle;
  if (name == "rebalance") return Distribution::kRebalance;
  return bad_plan("unknown distribution");
}

// At parallelism 1 an exchange that is no hash exchange is taken out of the graph.
Status Builder::connect() {
  for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
    for (uint32_t& input : graph_.nodes[node].plan.inputs) {
      while (is_exchange(input)) {
        MR_TRY_ASSIGN(const Distribution kind, distribution(input));
        const bool vanishes = parallelism_ == 1 && kind != Distribution::kHash;
        if (!vanishes) break;
        input = graph_.nodes[input].plan.inputs[0];
      }
    }
  }
  return Status::ok();
}

Status Builder::find_depths() {
  depth_.assign(graph_.nodes.size(), 0);
  for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
    if (graph_.nodes[node].external >= 0) {
      MR_TRY_ASSIGN(depth_[node], optional_number(graph_.nodes[node].plan, "depth"));
    }
    for (const uint32_t input : graph_.nodes[node].plan.inputs) {
      const uint32_t step = is_exchange(input) ? 1 : 0;
      depth_[node] = std::max(depth_[node], depth_[input] + step);
    }
  }
  return Status::ok();
}

// Nodes of one depth that are connected form a fragment.
Status Builder::group() {
  parent_.resize(graph_.nodes.size());
  std::iota(parent_.begin(), parent_.end(), 0u);
  for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
    if (is_exchange(node)) {
      const uint32_t input = graph_.nodes[node].plan.inputs[0];
      if (is_exchange(input)) return bad_plan("exchange of an exchange");
      continue;
    }
    for (const uint32_t input : graph_.nodes[node].plan.inputs) {
      if (!is_exchange(input) && depth_[input] == depth_[node]) parent_[root(input)] = root(node);
    }
  }
  std::map<uint32_t, uint32_t> fragment_of;
  for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
    if (is_exchange(node)) continue;
    const auto next = static_cast<uint32_t>(graph_.fragments.size());
    const auto [found, is_new] = fragment_of.emplace(root(node), next);
    if (is_new) graph_.fragments.emplace_back();
    graph_.nodes[node].fragment = found->second;
    graph_.fragments[found->second].nodes.push_back(node);
  }
  return Status::ok();
}

Status Builder::find_links() {
  for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
    if (is_exchange(node)) continue;
    const std::vector<uint32_t>& inputs = graph_.nodes[node].plan.inputs;
    for (uint32_t input = 0; input < inputs.size(); ++input) {
      const EdgeTarget target{node, input};
      const uint32_t from = inputs[input];
      const bool is_local = !is_exchange(from) &&
                            graph_.nodes[from].fragment == graph_.nodes[node].fragment;
      if (is_local) {
        graph_.nodes[from].local.push_back(target);
      } else {
        MR_TRY(add_link(from, target));
      }
    }
  }
  return Status::ok();
}

Status Builder::add_link(uint32_t from, EdgeTarget to) {
  Link link{from, to, Distribution::kForward, {}};
  if (is_exchange(from)) {
    const PlanNode& exchange = graph_.nodes[from].plan;
    MR_TRY_ASSIGN(link.distribution, distribution(from));
    MR_TRY_ASSIGN(link.keys, exchange.value->indexes_at("keys"));
    for (const uint32_t key : link.keys) {
      if (key >= exchange.schema.size()) return bad_plan("exchange key is out of range");
    }
    if (link.distribution == Distribution::kHash && link.keys.empty()) {
      return bad_plan("hash exchange without keys");
    }
    link.producer = exchange.inputs[0];
  }
  const auto index = static_cast<uint32_t>(graph_.links.size());
  graph_.nodes[link.producer].links.push_back(index);
  graph_.fragments[graph_.nodes[to.node].fragment].input_links.push_back(index);
  graph_.links.push_back(std::move(link));
  return Status::ok();
}

// Behind a single exchange there is one subtask, and where a border, or a table that one subtask
// reads, says so.
void Builder::set_parallelism() {
  for (Fragment& fragment : graph_.fragments) {
    const bool is_behind_single = std::any_of(
        fragment.input_links.begin(), fragment.input_links.end(), [&](uint32_t link) {
          return graph_.links[link].distribution == Distribution::kSingle;
        });
    const bool is_told = std::any_of(
        fragment.nodes.begin(), fragment.nodes.end(), [&](uint32_t node) {
          const GraphNode& source = graph_.nodes[node];
          if (source.external >= 0) return source.plan.option("subtasks") == "1";
          return source.plan.kind == "source" && source.plan.option("scan.parallelism") == "1";
        });
    fragment.parallelism = is_behind_single || is_told ? 1 : parallelism_;
  }
}

// A sink at a border has a lane for each of its subtasks.
Status Builder::check_lanes() const {
  for (const GraphNode& node : graph_.nodes) {
    if (node.output < 0 || !node.is_border()) continue;
    if (node.lanes != graph_.fragments[node.fragment].parallelism) {
      return bad_plan("a border has other lanes than subtasks");
    }
  }
  return Status::ok();
}

}  // namespace

Result<std::shared_ptr<const Graph>> make_graph(std::span<const uint8_t> encoded_plan,
                                                uint32_t parallelism) {
  auto graph = std::make_shared<Graph>();
  MR_TRY_ASSIGN(graph->plan, plan::decode_plan(encoded_plan));
  MR_TRY(Builder(*graph, parallelism).run());
  return std::shared_ptr<const Graph>(std::move(graph));
}

}  // namespace millrace
