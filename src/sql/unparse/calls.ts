/**
 * Function calls and table arguments as SQL text.
 */
import type {
  FunctionCall, NamedArgument, OrderItem, TableArgument, WindowSpecification,
} from '../ast/index.js';
import { expressionList, expressionText } from './expressions.js';
import { dotted, identifierText, nameText, words } from './names.js';
import { orderItemText, orderText, queryText, windowText } from './queries.js';

/** name(arguments) with its clauses. */
export function callText(call: FunctionCall): string {
  const semantics = call.matchSemantics === undefined ? '' : `${words(call.matchSemantics)} `;
  const text = semantics + functionName(call) + argumentsText(call) + clausesText(call);
  return call.jdbcEscape === true ? `{fn ${text}}` : text;
}

/** Reserved words such as COUNT are names of functions without backticks. */
function functionName({ name: { parts } }: FunctionCall): string {
  const [only] = parts;
  const plain = only !== undefined && parts.length === 1 && !only.quoted
    && /^[A-Za-z_]\w*$/.test(only.name);
  return plain ? only.name : dotted(parts);
}

function argumentsText(call: FunctionCall): string {
  if (!call.parentheses) return '';
  const quantifier = call.quantifier === undefined ? '' : `${words(call.quantifier)} `;
  const inner = [quantifier + expressionList(call.arguments)];
  // Inside the parentheses only where the grammar has it; a plain call carries it behind.
  if (call.orderBy !== undefined) {
    if (call.nullTreatment !== undefined) inner.push(words(call.nullTreatment));
    inner.push(orderText(call.orderBy));
  }
  if (call.separator !== undefined) inner.push(`SEPARATOR ${expressionText(call.separator)}`);
  return `(${inner.join(' ')})`;
}

function clausesText(call: FunctionCall): string {
  const clauses: string[] = [];
  if (call.nullTreatment !== undefined && call.orderBy === undefined) {
    clauses.push(words(call.nullTreatment));
  }
  if (call.withinDistinct !== undefined) {
    clauses.push(`WITHIN DISTINCT (${expressionList(call.withinDistinct)})`);
  }
  if (call.withinGroup !== undefined) clauses.push(withinGroupText(call.withinGroup));
  const text = clauses.map((clause) => ` ${clause}`).join('');
  return text + aggregateClauses(call);
}

/** WITHIN GROUP (ORDER BY ..) */
function withinGroupText(order: readonly OrderItem[]): string {
  return `WITHIN GROUP (${orderText(order)})`;
}

/** [FILTER (WHERE ..)] [OVER ..], each behind a blank. */
export function aggregateClauses({ filter, over }: Pick<FunctionCall, 'filter' | 'over'>): string {
  const filtered = filter === undefined ? '' : ` FILTER (WHERE ${expressionText(filter)})`;
  return filtered + (over === undefined ? '' : ` OVER ${overText(over)}`);
}

/** OVER w where the window is only a name. */
function overText(window: WindowSpecification): string {
  const bare = window.base !== undefined && window.partitionBy.length === 0
    && window.orderBy.length === 0 && window.frame === undefined
    && window.allowPartial === undefined;
  return bare && window.base !== undefined ? identifierText(window.base) : windowText(window);
}

/** name => value */
export function namedArgumentText({ name, value }: NamedArgument): string {
  return `${identifierText(name)} => ${expressionText(value)}`;
}

/** TABLE t PARTITION BY .. ORDER BY .. */
export function tableArgumentText(argument: TableArgument): string {
  const { table, query, partitionBy, orderBy } = argument;
  const source = table === undefined
    ? query === undefined ? '' : `(${queryText(query)})` : `TABLE ${nameText(table)}`;
  const partition = partitionBy.length === 0 ? ''
    : ` PARTITION BY (${expressionList(partitionBy)})`;
  const order = orderBy.length === 0 ? ''
    : ` ORDER BY (${orderBy.map(orderItemText).join(', ')})`;
  return source + partition + order;
}
