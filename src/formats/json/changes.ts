/**
 * Records of change data capture into rows with kinds; native/formats/json-changes.cpp is the same
 * in C++. A batch of records becomes one of rows by gathering: an index a row into the rows as they
 * were, followed by the rows as they are.
 */
import { Batch, ROW_KIND } from '../../batch/batch.js';
import type { Column } from '../../batch/column.js';
import { textAt } from '../../batch/strings.js';
import { concat, take } from '../../batch/take.js';
import { fail } from '../../errors/index.js';
import type { SourceColumn } from '../../plan/physical/plan.js';
import type { RowField } from '../../types/data-type.js';
import { ENVELOPES, RECORD, recordColumns, type ChangeVerb, type Envelope } from './envelope.js';
import { flag } from './plan.js';

const NONE = -1;

/** Only records whose member has this text count. */
interface Filter {
  readonly member: string;
  readonly wanted: string;
}

/** Options of the format that pick records; MR2100 for a pattern. */
function filtersOf(options: Readonly<Record<string, string>>): readonly Filter[] {
  return ['database', 'table'].flatMap((member) => {
    const wanted = options[`${member}.include`];
    if (wanted === undefined) return [];
    if (/[\\^$.|?*+()[\]{}]/.test(wanted)) {
      fail('MR2100', { feature: `a pattern in ${member}.include` });
    }
    return [{ member, wanted }];
  });
}

export class ChangeRecords {
  /** What a RecordDecoder is made for. */
  readonly recordColumns: readonly SourceColumn[];
  readonly #envelope: Envelope;
  readonly #fields: readonly RowField[];
  readonly #filters: readonly Filter[];
  readonly #verbs: ReadonlyMap<string, ChangeVerb>;
  // One a row: its kind, where it stands, where else its fields may stand, its record.
  #kinds: number[] = [];
  #from: number[] = [];
  #unchanged: number[] = [];
  #records: number[] = [];

