/**
 * Which casts exist: by themselves (implicitly) and asked for with CAST. After Flink's
 * LogicalTypeCasts, with Calcite's refusals where SQL never gets that far.
 */
import type { DataType, TypeRoot } from './data-type.js';

const NUMBERS: readonly TypeRoot[] = [
  'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE',
];
const IMPLICIT: Readonly<Partial<Record<TypeRoot, readonly TypeRoot[]>>> = {
  CHAR: ['CHAR', 'VARCHAR'],
  VARCHAR: ['CHAR', 'VARCHAR'],
  BINARY: ['BINARY', 'VARBINARY'],
  VARBINARY: ['BINARY', 'VARBINARY'],
  TINYINT: NUMBERS,
  SMALLINT: NUMBERS.slice(1),
  INTEGER: NUMBERS.slice(2),
  BIGINT: NUMBERS.slice(3),
  DECIMAL: ['DECIMAL', 'FLOAT', 'DOUBLE'],
  FLOAT: ['FLOAT', 'DOUBLE'],
  DOUBLE: ['DOUBLE'],
  DATE: ['DATE', 'TIMESTAMP', 'TIMESTAMP_LTZ'],
  TIMESTAMP: ['TIMESTAMP', 'TIMESTAMP_LTZ'],
  TIMESTAMP_LTZ: ['TIMESTAMP', 'TIMESTAMP_LTZ'],
};

/** Whether the binder may put this cast in by itself. A bare NULL becomes anything. */
export function canCastImplicitly(from: DataType, to: DataType): boolean {
  if (from.root === 'NULL') return true;
  return (IMPLICIT[from.root] ?? [from.root]).includes(to.root);
}
