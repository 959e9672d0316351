/**
 * Data types as written in DDL and CAST turned into Flink's logical types. A type without NOT NULL
 * is nullable.
 */
import { FOREIGN_TYPES } from '../../../spec/foreign-names.js';
import { fail, suggest, type Position } from '../../errors/index.js';
import type { DataType as TypeSyntax, RowType, ScalarType } from '../../sql/ast/data-type.js';
import {
  BIGINT, BOOLEAN, BYTES, DATE, DOUBLE, FLOAT, INT, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH,
  MAX_LENGTH, NULL, SMALLINT, STRING, TINYINT, array, binary, char, decimal, map, multiset,
  notNull, row, time, timestamp, timestampLtz, varbinary, varchar, type DataType,
} from '../../types/data-type.js';

/** MR2100 for types that no engine has, MR2011 for names that are no type. */
export function bindType(syntax: TypeSyntax): DataType {
  const type = nullableType(syntax);
  return syntax.nullability === 'not-null' ? notNull(type) : type;
}

function nullableType(syntax: TypeSyntax): DataType {
  switch (syntax.kind) {
    case 'scalar-type':
      return scalarType(syntax);
    case 'interval-type':
      return syntax.qualifier.start === 'YEAR' || syntax.qualifier.start === 'MONTH'
        ? INTERVAL_YEAR_MONTH : INTERVAL_DAY_TIME;
    case 'array-type':
      return array(bindType(syntax.element));
    case 'multiset-type':
      return multiset(bindType(syntax.element));
    case 'map-type':
      return map(bindType(syntax.key), bindType(syntax.value));
    case 'row-type':
      return rowType(syntax);
    case 'structured-type':
    case 'raw-type':
      return unsupported(`${syntax.kind.replace('-type', '').toUpperCase()} types`, syntax);
    case 'named-type': {
      const name = syntax.name.parts.map((part) => part.name).join('.');
      const suggestion = FOREIGN_TYPES[name.toUpperCase()] ?? suggest(name, NAMES);
      return fail('MR2011', { name, suggestion }, { position: syntax.position });
    }
  }
}

function rowType(syntax: RowType): DataType {
  const fields = syntax.fields.map((field) =>
    ({ name: field.name.name, type: bindType(field.type) }));
  const names = new Set(fields.map((field) => field.name));
  if (names.size < fields.length) {
    fail('MR2016', { detail: 'ROW field names must be unique' }, { position: syntax.position });
  }
  return row(fields);
}

const PLAIN: Readonly<Partial<Record<ScalarType['name'], DataType>>> = {
  STRING, BYTES, BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DATE, NULL,
};

/** What a mistyped name may have meant. */
const NAMES = [
  ...Object.keys(PLAIN), 'INTEGER', 'CHAR', 'VARCHAR', 'BINARY', 'VARBINARY', 'DECIMAL', 'NUMERIC',
  'TIME', 'TIMESTAMP', 'TIMESTAMP_LTZ', 'ARRAY', 'MAP', 'MULTISET', 'ROW',
];

function scalarType(syntax: ScalarType): DataType {
  const plain = PLAIN[syntax.name];
  if (plain !== undefined) return plain;
  const { precision, scale, position } = syntax;
  switch (syntax.name) {
    case 'CHAR':
      return char(inRange(precision ?? 1, 1, MAX_LENGTH, 'CHAR length', position));
    case 'VARCHAR':
      return varchar(inRange(precision ?? MAX_LENGTH, 1, MAX_LENGTH, 'VARCHAR length', position));
    case 'BINARY':
      return binary(inRange(precision ?? 1, 1, MAX_LENGTH, 'BINARY length', position));
    case 'VARBINARY':
      return varbinary(inRange(precision ?? MAX_LENGTH, 1, MAX_LENGTH, 'VARBINARY length',
        position));
    case 'DECIMAL':
      return decimalType(precision ?? 10, scale ?? 0, position);
    case 'TIME':
      return time(inRange(precision ?? 0, 0, 9, 'TIME precision', position));
    case 'TIMESTAMP':
      return timestamp(inRange(precision ?? 6, 0, 9, 'TIMESTAMP precision', position));
    case 'TIMESTAMP_LTZ':
      return timestampLtz(inRange(precision ?? 6, 0, 9, 'TIMESTAMP_LTZ precision', position));
    default:
      return unsupported(`type ${syntax.name}`, syntax);
  }
}

function decimalType(precision: number, scale: number, position: Position): DataType {
  inRange(precision, 1, 38, 'DECIMAL precision', position);
  return decimal(precision, inRange(scale, 0, precision, 'DECIMAL scale', position));
}

function inRange(
  value: number, low: number, high: number, what: string, position: Position,
): number {
  if (value >= low && value <= high) return value;
  const detail = `${what} must be between ${low} and ${high}: ${value}`;
  return fail('MR2016', { detail }, { position });
}

function unsupported(feature: string, syntax: TypeSyntax): never {
  return fail('MR2100', { feature }, { position: syntax.position });
}
