/** Where rows go, and what keeps a sink's table right before them. */
import type { Rel, SinkConflictOp, SinkOp, SinkUpsertMaterializeOp } from '../rel.js';
import { asItIs, type Edge, keyFits, type RowsOf } from './row.js';
import { inputOf, nameList, namesAt } from './text.js';

function sinkText(op: SinkOp, rel: Rel): string {
  const { isMaterialized, onConflict } = op.shownAs;
  const materialized = isMaterialized ? ', upsertMaterialize=[true]' : '';
  const conflict = onConflict === null ? ''
    : `, conflictStrategy=[${onConflict.toUpperCase()}]`;
  return `Sink(table=[${op.table}], fields=[${nameList(inputOf(rel)).join(', ')}]${materialized}` +
    `${conflict})`;
}

type KeyedSinkOp = SinkUpsertMaterializeOp | SinkConflictOp;

const materializeText = (op: KeyedSinkOp, rel: Rel): string =>
  `SinkUpsertMaterialize(key=[${namesAt(inputOf(rel), op.primaryKey)}])`;

const takesOldRowByKey = (op: KeyedSinkOp, { rel, input, canDropOldRows }: Edge): boolean =>
  !canDropOldRows(input) || !keyFits(rel, op.primaryKey);

/** Sinks that hand their batches to TypeScript are numbered. */
const NUMBERED: ReadonlySet<string> = new Set(['collect', 'print']);

export const SINKS: RowsOf<'sink' | 'sink-upsert-materialize' | 'sink-conflict'> = {
  sink: {
    describe: sinkText,
    payload: (op, { nextOutput }) => {
      const {
        acceptsUpdates: _accepts, wantsUpdateBefore: _wants, acceptsDeletesByKey: _byKey,
        shownAs: _shown, options, ...rest
      } = op;
      const isNumbered = NUMBERED.has(op.connector);
      return {
        ...rest, options: isNumbered ? { ...options, output: String(nextOutput()) } : options,
      };
    },
    signature: (op) => [op.kind, op.connector, op.table],
    takesOldRow: (op, { rel, input, canDropOldRows }) => op.wantsUpdateBefore ||
      !canDropOldRows(input) || (op.primaryKey.length > 0 && !keyFits(rel, op.primaryKey)),
    takesFullDelete: (op, { rel }) => !(op.acceptsDeletesByKey && keyFits(rel, op.primaryKey)),
  },
  'sink-upsert-materialize': {
    describe: materializeText,
    payload: (op, { context }) => ({ ...op, stateTtlMs: context.stateTtlMs }),
    takesOldRow: takesOldRowByKey,
  },
  'sink-conflict': {
    describe: materializeText, payload: asItIs, takesOldRow: takesOldRowByKey,
  },
};
