/**
 * Which casts exist: by themselves (implicitly) and asked for with CAST. After Flink's
 * LogicalTypeCasts, with Calcite's refusals where SQL never gets that far (asked of Flink).
 */
import { childTypes, type DataType, type TypeRoot } from './data-type.js';

const NUMBERS: readonly TypeRoot[] = [
  'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE',
];
const STRINGS: readonly TypeRoot[] = ['CHAR', 'VARCHAR'];
const BYTE_STRINGS: readonly TypeRoot[] = ['BINARY', 'VARBINARY'];
const TIMESTAMPS: readonly TypeRoot[] = ['TIMESTAMP', 'TIMESTAMP_LTZ'];

const IMPLICIT: Readonly<Partial<Record<TypeRoot, readonly TypeRoot[]>>> = {
  CHAR: STRINGS,
  VARCHAR: ['VARCHAR'],
  BINARY: BYTE_STRINGS,
  VARBINARY: ['VARBINARY'],
  TINYINT: NUMBERS,
  SMALLINT: NUMBERS.slice(1),
  INTEGER: NUMBERS.slice(2),
  BIGINT: NUMBERS.slice(3),
  DECIMAL: ['DECIMAL', 'FLOAT', 'DOUBLE'],
  FLOAT: ['FLOAT', 'DOUBLE'],
  DOUBLE: ['DOUBLE'],
  DATE: ['DATE', ...TIMESTAMPS],
  TIMESTAMP: TIMESTAMPS,
  TIMESTAMP_LTZ: TIMESTAMPS,
};

const SCALARS_AS_NUMBERS: readonly TypeRoot[] = ['BOOLEAN', ...NUMBERS, ...STRINGS];
const TIMES: readonly TypeRoot[] = ['DATE', 'TIME', ...TIMESTAMPS];

function explicitTargets(root: TypeRoot): readonly TypeRoot[] {
  if (root === 'BOOLEAN' || NUMBERS.includes(root)) return SCALARS_AS_NUMBERS;
  switch (root) {
    case 'CHAR':
    case 'VARCHAR':
      return [...SCALARS_AS_NUMBERS, ...BYTE_STRINGS, ...TIMES];
    case 'BINARY':
    case 'VARBINARY':
      return [...STRINGS, ...BYTE_STRINGS];
    case 'DATE':
      return [...STRINGS, 'DATE', ...TIMESTAMPS];
    case 'TIME':
      return [...STRINGS, 'TIME', ...TIMESTAMPS];
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return [...STRINGS, ...TIMES];
    default:
      return [...STRINGS, root];
  }
}

const isNested = (type: DataType): boolean => childTypes(type).length > 0;

/** Rows, arrays and maps are cast part by part. */
function partsFit(
  from: DataType, to: DataType, fits: (from: DataType, to: DataType) => boolean,
): boolean {
  const parts = childTypes(from);
  const targets = childTypes(to);
  return parts.length === targets.length && parts.every((part, i) => fits(part, targets[i]!));
}

/** A part that may be NULL does not become one that may not. */
function partCastsImplicitly(from: DataType, to: DataType): boolean {
  return (to.nullable || !from.nullable) && canCastImplicitly(from, to);
}

/** Whether the binder may put this cast in by itself. A bare NULL becomes anything. */
export function canCastImplicitly(from: DataType, to: DataType): boolean {
  if (from.root === 'NULL') return true;
  if (isNested(from) && from.root === to.root) return partsFit(from, to, partCastsImplicitly);
  return (IMPLICIT[from.root] ?? [from.root]).includes(to.root);
}

/** Whether CAST(from AS to) is a valid statement; the value may still fail at run time. */
export function canCast(from: DataType, to: DataType): boolean {
  if (from.root === 'NULL') return true;
  if (isNested(from) && from.root === to.root) return partsFit(from, to, canCast);
  return explicitTargets(from.root).includes(to.root);
}
