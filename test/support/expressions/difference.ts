/** Whether two answers are the same: type, values row by row, or a failure at the same time. */
import type { Answer } from './answers.js';

/** Functions whose last digits differ between mathematics libraries. */
const APPROXIMATE =
  /\b(SIN|COS|TAN|COT|ASIN|ACOS|ATAN|ATAN2|SINH|COSH|TANH|EXP|LN|LOG|LOG2|LOG10|POWER)\(/;

/** Null where they are the same. */
export function difference(sql: string, flink: Answer, here: Answer): string | null {
  if ('error' in flink) {
    if ('error' in here) return here.error === flink.error ? null : `${here.error}: ${here.text}`;
    return `${here.type} ${JSON.stringify(here.values)}`;
  }
  if ('error' in here) return `${here.error}: ${here.text}`;
  if (here.type !== flink.type) return `${here.type} ${JSON.stringify(here.values)}`;
  const isClose = APPROXIMATE.test(sql);
  const isSame = here.values.length === flink.values.length &&
    here.values.every((value, i) => isEqual(flink.values[i], value, flink.type, isClose));
  return isSame ? null : `${here.type} ${JSON.stringify(here.values)}`;
}

/** JSON has no -0; the text of a CAST tells it apart. */
const withoutSign = (value: unknown): unknown => (value === 0 ? 0 : value);

function isEqual(a: unknown, b: unknown, type: string, isClose: boolean): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    const [left, right] = type.includes('MAP<') || type.includes('MULTISET<')
      ? [sorted(a), sorted(b)] : [a, b];
    return left.every((one, i) => isEqual(one, right[i], type, isClose));
  }
  if (Object.is(withoutSign(a), withoutSign(b))) return true;
  if (typeof a === 'number' && typeof b === 'number') return isNear(a, b, type, isClose);
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  return isNumberText(a) && isNumberText(b) && isNear(Number(a), Number(b), 'DOUBLE', isClose);
}

/** Java 17 sometimes prints a digit more than the shortest text of a number. */
function isNumberText(text: string): boolean {
  return /^-?\d+\.\d+(E-?\d+)?$/.test(text);
}

function isNear(a: number, b: number, type: string, isClose: boolean): boolean {
  if (Object.is(a, b)) return true;
  if (type.includes('FLOAT') && Object.is(Math.fround(a), Math.fround(b))) return true;
  return isClose && Math.abs(a - b) <= 1e-13 * Math.max(Math.abs(a), Math.abs(b), 1e-300);
}

const sorted = (list: readonly unknown[]): readonly unknown[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
