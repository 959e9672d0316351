/**
 * Compiles the columns of a source into the tree that RecordDecoder walks.
 * native/formats/json-plan.cpp is the same in C++.
 */
import { encodeText } from '../../batch/strings.js';
import { fail } from '../../errors/index.js';
import type { SourceColumn } from '../../plan/physical/plan.js';
import { INT, row, ticksPerSecond, type DataType } from '../../types/data-type.js';
import { DecodedColumn } from '../decoded-column.js';

export interface DecoderOptions {
  readonly ignoreParseErrors: boolean;
  readonly failOnMissingField: boolean;
  readonly isoTimestamps: boolean;
  /** Whether a record may be an array, of rows. */
  readonly takesArrays: boolean;
}

/** Reads the format's options; MR2008 for a value it does not know. */
export function parseDecoderOptions(
  from: Readonly<Record<string, string>>,
): DecoderOptions {
  const ignoreParseErrors = flag(from, 'ignore-parse-errors', false);
  const failOnMissingField = flag(from, 'fail-on-missing-field', false);
  if (ignoreParseErrors && failOnMissingField) {
    fail('MR2008', {
      name: 'json.fail-on-missing-field', value: 'true with ignore-parse-errors',
    });
  }
  if (!flag(from, 'decode.json-parser.enabled', true)) {
    fail('MR2100', { feature: 'json.decode.json-parser.enabled = false' });
  }
  const isoTimestamps = isIsoStandard(from);
  return { ignoreParseErrors, failOnMissingField, isoTimestamps, takesArrays: true };
}

/** Whether timestamp-format.standard is ISO-8601; MR2008 where it is neither that nor SQL. */
export function isIsoStandard(from: Readonly<Record<string, string>>): boolean {
  const value = from['timestamp-format.standard'] ?? 'SQL';
  if (value !== 'SQL' && value !== 'ISO-8601') {
    fail('MR2008', { name: 'json.timestamp-format.standard', value });
  }
  return value === 'ISO-8601';
}

/** true or false in any case; MR2008 otherwise. */
export function flag(
  from: Readonly<Record<string, string>>, name: string, fallback: boolean,
): boolean {
  const value = from[name];
  if (value === undefined) return fallback;
  const lower = value.toLowerCase();
  if (lower !== 'true' && lower !== 'false') fail('MR2008', { name, value });
  return lower === 'true';
}

export class Member {
  readonly name: Uint8Array;
  /** "name": as it stands in most records; empty where the name needs escapes. */
  readonly quoted: Uint8Array;

