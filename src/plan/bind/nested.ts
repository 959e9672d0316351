/**
 * Rows, arrays and maps as the grammar writes them: ROW(a, b), ARRAY[a, b], MAP[k, v] and
 * value[index].
 */
import { fail } from '../../errors/index.js';
import type {
  CollectionConstructor, ElementAccess, MapConstructor, RowConstructor,
} from '../../sql/ast/expression.js';
import type { Position } from '../../sql/ast/node.js';
import type { Call, Expression } from '../logical/expression.js';
import { constantValue } from './constant-value.js';
import type { ExpressionBinder } from './expression-binder.js';
import { fieldAccess } from './scope.js';

export function bindRow(binder: ExpressionBinder, syntax: RowConstructor): Expression {
  return binder.call('ROW', binder.bindAll(syntax.fields), syntax.position);
}

export function bindCollection(
  binder: ExpressionBinder, syntax: CollectionConstructor,
): Expression {
  if (syntax.kind === 'multiset-constructor') {
    return binder.unsupported('MULTISET constructors', syntax.position);
  }
  return binder.call('ARRAY', binder.bindAll(syntax.elements), syntax.position);
}

export function bindMap(binder: ExpressionBinder, syntax: MapConstructor): Expression {
  const parts = syntax.entries.flatMap(({ key, value }) => [binder.bind(key), binder.bind(value)]);
  return binder.call('MAP', parts, syntax.position);
}

/** An element of an array by position, of a map by key, of a row by position or name. */
export function bindElementAccess(binder: ExpressionBinder, syntax: ElementAccess): Expression {
  const { position } = syntax;
  const whole = binder.bind(syntax.operand);
  const index = binder.bind(syntax.index);
  const value = constantValue(index, binder.zone)?.value;
  if (whole.type.root === 'ROW') {
    const name = typeof value === 'number' ? whole.type.fields?.[value - 1]?.name : value;
    if (typeof name !== 'string') {
      fail('MR2007', { detail: 'no such field of a ROW' }, { position });
    }
    return fieldAccess(whole, name, position);
  }
  if (whole.type.root === 'ARRAY' && typeof value === 'number' && value < 1) {
    const detail = `Array element access needs an index starting at 1 but was ${value}.`;
    fail('MR2007', { detail }, { position });
  }
  return binder.call('ITEM', [whole, index], position);
}

const isRow = (value: Expression | undefined): value is Call =>
  value?.kind === 'call' && value.kernel === 'row';

/**
 * Two ROW constructors beside a sign of equality are compared field by field, so that NULL in one
 * makes NULL, unlike the comparison of two values of type ROW; undefined where there are none.
 */
export function bindRowTest(
  binder: ExpressionBinder, sign: string, [a, b]: readonly Expression[], position: Position,
): Expression | undefined {
  if ((sign !== '=' && sign !== '<>') || !isRow(a) || !isRow(b)) return undefined;
  if (a.arguments.length !== b.arguments.length) {
    fail('MR2007', { detail: 'rows of different length are compared' }, { position });
  }
  const tests = a.arguments.map((field, i) =>
    binder.call(sign, [field, b.arguments[i]!], position));
  const [only, ...others] = tests;
  if (only !== undefined && others.length === 0) return only;
  return binder.call(sign === '=' ? 'AND' : 'OR', tests, position);
}
