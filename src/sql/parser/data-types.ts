/**
 * Data types.
 */
import type {
  DataType, IntervalType, Nullability, RowType, ScalarType, ScalarTypeName, TypeField,
} from '../ast/index.js';
import { TokenKind } from '../lexer/tokens.js';
import type { Cursor } from './cursor.js';
import { atString, intervalQualifier, stringLiteral } from './literals.js';
import { identifier, qualifiedName, unsignedInteger } from './names.js';

/** A type of CAST: T, T ARRAY, T MULTISET; no NOT NULL behind it. */
export function dataType(cursor: Cursor): DataType {
  return cursor.nested(() => {
    const start = cursor.index;
    let type = typeName(cursor);
    for (;; cursor.deepen()) {
      const collection = cursor.acceptOneOf('ARRAY', 'MULTISET');
      if (collection === undefined) return type;
      type = collectionOf(cursor, start, type, collection);
    }
  });
}

/** A type of DDL: T [NOT NULL] [ARRAY | MULTISET [NOT NULL]] ... */
export function nullableType(cursor: Cursor): DataType {
  return cursor.nested(() => {
    const start = cursor.index;
    let type = withNullability(cursor, start, typeName(cursor));
    for (;; cursor.deepen()) {
      const collection = cursor.acceptOneOf('ARRAY', 'MULTISET');
      if (collection === undefined) return type;
      const whole = collectionOf(cursor, start, type, collection);
      type = withNullability(cursor, start, whole);
    }
  });
}

/** INTERVAL DAY TO SECOND(3). */
export function intervalType(cursor: Cursor): IntervalType {
  const start = cursor.index;
  cursor.expect('INTERVAL');
  const qualifier = intervalQualifier(cursor);
  const position = cursor.from(start);
  return { kind: 'interval-type', qualifier, nullability: 'unspecified', position };
}

function collectionOf(
  cursor: Cursor, start: number, element: DataType, word: 'ARRAY' | 'MULTISET',
): DataType {
  const kind = word === 'ARRAY' ? 'array-type' : 'multiset-type';
  return { kind, element, nullability: 'unspecified', position: cursor.from(start) };
}

function withNullability(cursor: Cursor, start: number, type: DataType): DataType {
  const nullability = nullabilityOf(cursor);
  return nullability === 'unspecified' ? type
    : { ...type, nullability, position: cursor.from(start) };
}

/** NULL, NOT NULL, or nothing. */
function nullabilityOf(cursor: Cursor): Nullability {
  if (cursor.acceptAll('NOT', 'NULL')) return 'not-null';
  return cursor.accept('NULL') ? 'nullable' : 'unspecified';
}

function typeName(cursor: Cursor): DataType {
  const start = cursor.index;
  const word = cursor.word();
  const rule = typeRules[word] ?? (cursor.printedTypes ? printedTypes[word] : undefined);
  const type = rule?.(cursor, start);
  if (type !== undefined) return type;
  const name = qualifiedName(cursor);
  return { kind: 'named-type', name, nullability: 'unspecified', position: cursor.from(start) };
}

type TypeRule = (cursor: Cursor, start: number) => DataType | undefined;