  constructor(name: string, public value: ValuePlan) {
    this.name = encodeText(name);
    this.quoted = encodeText(/["\\]/.test(name) ? '' : `"${name}":`);
  }
}

/** The members that are read of an object. */
export class ObjectPlan {
  readonly members: Member[] = [];
  /** The member that is expected next. */
  hint = 0;
}

/** What the decoder does for a value, by its type. */
export type ValueKind =
  | 'boolean' | 'small' | 'integer' | 'bigint' | 'float' | 'decimal' | 'string' | 'bytes'
  | 'date' | 'time' | 'timestamp' | 'row' | 'array' | 'map';

/** How a value is written; one a column or a part of one. */
export class ValuePlan {
  /** Null where only members are read. */
  column: DecodedColumn | null = null;
  /** Members that are read, of a ROW or of a path. */
  object: ObjectPlan | null = null;
  /** ARRAY; the value of a MAP or MULTISET. */
  element: ValuePlan | null = null;
  /** A whole column whose members are columns too: read once for each. */
  again: ValuePlan | null = null;
  /** Day of the date seen last, packed as its ten bytes, and ms of its midnight. */
  dateHigh = -1;
  dateLow = -1;
  dateTail = -1;
  dateMs = 0;
  readonly kind: ValueKind;
  /** Ticks a millisecond of a timestamp. */
  readonly ticksPerMs: number;
  readonly zulu: boolean;

  constructor(
    /** a.b.c, for errors. */
    readonly path: string,
    readonly type: DataType,
  ) {
    this.kind = kindOf(type);
    const isTimestamp = this.kind === 'timestamp';
    this.ticksPerMs = isTimestamp ? ticksPerSecond(type.precision ?? 6) / 1000 : 1;
    this.zulu = type.root === 'TIMESTAMP_LTZ';
  }
}

const KINDS: Readonly<Partial<Record<DataType['root'], ValueKind>>> = {
  BOOLEAN: 'boolean', TINYINT: 'small', SMALLINT: 'small', INTEGER: 'integer', BIGINT: 'bigint',
  FLOAT: 'float', DOUBLE: 'float', DECIMAL: 'decimal', CHAR: 'string', VARCHAR: 'string',
  BINARY: 'bytes', VARBINARY: 'bytes', DATE: 'date', TIME: 'time', TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp', ROW: 'row', ARRAY: 'array', MAP: 'map', MULTISET: 'map',
};

function kindOf(type: DataType): ValueKind {
  const kind = KINDS[type.root];
  if (kind === undefined) return fail('MR2100', { feature: 'json format of intervals' });
  return kind;
}

function compileValue(path: string, type: DataType, column: DecodedColumn): ValuePlan {
  const plan = new ValuePlan(path, type);
  plan.column = column;
  switch (type.root) {
    case 'ROW': {
      const object = new ObjectPlan();
      (type.fields ?? []).forEach((field, i) => {
        const value = compileValue(`${path}.${field.name}`, field.type, column.children[i]!);
        object.members.push(new Member(field.name, value));
      });
      plan.object = object;
      break;
    }
    case 'ARRAY':
      plan.element = compileValue(path, type.element!, column.children[0]!);
      break;
    case 'MAP':
    case 'MULTISET': {
      const key = type.root === 'MAP' ? type.key! : type.element!;
      if (key.root !== 'VARCHAR' && key.root !== 'CHAR') {
        fail('MR2100', { feature: 'json format with map keys that are not STRING' });
      }
      const value = type.root === 'MAP' ? type.element! : INT;
      plan.element = compileValue(path, value, column.children[1]!);
      break;
    }
    default:
  }
  return plan;
}

function findMember(object: ObjectPlan, name: string): Member | undefined {
  const bytes = encodeText(name);
  return object.members.find((member) => Buffer.compare(member.name, bytes) === 0);
}

/** Adds a plan for a member; one that is there already is read too, after it. */
function addMember(object: ObjectPlan, name: string, value: ValuePlan): void {
  const found = findMember(object, name);
  if (found === undefined) {
    object.members.push(new Member(name, value));
    return;
  }
  value.again = found.value;
  found.value = value;
}

/** The object plan below a step of a path that is not its last. */
function stepInto(object: ObjectPlan, name: string, path: string): ObjectPlan {
  let at = findMember(object, name)?.value ?? null;
  for (; at !== null; at = at.again) if (at.column === null) return at.object!;
  const value = new ValuePlan(path, row([]));
  value.object = new ObjectPlan();
  addMember(object, name, value);
  return value.object;
}

export interface RecordPlan {
  readonly root: ObjectPlan;
  readonly columns: readonly DecodedColumn[];
}

/** The tree of all members that the columns need. */
export function compileRecord(sourceColumns: readonly SourceColumn[]): RecordPlan {
  const root = new ObjectPlan();
  const columns = sourceColumns.map(({ path, type }) => {
    const column = new DecodedColumn(type);
    let object = root;
    path.slice(0, -1).forEach((name, i) => {
      object = stepInto(object, name, path.slice(0, i + 1).join('.'));
    });
    addMember(object, path.at(-1)!, compileValue(path.join('.'), type, column));
    return column;
  });
  return { root, columns };
}

/** Whether some value is read more than once, so that its bytes must stay as they are. */
export function readsTwice(object: ObjectPlan): boolean {
  const twice = (plan: ValuePlan | null): boolean =>
    plan !== null && (plan.again !== null || twice(plan.element) ||
      (plan.object !== null && readsTwice(plan.object)));
  return object.members.some((member) => twice(member.value));
}
