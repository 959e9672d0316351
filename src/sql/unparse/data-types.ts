/**
 * Data types as SQL text.
 */
import type { DataType, IntervalQualifier, ScalarType, TypeField } from '../ast/index.js';
import { identifierText, nameText, stringText } from './names.js';

/** A type with its nullability as written. */
export function dataTypeText(type: DataType): string {
  const suffix = { 'not-null': ' NOT NULL', nullable: ' NULL', unspecified: '' }[type.nullability];
  return bareText(type) + suffix;
}

function bareText(type: DataType): string {
  switch (type.kind) {
    case 'scalar-type': return scalarText(type);
    case 'interval-type': return `INTERVAL ${qualifierText(type.qualifier)}`;
    case 'array-type': return `ARRAY<${dataTypeText(type.element)}>`;
    case 'multiset-type': return `MULTISET<${dataTypeText(type.element)}>`;
    case 'map-type': return `MAP<${dataTypeText(type.key)}, ${dataTypeText(type.value)}>`;
    case 'row-type': return type.fields.length === 0 ? 'ROW<>' : `ROW<${fields(type.fields)}>`;
    case 'structured-type': {
      const members = type.fields.length === 0 ? '' : `, ${fields(type.fields)}`;
      return `STRUCTURED<${stringText(type.className)}${members}>`;
    }
    case 'raw-type':
      return `RAW(${stringText(type.className)}, ${stringText(type.serializer)})`;
    case 'named-type': return nameText(type.name);
  }
}

const zonedSuffixes = {
  TIMESTAMP_TZ: ['TIMESTAMP', ' WITH TIME ZONE'],
  TIME_LTZ: ['TIME', ' WITH LOCAL TIME ZONE'],
  TIME_TZ: ['TIME', ' WITH TIME ZONE'],
} as const;

function scalarText({ name, precision, scale }: ScalarType): string {
  const numbers = [precision, scale].filter((number) => number !== undefined);
  const arguments_ = numbers.length === 0 ? '' : `(${numbers.join(', ')})`;
  if (name !== 'TIMESTAMP_TZ' && name !== 'TIME_LTZ' && name !== 'TIME_TZ') {
    return (name === 'INT' ? 'INTEGER' : name) + arguments_;
  }
  const [base, suffix] = zonedSuffixes[name];
  return base + arguments_ + suffix;
}

function fields(list: readonly TypeField[]): string {
  return list.map(({ name, type, comment }) => {
    const suffix = comment === undefined ? '' : ` ${stringText(comment)}`;
    return `${identifierText(name)} ${dataTypeText(type)}${suffix}`;
  }).join(', ');
}

/** DAY(3) TO SECOND(6) */
export function qualifierText(qualifier: IntervalQualifier): string {
  const { start, end, precision, fraction } = qualifier;
  if (end === undefined) {
    const numbers = [precision, fraction].filter((number) => number !== undefined);
    return numbers.length === 0 ? start : `${start}(${numbers.join(', ')})`;
  }
  const first = precision === undefined ? start : `${start}(${precision})`;
  return `${first} TO ${fraction === undefined ? end : `${end}(${fraction})`}`;
}
