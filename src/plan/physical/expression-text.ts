/**
 * Expressions as Flink's plans print them. prefix: `=(a, 1)`, strings with their charset; infix:
 * `(a = 1)`, plain strings; both over column names.
 */
import { castDateText, castTimestampText } from '../../types/cast-text.js';
import type { DataType, RowField } from '../../types/data-type.js';
import { MAX_LENGTH, ticksPerSecond } from '../../types/data-type.js';
import type { Call, Expression } from '../logical/expression.js';
import type { LiteralValue } from './plan.js';

export type TextStyle = 'prefix' | 'infix';

const INFIX = new Set(['=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', 'AND', 'OR']);

/** `columns`: names of the input's columns, or `$0`, `$1` for the syntax tree. */
export function expressionText(
  expression: Expression, columns: readonly string[], style: TextStyle,
): string {
  switch (expression.kind) {
    case 'column':
      return columns[expression.index] ?? `$${expression.index}`;
    case 'literal':
      return literalText(expression.value, expression.type, style);
    case 'call':
      return callText(expression, columns, style);
    case 'aggregate':
      return `${expression.function}(${expression.arguments.map((one) =>
        expressionText(one, columns, style)).join(', ')})`;
    case 'over':
      return overText(expression, columns, style);
  }
}

/** A column of a projection; a constant shows its type if it is no INT. */
export function projectionText(
  expression: Expression, columns: readonly string[], style: TextStyle,
): string {
  const text = expressionText(expression, columns, style);
  const isTyped = expression.kind === 'literal' && expression.value !== null &&
    style === 'prefix' && ['BIGINT', 'SMALLINT', 'TINYINT'].includes(expression.type.root);
  return isTyped ? `${text}:${expression.type.root}` : text;
}

function callText(call: Call, columns: readonly string[], style: TextStyle): string {
  const parts = call.arguments.map((part) => expressionText(part, columns, style));
  const [first = ''] = parts;
  if (call.kernel === 'field') return `${first}.${call.name}`;
  if (call.kernel === 'cast' && call.name !== 'PROCTIME_MATERIALIZE') {
    const shown = sqlTypeText(call.type, style === 'prefix' && !call.type.nullable);
    return columns.length === 0 && style === 'prefix'
      ? `${call.name}(${first}):${shown}` : `${call.name}(${first} AS ${shown})`;
  }
  if (style === 'infix') {
    if (call.name.startsWith('IS ') && parts.length === 1) return `${first} ${call.name}`;
    if (INFIX.has(call.name) && parts.length > 1) return `(${parts.join(` ${call.name} `)})`;
  }
  return `${call.name}(${parts.join(', ')})`;
}

function overText(
  over: Extract<Expression, { kind: 'over' }>, columns: readonly string[], style: TextStyle,
): string {
  const list = (parts: readonly Expression[]): string =>
    parts.map((part) => expressionText(part, columns, style)).join(', ');
  const order = over.orderBy.map((key) => {
    const text = expressionText(key.expression, columns, style);
    return `${text}${key.descending ? ' DESC' : ''} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`;
  });
  const clauses = [
    ...(over.partition.length > 0 ? [`PARTITION BY ${list(over.partition)}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
  ];
  return `${over.function}(${list(over.arguments)}) OVER (${clauses.join(' ')})`;
}

/** Calcite's name of a type: VARCHAR(2147483647) CHARACTER SET "UTF-16LE" in prefix form. */
export function sqlTypeText(type: DataType, isFull: boolean): string {
  const suffix = isFull ? ' NOT NULL' : '';
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return `${type.root}(${type.length})` +
        (isFull ? ` CHARACTER SET "UTF-16LE"${suffix}` : '');
    case 'BINARY':
    case 'VARBINARY':
      return `${type.root}(${type.length})${suffix}`;
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})${suffix}`;
    case 'TIME':
    case 'TIMESTAMP':
      return `${type.root}(${type.precision})${suffix}`;
    case 'TIMESTAMP_LTZ':
      return `TIMESTAMP_WITH_LOCAL_TIME_ZONE(${type.precision})${suffix}`;
    case 'INTERVAL_DAY_TIME':
      return `INTERVAL SECOND${suffix}`;
    case 'INTERVAL_YEAR_MONTH':
      return `INTERVAL MONTH${suffix}`;
    default:
      return `${type.root}${suffix}`;
  }
}

/** `RecordType(INTEGER a, TIMESTAMP(3) *ROWTIME* ts)`. */
export function recordTypeText(fields: readonly RowField[]): string {
  const texts = fields.map(({ name, type }) => {
    const mark = type.timeAttribute === 'rowtime' ? ' *ROWTIME*' : '';
    return `${sqlTypeText(type, false)}${mark} ${name}`;
  });
  return `RecordType(${texts.join(', ')})`;
}

/** A constant; its type is shown where the text alone would not tell it. */
export function literalText(
  value: LiteralValue, type: DataType | undefined, style: TextStyle,
): string {
  if (type === undefined) return String(value);
  if (value === null) return `null:${sqlTypeText(type, false)}`;
  switch (type.root) {
    case 'CHAR':
      return stringText(String(value), style);
    case 'VARCHAR':
      return style === 'infix' || type.length === MAX_LENGTH ? stringText(String(value), style)
        : `${stringText(String(value), style)}:${sqlTypeText(type, true).replace(' NOT NULL', '')}`;
    case 'DECIMAL': {
      const text = decimalText(value as bigint, type.scale ?? 0);
      return style === 'infix' ? text : `${text}:${sqlTypeText(type, false)}`;
    }
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return `${String(value)}:${sqlTypeText(type, false)}`;
    case 'DATE':
      return castDateText(Number(value));
    case 'TIMESTAMP':
      return timestampText(value as bigint, type.precision ?? 6);
    default:
      return value instanceof Uint8Array
        ? `X'${Buffer.from(value).toString('hex')}'` : String(value);
  }
}

function stringText(value: string, style: TextStyle): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return style === 'infix' ? quoted : `_UTF-16LE${quoted}`;
}

function decimalText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

function timestampText(ticks: bigint, precision: number): string {
  const perSecond = BigInt(ticksPerSecond(precision));
  const fraction = ((ticks % perSecond) + perSecond) % perSecond;
  const seconds = (ticks - fraction) / perSecond;
  const text = castTimestampText(Number(seconds), 0, 0);
  const digits = String(fraction).padStart(String(perSecond).length - 1, '0').slice(0, precision);
  return precision === 0 ? text : `${text}.${digits.padEnd(precision, '0')}`;
}
