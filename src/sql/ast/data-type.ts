/**
 * Data types as written in DDL and CAST. Nullability is kept as written; what it means if unwritten
 * depends on the place and is the binder's business.
 */
import type { Identifier, QualifiedName, SyntaxNode } from './node.js';
import type { IntervalQualifier, StringLiteral } from './expression.js';

/** NOT NULL, NULL or nothing behind a type. */
export type Nullability = 'not-null' | 'nullable' | 'unspecified';

/** Names of types that take at most a length or a precision and a scale; synonyms are folded. */
export type ScalarTypeName =
  | 'CHAR' | 'VARCHAR' | 'STRING' | 'BOOLEAN' | 'BINARY' | 'VARBINARY' | 'BYTES'
  | 'DECIMAL' | 'TINYINT' | 'SMALLINT' | 'INT' | 'BIGINT' | 'FLOAT' | 'DOUBLE'
  | 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ' | 'TIME_LTZ' | 'TIME_TZ'
  | 'VARIANT' | 'BITMAP' | 'NULL' | 'DESCRIPTOR' | 'ANY' | 'GEOMETRY' | 'UUID';

interface TypeNode extends SyntaxNode {
  readonly nullability: Nullability;
}

/** A type that is a name with up to two numbers: VARCHAR(10), DECIMAL(10, 2), TIMESTAMP_LTZ(3). */
export interface ScalarType extends TypeNode {
  readonly kind: 'scalar-type';
  readonly name: ScalarTypeName;
  /** Length, or precision; absent if not written. */
  readonly precision?: number;
  readonly scale?: number;
}

/** INTERVAL DAY TO SECOND(3), INTERVAL YEAR. */
export interface IntervalType extends TypeNode {
  readonly kind: 'interval-type';
  readonly qualifier: IntervalQualifier;
}

/** ARRAY<T>, or T ARRAY. */
export interface ArrayType extends TypeNode {
  readonly kind: 'array-type';
  readonly element: DataType;
}

/** MULTISET<T>, or T MULTISET. */
export interface MultisetType extends TypeNode {
  readonly kind: 'multiset-type';
  readonly element: DataType;
}

/** MAP<K, V>. */
export interface MapType extends TypeNode {
  readonly kind: 'map-type';
  readonly key: DataType;
  readonly value: DataType;
}

/** One field of a ROW or STRUCTURED type. */
export interface TypeField extends SyntaxNode {
  readonly kind: 'type-field';
  readonly name: Identifier;
  readonly type: DataType;
  readonly comment?: StringLiteral;
}

/** ROW<a INT 'comment', ...> or ROW(a INT, ...). */
export interface RowType extends TypeNode {
  readonly kind: 'row-type';
  readonly fields: readonly TypeField[];
}

/** STRUCTURED<'class', a INT, ...>. */
export interface StructuredType extends TypeNode {
  readonly kind: 'structured-type';
  readonly className: StringLiteral;
  readonly fields: readonly TypeField[];
}

/** RAW('class', 'serializer snapshot'). */
export interface RawType extends TypeNode {
  readonly kind: 'raw-type';
  readonly className: StringLiteral;
  readonly serializer: StringLiteral;
}

/** A type that is only a name: a user-defined type of a catalog. */
export interface NamedType extends TypeNode {
  readonly kind: 'named-type';
  readonly name: QualifiedName;
}

/** Any data type. */
export type DataType =
  | ScalarType | IntervalType | ArrayType | MultisetType | MapType | RowType
  | StructuredType | RawType | NamedType;
