/** Errors that come out of an engine as a code and a detail. */
import {
  DataError, ConnectorError, type ErrorCode, type ErrorRow, errorRows, InternalError,
  type MillraceError, StateError, UnsupportedError, ValidationError,
} from '../errors/index.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';

type ErrorConstructor = typeof MillraceError;

/**
 * The error of a row of spec/errors.ts: its static words, then the detail. `operator` is the id of
 * the plan node to blame, -1 where none is; of a plan it is told by its name.
 */
export function runtimeError(
  code: ErrorCode, detail: string, operator = -1, plan?: PhysicalPlan,
): MillraceError {
  const row: ErrorRow = errorRows[code];
  const words = row.text.split('{', 1)[0]!.trimEnd();
  const text = detail === '' ? words.replace(/:$/, '') : `${words} ${detail}`.trim();
  const hint = row.hint === undefined || row.hint.includes('{') ? undefined : row.hint;
  const where = operator >= 0 ? `in ${nodeText(operator, plan)}` : undefined;
  return new (constructorOf(code, row))(code, row.class, text, { hint, detail: where });
}

/** `source bids`, `window-aggregate`; `operator 3` without a plan. */
function nodeText(id: number, plan: PhysicalPlan | undefined): string {
  const node = plan?.nodes.find((one) => one.id === id);
  if (node === undefined) return `operator ${id}`;
  return 'table' in node ? `${node.kind} ${node.table}` : node.kind;
}

function constructorOf(code: ErrorCode, row: ErrorRow): ErrorConstructor {
  if (row.unsupported === true) return UnsupportedError;
  switch (code[2]) {
    case '2':
      return ValidationError;
    case '3':
      return DataError;
    case '4':
      return ConnectorError;
    case '5':
      return StateError;
    default:
      return InternalError;
  }
}
