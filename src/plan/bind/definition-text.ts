/**
 * Expressions of definitions as DESCRIBE and SHOW CREATE print them: as Flink writes an expression
 * that it has checked. Names of columns stand in backticks, functions in capitals, and a few forms
 * are written as others that mean the same.
 */
import type { FunctionCall } from '../../sql/ast/call.js';
import type { Expression, NameReference } from '../../sql/ast/expression.js';
import type { Identifier, QualifiedName, SyntaxNode } from '../../sql/ast/node.js';
import type { Query } from '../../sql/ast/query.js';
import { expressionText } from '../../sql/unparse/index.js';

export function definitionText(expression: Expression): string {
  return expressionText(printedForm(expression));
}

/** How the names in an expression are printed. */
export interface Printer {
  /** The parts of a column's name. */
  readonly column: (parts: readonly Identifier[]) => readonly Identifier[];
  /** A sub-query. */
  readonly query?: (query: Query) => Query;
  /** The name of a table. */
  readonly table?: (name: QualifiedName) => QualifiedName;
}

const QUOTE_ALL: Printer = { column: (parts) => parts.map(quoted) };

export function quoted(name: Identifier): Identifier {
  return { ...name, quoted: true };
}

/** The syntax tree that prints so. */
export function printedForm<Node extends SyntaxNode>(
  node: Node, printer: Printer = QUOTE_ALL,
): Node {
  return print(node, printer) as SyntaxNode as Node;
}

function print(node: SyntaxNode, printer: Printer): SyntaxNode {
  if (isKind(node, 'name-reference')) return withParts(node, printer.column(node.parts));
  if (isKind(node, 'identifier')) return quoted(node);
  if (isKind(node, 'query') && printer.query !== undefined) return printer.query(node);
  if (isKind(node, 'qualified-name') && printer.table !== undefined) return printer.table(node);
  return printedCall(mapParts(node, (part) => print(part, printer)) as Expression);
}

const withParts = (name: NameReference, parts: readonly Identifier[]): NameReference =>
  ({ ...name, parts });

type Known = NameReference | Identifier | Query | QualifiedName;

function isKind<Kind extends Known['kind']>(
  node: SyntaxNode, kind: Kind,
): node is Extract<Known, { kind: Kind }> {
  return node.kind === kind;
}

/** The node with every node in it changed; names of functions and types stay. */
function mapParts(node: SyntaxNode, change: (part: SyntaxNode) => SyntaxNode): SyntaxNode {
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    if ((node.kind === 'function-call' && key === 'name') || key === 'type') return [key, value];
    return [key, mapValue(value, change)];
  });
  return Object.fromEntries(entries) as SyntaxNode;
}

function mapValue(value: unknown, change: (part: SyntaxNode) => SyntaxNode): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => mapValue(one, change));
  return isNode(value) ? change(value) : value;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'kind' in value && 'position' in value;

function printedCall(node: Expression): Expression {
  switch (node.kind) {
    case 'function-call':
      return printedFunction(node);
    case 'substring': {
      const { operand, start, length, position } = node;
      const all = length === undefined ? [operand, start] : [operand, start, length];
      return call('SUBSTRING', all, position);
    }
    case 'binary-literal':
      return { ...node, hex: node.hex.toUpperCase() };
    case 'number-literal':
      return { ...node, text: node.text.toUpperCase() };
    default:
      return node;
  }
}

function call(name: string, args: readonly Expression[], position: Expression['position'],
): FunctionCall {
  const part: Identifier = { kind: 'identifier', name, quoted: false, position };
  return {
    kind: 'function-call', name: { kind: 'qualified-name', parts: [part], position },
    arguments: args, parentheses: true, position,
  };
}

function printedFunction(node: FunctionCall): Expression {
  const [only, more] = node.name.parts;
  if (only === undefined || more !== undefined) return node;
  const name = only.name.toUpperCase();
  const [first, second] = node.arguments;
  const { position } = node;
  const unit = UNITS[name];
  if (unit !== undefined && first !== undefined) {
    return { kind: 'extract', unit, operand: first, position };
  }
  if (name === 'TRIM' && first !== undefined && second === undefined) {
    return { kind: 'trim', side: 'both', characters: BLANK, operand: first, position };
  }
  if (name === 'NULLIF' && first !== undefined && second !== undefined) {
    return nullIf(first, second, position);
  }
  const shown = SPELLINGS[name] ?? name;
  const part = { ...only, name: shown, quoted: BRIDGED.has(shown) };
  return { ...node, name: { ...node.name, parts: [part] } };
}

function nullIf(value: Expression, other: Expression, position: Expression['position'],
): Expression {
  const condition: Expression =
    { kind: 'binary-operation', operator: '=', left: value, right: other, position };
  return {
    kind: 'case', position, otherwise: value,
    branches: [{
      kind: 'case-branch', conditions: [condition], position,
      result: { kind: 'null-literal', position },
    }],
  };
}

const NOWHERE = { line: 1, column: 1, offset: 0, endOffset: 0 } as const;
const BLANK: Expression = { kind: 'string-literal', value: ' ', position: NOWHERE };

/** Functions that are read as EXTRACT. */
const UNITS: Readonly<Record<string, string>> = {
  YEAR: 'YEAR', QUARTER: 'QUARTER', MONTH: 'MONTH', WEEK: 'WEEK', DAYOFYEAR: 'DOY',
  DAYOFMONTH: 'DAY', DAYOFWEEK: 'DOW', HOUR: 'HOUR', MINUTE: 'MINUTE', SECOND: 'SECOND',
};

/** Functions that are printed under another name. */
const SPELLINGS: Readonly<Record<string, string>> = {
  CEILING: 'CEIL', TRANSLATE: 'TRANSLATE3',
};

/** Functions that Flink has beside Calcite's: it prints their names as identifiers. */
const BRIDGED: ReadonlySet<string> = new Set([
  'ARRAY_APPEND', 'ARRAY_CONCAT', 'ARRAY_CONTAINS', 'ARRAY_DISTINCT', 'ARRAY_EXCEPT',
  'ARRAY_INTERSECT', 'ARRAY_JOIN', 'ARRAY_MAX', 'ARRAY_MIN', 'ARRAY_POSITION', 'ARRAY_PREPEND',
  'ARRAY_REMOVE', 'ARRAY_REVERSE', 'ARRAY_SLICE', 'ARRAY_SORT', 'ARRAY_UNION', 'BTRIM',
  'CURRENT_WATERMARK', 'ELT', 'ENDSWITH', 'GREATEST', 'IFNULL', 'INET_ATON', 'INET_NTOA',
  'JSON_QUOTE', 'JSON_UNQUOTE', 'LEAST', 'MAP_ENTRIES', 'MAP_FROM_ARRAYS', 'MAP_KEYS',
  'MAP_UNION', 'MAP_VALUES', 'PARSE_JSON', 'PERCENTILE', 'PRINTF', 'REGEXP_COUNT',
  'REGEXP_EXTRACT_ALL', 'REGEXP_INSTR', 'REGEXP_SUBSTR', 'SOURCE_WATERMARK', 'SPLIT',
  'STARTSWITH', 'TO_TIMESTAMP_LTZ', 'TRANSLATE3', 'TRY_PARSE_JSON', 'TYPEOF', 'UNHEX',
  'URL_DECODE', 'URL_ENCODE',
]);
