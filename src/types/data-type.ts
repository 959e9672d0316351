/**
 * Flink's logical data types as plain frozen values. A type is compared with `typesEqual` and
 * printed as Flink prints it with `typeToString` (`DECIMAL(10, 2) NOT NULL`).
 */
import { TYPES, type PhysicalName, type TypeRoot } from '../../spec/types.js';

export type { PhysicalName, TypeRoot };

/** Event time, processing time, or a plain column. */
export type TimeAttribute = 'rowtime' | 'proctime';

export interface RowField {
  readonly name: string;
  readonly type: DataType;
}

export interface DataType {
  readonly root: TypeRoot;
  readonly nullable: boolean;
  /** CHAR, VARCHAR, BINARY, VARBINARY: characters or bytes; 2147483647 is STRING / BYTES. */
  readonly length?: number;
  /** DECIMAL 1..38; TIME, TIMESTAMP, TIMESTAMP_LTZ 0..9. */
  readonly precision?: number;
  /** DECIMAL 0..precision. */
  readonly scale?: number;
  /** ROW. */
  readonly fields?: readonly RowField[];
  /** ARRAY, MULTISET, and the value of a MAP. */
  readonly element?: DataType;
  /** MAP. */
  readonly key?: DataType;
  /** Set on a column that is a time attribute; ignored by `typesEqual`. */
  readonly timeAttribute?: TimeAttribute;
}

export const MAX_LENGTH = 2147483647;

const PHYSICAL = new Map<TypeRoot, PhysicalName>(TYPES.map((row) => [row.root, row.physical]));

/** The physical form of a type's values. */
export function physicalOf(type: DataType): PhysicalName {
  const physical = PHYSICAL.get(type.root);
  if (physical === undefined) throw new Error(`no physical form for ${type.root}`);
  return physical;
}

/** Ticks a second of a TIMESTAMP or TIMESTAMP_LTZ of this precision: 1e3, 1e6 or 1e9. */
export function ticksPerSecond(precision: number): 1_000 | 1_000_000 | 1_000_000_000 {
  if (precision <= 3) return 1_000;
  return precision <= 6 ? 1_000_000 : 1_000_000_000;
}

function make(root: TypeRoot, rest: Omit<DataType, 'root' | 'nullable'> = {}): DataType {
  return Object.freeze({ root, nullable: true, ...rest });
}

/** The nullable types by name; `notNull` takes the null away. */
export const BOOLEAN = make('BOOLEAN');
export const TINYINT = make('TINYINT');
export const SMALLINT = make('SMALLINT');
export const INT = make('INTEGER');
export const BIGINT = make('BIGINT');
export const FLOAT = make('FLOAT');
export const DOUBLE = make('DOUBLE');
export const STRING = make('VARCHAR', { length: MAX_LENGTH });
export const BYTES = make('VARBINARY', { length: MAX_LENGTH });
export const DATE = make('DATE');
export const NULL = make('NULL');
export const INTERVAL_YEAR_MONTH = make('INTERVAL_YEAR_MONTH');
export const INTERVAL_DAY_TIME = make('INTERVAL_DAY_TIME');
export const char = (length: number): DataType => make('CHAR', { length });
export const varchar = (length: number): DataType => make('VARCHAR', { length });
export const binary = (length: number): DataType => make('BINARY', { length });
export const varbinary = (length: number): DataType => make('VARBINARY', { length });
export const decimal = (precision: number, scale: number): DataType =>
  make('DECIMAL', { precision, scale });
export const time = (precision: number): DataType => make('TIME', { precision });
export const timestamp = (precision: number): DataType => make('TIMESTAMP', { precision });
export const timestampLtz = (precision: number): DataType => make('TIMESTAMP_LTZ', { precision });
export const row = (fields: readonly RowField[]): DataType => make('ROW', { fields });
export const array = (element: DataType): DataType => make('ARRAY', { element });
export const multiset = (element: DataType): DataType => make('MULTISET', { element });
export const map = (key: DataType, element: DataType): DataType => make('MAP', { key, element });

export function withNullable(type: DataType, nullable: boolean): DataType {
  return type.nullable === nullable ? type : Object.freeze({ ...type, nullable });
}

export const notNull = (type: DataType): DataType => withNullable(type, false);

/** The children of a type in column order: fields, the element, or key and value. */
export function childTypes(type: DataType): readonly DataType[] {
  switch (type.root) {
    case 'ROW':
      return (type.fields ?? []).map((field) => field.type);
    case 'ARRAY':
      return [type.element!];
    case 'MAP':
      return [type.key!, type.element!];
    case 'MULTISET':
      return [type.element!, notNull(INT)];
    default:
      return [];
  }
}

export function withTimeAttribute(type: DataType, attribute?: TimeAttribute): DataType {
  const { timeAttribute: _dropped, ...rest } = type;
  return Object.freeze(attribute === undefined ? rest : { ...rest, timeAttribute: attribute });
}

/** Equal in everything but time attributes. Nullability counts unless told otherwise. */
export function typesEqual(a: DataType, b: DataType, ignoreNullability = false): boolean {
  if (a.root !== b.root || (!ignoreNullability && a.nullable !== b.nullable)) return false;
  if (a.length !== b.length || a.precision !== b.precision || a.scale !== b.scale) return false;
  return (
    optionalEqual(a.element, b.element, ignoreNullability) &&
    optionalEqual(a.key, b.key, ignoreNullability) &&
    fieldsEqual(a.fields ?? [], b.fields ?? [], ignoreNullability)
  );
}

function optionalEqual(a: DataType | undefined, b: DataType | undefined, loose: boolean): boolean {
  if (a === undefined || b === undefined) return a === b;
  return typesEqual(a, b, loose);
}

function fieldsEqual(a: readonly RowField[], b: readonly RowField[], loose: boolean): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => {
      const other = b[i];
      return other !== undefined && field.name === other.name &&
        typesEqual(field.type, other.type, loose);
    })
  );
}

/** Flink's serializable text: `BIGINT NOT NULL`, `ROW<a INT, b STRING>`. */
export function typeToString(type: DataType): string {
  const text = withoutNullability(type);
  return type.nullable || type.root === 'NULL' ? text : `${text} NOT NULL`;
}

function withoutNullability(type: DataType): string {
  switch (type.root) {
    case 'INTEGER':
      return 'INT';
    case 'VARCHAR':
      return type.length === MAX_LENGTH ? 'STRING' : `VARCHAR(${type.length})`;
    case 'VARBINARY':
      return type.length === MAX_LENGTH ? 'BYTES' : `VARBINARY(${type.length})`;
    case 'CHAR':
    case 'BINARY':
      return `${type.root}(${type.length})`;
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.root}(${type.precision})`;
    case 'INTERVAL_YEAR_MONTH':
      return 'INTERVAL MONTH';
    case 'INTERVAL_DAY_TIME':
      return 'INTERVAL SECOND(3)';
    case 'ROW':
      return `ROW<${(type.fields ?? []).map(fieldToString).join(', ')}>`;
    case 'ARRAY':
    case 'MULTISET':
      return `${type.root}<${elementToString(type.element)}>`;
    case 'MAP':
      return `MAP<${elementToString(type.key)}, ${elementToString(type.element)}>`;
    default:
      return type.root;
  }
}

function fieldToString(field: RowField): string {
  return `\`${field.name.replaceAll('`', '``')}\` ${typeToString(field.type)}`;
}

function elementToString(type: DataType | undefined): string {
  return type === undefined ? '?' : typeToString(type);
}
