/**
 * Names of operators that stay the same across plans as long as what they compute does: a hash of
 * kind, keys, expressions and the inputs' names. State is found again by them.
 */
import { createHash } from 'node:crypto';
import { typeToString, type DataType } from '../../types/data-type.js';
import { planValueText } from '../logical/expression.js';
import type { PlanValue } from './plan.js';
import { rowOf } from './operators/table.js';
import type { Rel } from './rel.js';

/** 16 hex digits. */
export function semanticIdOf(rel: Rel, inputs: readonly string[]): string {
  const types = rel.schema.map((field) => typeToString(field.type));
  const computed = plain(rowOf(rel.op.kind).signature?.(rel.op) ?? rel.op);
  const text = planValueText([...inputs, computed, types]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The id of the operator that is the same as others before it. */
export function repeatedId(semanticId: string, times: number): string {
  return createHash('sha256').update(`${semanticId} ${times}`).digest('hex').slice(0, 16);
}

/**
 * Types as texts: their objects may carry marks that mean nothing here. A user's function is known
 * by its name: its handle is another in each process.
 */
function plain(value: unknown): PlanValue {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value as PlanValue;
  if (value instanceof Uint8Array) return value;
  if ('root' in value && 'nullable' in value) return typeToString(value as DataType);
  const parts = Object.entries(value).filter(([key]) => key !== 'handle');
  return Object.fromEntries(parts.map(([key, part]) => [key, plain(part)]));
}
