import { describe, expect, test } from 'vitest';
import { UNSUPPORTED_FUNCTIONS } from '../../spec/unsupported-functions.js';
import { functionNames, resolveFunction } from '../../src/plan/bind/functions.js';
import {
  BIGINT, DOUBLE, FLOAT, INT, STRING, decimal, notNull, typeToString, type DataType,
} from '../../src/types/data-type.js';

function typeOf(name: string, ...types: readonly DataType[]): string {
  return typeToString(resolveFunction(name, types.map((type) => ({ type }))).resultType);
}

describe('resolveFunction', () => {
  test('integers take the wider type and are nullable if an argument is', () => {
    expect(typeOf('+', notNull(INT), notNull(BIGINT))).toBe('BIGINT NOT NULL');
    expect(typeOf('+', INT, notNull(BIGINT))).toBe('BIGINT');
  });

  test('decimals follow the rules of E-071', () => {
    expect(typeOf('+', decimal(10, 2), INT)).toBe('DECIMAL(13, 2)');
    expect(typeOf('*', decimal(30, 10), decimal(30, 10))).toBe('DECIMAL(38, 6)');
    expect(typeOf('/', decimal(10, 2), decimal(5, 1))).toBe('DECIMAL(17, 8)');
    expect(typeOf('+', decimal(10, 2), FLOAT)).toBe('DOUBLE');
  });

  test('a decimal keeps its own scale as an argument, an integer becomes a decimal', () => {
    const bound = resolveFunction('*', [{ type: decimal(10, 2) }, { type: INT }]);
    expect(bound.parameterTypes.map(typeToString)).toEqual(['DECIMAL(10, 2)', 'DECIMAL(10, 0)']);
  });

  test('both sides of a comparison get their common type', () => {
    const bound = resolveFunction('<', [{ type: decimal(10, 2) }, { type: DOUBLE }]);
    expect(bound.parameterTypes.map(typeToString)).toEqual(['DOUBLE', 'DOUBLE']);
  });

  test('an unknown name suggests the nearest', () => {
    expect(() => resolveFunction('GREATST', [])).toThrow(/MR2003.*GREATST[\s\S]*GREATEST/);
  });

  test('a function that only Flink has is unsupported, not unknown', () => {
    expect(() => resolveFunction('parse_json', [])).toThrow(/MR2102.*PARSE_JSON/);
  });

  test('no function that has a row is listed as unsupported', () => {
    const names = new Set(functionNames());
    expect(UNSUPPORTED_FUNCTIONS.filter((name) => names.has(name))).toEqual([]);
  });

  test('wrong arguments are named with the supported forms', () => {
    expect(() => resolveFunction('SQRT', [{ type: STRING }])).toThrow(
      /MR2006[\s\S]*Cannot apply 'SQRT' to arguments of type 'SQRT\(<STRING>\)'/,
    );
  });
});