  constructor(
    format: string, options: Readonly<Record<string, string>>,
    private readonly columns: readonly SourceColumn[], tableSchema: readonly RowField[],
  ) {
    this.#envelope = ENVELOPES[format]!;
    this.#verbs = new Map(Object.entries(this.#envelope.verbs));
    this.#filters = filtersOf(options);
    const names = new Set(columns.map(({ path }) => path[0]));
    this.#fields = tableSchema.filter(({ name }) => names.has(name));
    this.recordColumns = recordColumns(this.#envelope, this.#fields,
      this.#filters.map(({ member }) => member), flag(options, 'schema-include', false));
  }

  /** Whether several records may stand in an array. */
  get takesArrays(): boolean {
    return this.#envelope.takesArrays;
  }

  /** The rows of the records; `fault` is told of each record that is none, and may throw. */
  unfold(records: Batch, fault: (record: number, reason: string) => void): Batch {
    this.#kinds = [];
    this.#from = [];
    this.#unchanged = [];
    this.#records = [];
    for (let record = 0; record < records.rowCount; record++) {
      const reason = this.#unfoldOne(records, record);
      if (reason !== undefined) fault(record, reason);
    }
    const columns = this.columns.map((column) => this.#gathered(records, column));
    const kinds = Uint8Array.from(this.#kinds);
    const isInsert = kinds.every((kind) => kind === ROW_KIND.INSERT);
    return new Batch(kinds.length, columns, null, isInsert ? null : kinds);
  }

  /** What is wrong with a record; undefined: nothing, or it does not count. */
  #unfoldOne(records: Batch, record: number): string | undefined {
    const verbColumn = records.columns[RECORD.verb]!;
    for (const [i, { member, wanted }] of this.#filters.entries()) {
      const column = records.columns[this.recordColumns.length - this.#filters.length + i]!;
      if (column.isNull(record)) return `"${member}" is missing`;
      if (textAt(column, record) !== wanted) return undefined;
    }
    const { verb: member } = this.#envelope;
    if (verbColumn.isNull(record)) return `"${member}" is missing`;
    const text = textAt(verbColumn, record);
    const verb = this.#verbs.get(text);
    if (verb === undefined) return `unknown "${member}": ${text}`;
    if (verb === 'skip') return undefined;
    return this.#envelope.isList ? this.#list(records, record, verb)
      : this.#row(records, record, verb);
  }

  #row(records: Batch, record: number, verb: ChangeVerb): string | undefined {
    const { old, data, deleted } = this.#envelope;
    const has = (member: number): boolean => !records.columns[member]!.isNull(record);
    const needsOld = verb === 'update' || (verb === 'delete' && deleted === 'old');
    const needsData = verb !== 'delete' || deleted === 'data';
    if (needsOld && !has(RECORD.old)) return missingOld(old, verb);
    if (needsData && !has(RECORD.data)) {
      return `"${data}"${verb === 'delete' ? ' of a delete' : ''} is null`;
    }
    this.#put(verb, record, needsOld ? record : NONE, records.rowCount + record);
    return undefined;
  }

  #list(records: Batch, record: number, verb: ChangeVerb): string | undefined {
    const { old: oldName, data: dataName } = this.#envelope;
    const old = records.columns[RECORD.old]!;
    const data = records.columns[RECORD.data]!;
    if (data.isNull(record)) return `"${dataName}" is null`;
    const olds = old.children[0]!;
    for (let i = 0; i < data.lengths[record]!; i++) {
      const dataAt = data.starts[record]! + i;
      const isPaired = !old.isNull(record) && i < old.lengths[record]!;
      const oldAt = isPaired ? old.starts[record]! + i : NONE;
      if (data.children[0]!.isNull(dataAt)) return `"${dataName}" has a row that is null`;
      const isOldMissing = oldAt === NONE || olds.isNull(oldAt);
      if (verb === 'update' && isOldMissing) return missingOld(oldName, verb);
      this.#put(verb, record, oldAt, olds.length + dataAt);
    }
    return undefined;
  }

  /** `data` counts from the first of the old rows on. */
  #put(verb: ChangeVerb, record: number, old: number, data: number): void {
    const { deleted, isPartial } = this.#envelope;
    if (verb === 'update') {
      this.#change(ROW_KIND.UPDATE_BEFORE, record, old, isPartial ? data : NONE);
      this.#change(ROW_KIND.UPDATE_AFTER, record, data, NONE);
    } else if (verb === 'insert') {
      this.#change(ROW_KIND.INSERT, record, data, NONE);
    } else {
      this.#change(ROW_KIND.DELETE, record, deleted === 'old' ? old : data, NONE);
    }
  }

  #change(kind: number, record: number, from: number, unchanged: number): void {
    this.#kinds.push(kind);
    this.#from.push(from);
    this.#unchanged.push(unchanged);
    this.#records.push(record);
  }

  #gathered(records: Batch, { path }: SourceColumn): Column {
    const { isList } = this.#envelope;
    const items = (member: number): Column =>
      isList ? records.columns[member]!.children[0]! : records.columns[member]!;
    const index = this.#fields.findIndex(({ name }) => name === path[0]);
    const old = items(RECORD.old);
    const data = items(RECORD.data);
    const both = concat([old.children[index]!, data.children[index]!], [old.length, data.length]);
    const rows = Int32Array.from(this.#from);
    for (const [i, row] of this.#unchanged.entries()) {
      if (row === NONE || !both.isNull(rows[i]!)) continue;
      const texts = records.columns[RECORD.oldText]!;
      if (!namesMember(textAt(texts, this.#records[i]!), path[0]!)) rows[i] = row;
    }
    return descended(take(both, rows), path.slice(1));
  }
}

function missingOld(member: string, verb: ChangeVerb): string {
  const a = verb === 'update' ? 'an update' : 'a delete';
  return `"${member}" of ${a} is null (Postgres needs REPLICA IDENTITY FULL)`;
}

/** Whether compact JSON text has a member of that name, at any depth. */
function namesMember(text: string, name: string): boolean {
  const quoted = `${JSON.stringify(name)}:`;
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    if (text[at - 1] === '{' || text[at - 1] === ',') return true;
  }
  return false;
}

function descended(column: Column, path: readonly string[]): Column {
  let at = column;
  for (const name of path) {
    at = at.children[at.type.fields!.findIndex((field) => field.name === name)]!;
  }
  return at;
}
