/**
 * Whether an argument fits a signature's argument family, and what it is cast to.
 */
import type { ArgumentFamily, ConcreteType } from '../../../spec/functions.js';
import {
  BIGINT, BOOLEAN, DATE, DOUBLE, FLOAT, INT, SMALLINT, STRING, TINYINT, timestamp, withNullable,
  typesEqual, withTimeAttribute, type DataType,
} from '../../types/data-type.js';
import {
  isApproximate, isBinary, isCharacter, isExact, isInteger, isInterval, isNumeric, isTimestamp,
} from '../../types/merging.js';
import { canCastImplicitly } from '../../types/castable.js';

const CONCRETE: Readonly<Record<ConcreteType, DataType>> = {
  TO_BOOLEAN: BOOLEAN,
  TO_TINYINT: TINYINT,
  TO_SMALLINT: SMALLINT,
  TO_INT: INT,
  TO_BIGINT: BIGINT,
  TO_FLOAT: FLOAT,
  TO_DOUBLE: DOUBLE,
  TO_STRING: STRING,
  TO_DATE: DATE,
  TO_TIMESTAMP_3: timestamp(3),
};

type Family = Exclude<ArgumentFamily, ConcreteType | 'ELEMENT_OF_0' | 'KEY_OF_0'>;

const root = (name: DataType['root']) => (type: DataType): boolean => type.root === name;

const MEMBERS: Readonly<Record<Family, (type: DataType) => boolean>> = {
  ANY: () => true,
  COMPARABLE: (type) => type.root !== 'NULL',
  ORDERED: (type) => isOrdered(type),
  NUMERIC: isNumeric,
  EXACT_NUMERIC: isExact,
  INTEGER_NUMERIC: isInteger,
  APPROXIMATE_NUMERIC: isApproximate,
  DECIMAL: root('DECIMAL'),
  CHARACTER_STRING: isCharacter,
  BINARY_STRING: isBinary,
  BOOLEAN: root('BOOLEAN'),
  DATETIME: (type) => isTimestamp(type) || type.root === 'DATE' || type.root === 'TIME',
  DATE: root('DATE'),
  TIME: root('TIME'),
  TIMESTAMP: root('TIMESTAMP'),
  TIMESTAMP_LTZ: root('TIMESTAMP_LTZ'),
  ANY_TIMESTAMP: isTimestamp,
  INTERVAL: isInterval,
  INTERVAL_YEAR_MONTH: root('INTERVAL_YEAR_MONTH'),
  INTERVAL_DAY_TIME: root('INTERVAL_DAY_TIME'),
  ROW: root('ROW'),
  ARRAY: root('ARRAY'),
  MAP: root('MAP'),
  MULTISET: root('MULTISET'),
  ARRAY_ORDERED: (type) => type.root === 'ARRAY' && isOrdered(type.element!),
  ARRAY_SORTED: (type) => type.root === 'ARRAY' && isOrdered(type.element!) &&
    type.element!.root !== 'BOOLEAN',
  ARRAY_TEXT: (type) => type.root === 'ARRAY' && isCharacter(type.element!),
  PRINTED: (type) => isOrdered(type) && !isBinary(type),
  NULL: root('NULL'),
};

/** Rows and collections are equal or not, but have no order. */
function isOrdered(type: DataType): boolean {
  return !['NULL', 'ROW', 'ARRAY', 'MAP', 'MULTISET'].includes(type.root);
}

/** Families that no bare NULL fits. */
const NESTED: ReadonlySet<string> = new Set([
  'ROW', 'ARRAY', 'MAP', 'MULTISET', 'ARRAY_ORDERED', 'ARRAY_SORTED', 'ARRAY_TEXT',
]);

/** The type a bare NULL takes where only a family is asked for. */
const NULL_AS: Readonly<Partial<Record<Family, DataType>>> = {
  NUMERIC: INT,
  EXACT_NUMERIC: INT,
  INTEGER_NUMERIC: INT,
  APPROXIMATE_NUMERIC: DOUBLE,
  CHARACTER_STRING: STRING,
  BOOLEAN,
};

function isConcrete(family: ArgumentFamily): family is ConcreteType {
  return family.startsWith('TO_');
}

/**
 * What an argument may be that is a part of the first one. Flink casts an argument of another type,
 * texts of another length aside, to the part's own, which may be NULL where the part may.
 */
function partType(part: DataType | undefined, type: DataType): DataType | null {
  if (part === undefined || !canCastImplicitly(type, part)) return null;
  const isSame = typesEqual(type, part, true) || (isCharacter(type) && isCharacter(part));
  return withNullable(part, type.nullable || (!isSame && part.nullable));
}

/** A key of characters keeps its length: cutting it would make it another key. */
function keyType(key: DataType | undefined, type: DataType): DataType | null {
  return key !== undefined && isCharacter(key) && isCharacter(type) ? type : partType(key, type);
}

/**
 * The parameter's type for an argument of this type, beside a first argument of type `first`;
 * null where it does not fit.
 */
export function parameterType(
  family: ArgumentFamily, type: DataType, first: DataType = type,
): DataType | null {
  if (family === 'ELEMENT_OF_0') return partType(first.element, type);
  if (family === 'KEY_OF_0') return keyType(first.key, type);
  if (isConcrete(family)) {
    const target = CONCRETE[family];
    if (!canCastImplicitly(type, target)) return null;
    return withNullable(target, type.nullable);
  }
  if (type.root === 'NULL') return NESTED.has(family) ? null : NULL_AS[family] ?? type;
  return MEMBERS[family](type) ? withTimeAttribute(type) : null;
}

/** The family as Flink's messages spell it: `<NUMERIC>`, `<INT>`. */
export function familyText(family: ArgumentFamily): string {
  return `<${isConcrete(family) ? family.slice(3).replace('_3', '(3)') : family}>`;
}