function scalar(
  cursor: Cursor, start: number, name: ScalarTypeName, precision?: number, scale?: number,
): ScalarType {
  return {
    kind: 'scalar-type', name, nullability: 'unspecified', position: cursor.from(start),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** A type that is one word, perhaps with `most` numbers in parentheses. */
function simple(name: ScalarTypeName, most = 0): TypeRule {
  return (cursor, start) => {
    cursor.index++;
    const [precision, scale] = numbers(cursor, most);
    return scalar(cursor, start, name, precision, scale);
  };
}

function numbers(cursor: Cursor, most: number): readonly number[] {
  if (most === 0 || !cursor.accept('(')) return [];
  const values = [unsignedInteger(cursor)];
  if (most > 1 && cursor.accept(',')) values.push(unsignedInteger(cursor));
  cursor.expect(')');
  return values;
}

/** CHAR, CHARACTER VARYING, VARCHAR, each with a length and a character set. */
function character(name: 'CHAR' | 'VARCHAR'): TypeRule {
  return (cursor, start) => {
    cursor.index++;
    const varying = name === 'VARCHAR' || cursor.accept('VARYING');
    const [length] = numbers(cursor, 1);
    if (cursor.acceptAll('CHARACTER', 'SET')) identifier(cursor);
    return scalar(cursor, start, varying ? 'VARCHAR' : 'CHAR', length);
  };
}

const binary: TypeRule = (cursor, start) => {
  cursor.index++;
  const varying = cursor.accept('VARYING');
  const [length] = numbers(cursor, 1);
  return scalar(cursor, start, varying ? 'VARBINARY' : 'BINARY', length);
};

const double: TypeRule = (cursor, start) => {
  cursor.index++;
  cursor.accept('PRECISION');
  return scalar(cursor, start, 'DOUBLE');
};

/** TIME and TIMESTAMP with a precision and [WITH [LOCAL] | WITHOUT] TIME ZONE. */
function zoned(name: 'TIME' | 'TIMESTAMP'): TypeRule {
  return (cursor, start) => {
    cursor.index++;
    const [precision] = numbers(cursor, 1);
    let zonedName: ScalarTypeName = name;
    if (cursor.acceptAll('WITH', 'LOCAL', 'TIME', 'ZONE')) zonedName = `${name}_LTZ`;
    else if (cursor.printedTypes && cursor.acceptAll('WITH', 'TIME', 'ZONE')) {
      zonedName = `${name}_TZ`;
    }
    else if (cursor.at('WITHOUT')) cursor.expect('WITHOUT', 'TIME', 'ZONE');
    return scalar(cursor, start, zonedName, precision);
  };
}

/** ARRAY<T>, MULTISET<T>. */
function collection(kind: 'array-type' | 'multiset-type'): TypeRule {
  return (cursor, start) => {
    cursor.index++;
    cursor.expect('<');
    const element = nullableType(cursor);
    cursor.expect('>');
    return { kind, element, nullability: 'unspecified', position: cursor.from(start) };
  };
}

const map: TypeRule = (cursor, start) => {
  if (cursor.word(1) !== '<') return undefined;
  cursor.index += 2;
  const key = nullableType(cursor);
  cursor.expect(',');
  const value = nullableType(cursor);
  cursor.expect('>');
  const position = cursor.from(start);
  return { kind: 'map-type', key, value, nullability: 'unspecified', position };
};

const row: TypeRule = (cursor, start): RowType => {
  cursor.index++;
  const fields = rowFields(cursor);
  return { kind: 'row-type', fields, nullability: 'unspecified', position: cursor.from(start) };
};

/** <>, <a T, ...>, (a T, ...). */
function rowFields(cursor: Cursor): readonly TypeField[] {
  if (cursor.accept('<>')) return [];
  const close = cursor.expectOneOf('<', '(') === '<' ? '>' : ')';
  if (cursor.accept(close)) return [];
  const fields = cursor.list(typeField);
  cursor.expect(close);
  return fields;
}

function typeField(cursor: Cursor): TypeField {
  const start = cursor.index;
  const name = identifier(cursor);
  const type = nullableType(cursor);
  const comment = cursor.kind() === TokenKind.string ? stringLiteral(cursor) : undefined;
  return {
    kind: 'type-field', name, type, position: cursor.from(start),
    ...(comment === undefined ? {} : { comment }),
  };
}

const structured: TypeRule = (cursor, start) => {
  cursor.index++;
  cursor.expect('<');
  const className = stringLiteral(cursor);
  const fields = cursor.accept(',') ? cursor.list(typeField) : [];
  cursor.expect('>');
  const position = cursor.from(start);
  return { kind: 'structured-type', className, fields, nullability: 'unspecified', position };
};

const raw: TypeRule = (cursor, start) => {
  cursor.index++;
  cursor.expect('(');
  const className = stringLiteral(cursor);
  cursor.expect(',');
  if (!atString(cursor)) cursor.unexpected();
  const serializer = stringLiteral(cursor);
  cursor.expect(')');
  const position = cursor.from(start);
  return { kind: 'raw-type', className, serializer, nullability: 'unspecified', position };
};

const typeRules: Readonly<Record<string, TypeRule>> = {
  STRING: simple('STRING'), BYTES: simple('BYTES'), BITMAP: simple('BITMAP'),
  VARIANT: simple('VARIANT'), BOOLEAN: simple('BOOLEAN'), DATE: simple('DATE'),
  INTEGER: simple('INT'), INT: simple('INT'), TINYINT: simple('TINYINT'),
  SMALLINT: simple('SMALLINT'), BIGINT: simple('BIGINT'), REAL: simple('FLOAT'),
  FLOAT: simple('FLOAT'), DOUBLE: double,
  DECIMAL: simple('DECIMAL', 2), DEC: simple('DECIMAL', 2), NUMERIC: simple('DECIMAL', 2),
  ANY: simple('ANY', 2), BINARY: binary, VARBINARY: simple('VARBINARY', 1),
  CHAR: character('CHAR'), CHARACTER: character('CHAR'), VARCHAR: character('VARCHAR'),
  TIME: zoned('TIME'), TIMESTAMP: zoned('TIMESTAMP'), TIMESTAMP_LTZ: simple('TIMESTAMP_LTZ', 1),
  ARRAY: collection('array-type'), MULTISET: collection('multiset-type'), MAP: map, ROW: row,
  STRUCTURED: structured, RAW: raw,
};

/** Types that stand in printed schemas only. */
const printedTypes: Readonly<Record<string, TypeRule>> = {
  INTERVAL: (cursor) => intervalType(cursor), NULL: simple('NULL'),
  DESCRIPTOR: simple('DESCRIPTOR'),
};
