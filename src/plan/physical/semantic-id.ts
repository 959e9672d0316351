/**
 * Names of operators that stay the same across plans as long as what they compute does: a hash of
 * kind, keys, expressions and the inputs' names. State is found again by them.
 */
import { createHash } from 'node:crypto';
import { pathText } from '../../catalog/table.js';
import { typeToString, type DataType } from '../../types/data-type.js';
import { planValueText } from '../logical/expression.js';
import { toPlanExpression } from '../logical/plan-expression.js';
import type { PlanValue } from './plan.js';
import type { Operator, Rel } from './rel.js';

/** 16 hex digits. */
export function semanticIdOf(rel: Rel, inputs: readonly string[]): string {
  const types = rel.schema.map((field) => typeToString(field.type));
  const text = planValueText([...inputs, signature(rel.op), types]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** What the operator computes; names of columns and options of connectors do not count. */
function signature(op: Operator): PlanValue {
  switch (op.kind) {
    case 'source':
      return [op.kind, op.connector, pathText(op.table.path), op.columns.map((one) => one.path)];
    case 'calc':
      return [op.kind, plain(op.projections.map(toPlanExpression)),
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'expand':
      return [op.kind, plain(op.projects.map((one) => one.map(toPlanExpression)))];
    case 'lookup-join':
      return [op.kind, op.joinType, op.source.connector, pathText(op.source.table.path), op.keys,
        plain(op.arguments.map(toPlanExpression)),
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'correlate':
      return [op.kind, op.joinType, op.call.function,
        plain(op.call.arguments.map(toPlanExpression)),
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'changelog-normalize':
      return [op.kind, op.keys,
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'watermark-assigner':
      return [op.kind, op.rowtime, plain(toPlanExpression(op.watermark))];
    case 'group-aggregate':
      return [op.kind, op.grouping, plain(op.aggregates)];
    case 'window-aggregate':
      return [op.kind, op.grouping, plain(op.aggregates), plain(op.window), op.properties];
    case 'join':
      return [op.kind, op.joinType, op.leftKeys, op.rightKeys, plain(op.leftState),
        plain(op.rightState), op.filterNulls,
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'over-aggregate':
      return [op.kind, op.partition, plain(op.orderBy), op.mode, op.unit, op.preceding,
        plain(op.aggregates)];
    case 'window-join':
      return [op.kind, op.joinType, op.leftKeys, op.rightKeys, plain(op.leftWindow),
        plain(op.rightWindow), op.filterNulls,
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'to-changelog':
      return [op.kind, op.codes];
    case 'from-changelog':
      return [op.kind, op.opColumn, op.codes, op.kinds];
    case 'temporal-join':
      return [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.leftTime, op.rightTime,
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    case 'interval-join': {
      const { leftTime, rightTime, lowerMs, upperMs, isRowTime } = op.bounds;
      return [op.kind, op.joinType, op.leftKeys, op.rightKeys, op.filterNulls,
        [leftTime, rightTime, lowerMs, upperMs, isRowTime],
        op.condition === null ? null : plain(toPlanExpression(op.condition))];
    }
    case 'match': {
      const { shown: _shown, variables: _names, ...rest } = op;
      return plain(rest);
    }
    case 'sink':
      return [op.kind, op.connector, op.table];
    default:
      return plain(op);
  }
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
