/**
 * Rows a second of the aggregation operators of the fallback, alone: q17's eight aggregates by
 * (BIGINT, day) with row-by-row changes, and a tumbling count by BIGINT.
 *
 *     npx tsx bench/operators/aggregates.ts [rows]
 */
import { Batch } from '../../src/batch/batch.js';
import { allocateColumn, type Column, writeI64 } from '../../src/batch/column.js';
import { constantColumn } from '../../src/batch/values.js';
import { makeGroupAggregate } from '../../src/operators/group-aggregate.js';
import type { Operator, OperatorContext } from '../../src/operators/operator.js';
import { makeWindowAggregate } from '../../src/operators/window-aggregate.js';
import type { AggregateCall, GroupAggregateNode, WindowAggregateNode } from
  '../../src/plan/physical/plan.js';
import {
  BIGINT, BOOLEAN, type DataType, type RowField, STRING, timestamp,
} from '../../src/types/data-type.js';

const BATCH_ROWS = 4096;
const MODES = { updateBefore: true, updateAfter: true, delete: true };
const CONTEXT: OperatorContext = {
  subtask: 0, parallelism: 1, maxParallelism: 128, batchRows: BATCH_ROWS, zone: 'UTC',
  nowMs: () => 0,
};

const INPUT: readonly RowField[] = [
  ['auction', BIGINT], ['day', STRING], ['price', BIGINT], ['cheap', BOOLEAN],
  ['middle', BOOLEAN], ['dear', BOOLEAN], ['ts', timestamp(3)],
].map(([name, type]) => ({ name: name as string, type: type as DataType }));

function call(name: string, argument: number | null, filter: number | null = null): AggregateCall {
  return {
    function: name, arguments: argument === null ? [] : [argument], filter, distinct: false,
    retract: false, type: BIGINT,
  };
}

/** As Nexmark's bids: half of them on the hot auction, the others on the last hundred. */
function makeBatches(rowCount: number): Batch[] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 0) / 4294967296;
  };
  const batches: Batch[] = [];
  for (let first = 0; first < rowCount; first += BATCH_ROWS) {
    const columns = INPUT.map((field) => allocateColumn(field.type, BATCH_ROWS));
    columns[1] = constantColumn(STRING, '2020-01-01');
    for (let i = 0; i < BATCH_ROWS; i++) fillRow(columns, i, first + i, random);
    const watermark = (first + BATCH_ROWS) / 100 - 4000;
    batches.push(new Batch(BATCH_ROWS, columns, null, null, [{ row: BATCH_ROWS, watermark }]));
  }
  return batches;
}

function fillRow(
  columns: readonly Column[], row: number, event: number, random: () => number,
): void {
  const last = Math.floor((event * 3) / 46);
  const auction = random() < 0.5 ? Math.floor(last / 100) * 100
    : Math.max(0, last - Math.floor(random() * 100));
  const price = Math.round(10 ** (6 * random()) * 100);
  writeI64(columns[0]!.values as Int32Array, row, 1000 + auction);
  writeI64(columns[2]!.values as Int32Array, row, price);
  columns[3]!.values[row] = price < 10_000 ? 1 : 0;
  columns[4]!.values[row] = price >= 10_000 && price < 1_000_000 ? 1 : 0;
  columns[5]!.values[row] = price >= 1_000_000 ? 1 : 0;
  writeI64(columns[6]!.values as Int32Array, row, Math.floor(event / 100));
}

function base(schema: readonly RowField[]) {
  return {
    id: 0, inputs: [], description: '', semanticId: '', changelog: MODES, schema,
  } as const;
}

function q17(): Operator {
  const aggregates = [
    call('COUNT', null), call('COUNT', null, 3), call('COUNT', null, 4), call('COUNT', null, 5),
    call('MIN', 2), call('MAX', 2), call('AVG', 2), call('SUM', 2),
  ];
  const schema = [
    INPUT[0]!, INPUT[1]!, ...aggregates.map((_, i) => ({ name: `a${i}`, type: BIGINT })),
  ];
  const node: GroupAggregateNode = {
    ...base(schema), kind: 'group-aggregate', grouping: [0, 1], aggregates,
    generateUpdateBefore: true, needRetraction: false, miniBatch: null, stateTtlMs: 0,
  };
  return makeGroupAggregate(node, [INPUT], CONTEXT);
}

function tumblingCount(): Operator {
  const schema = [INPUT[0]!, { name: 'n', type: BIGINT }, { name: 'w', type: timestamp(3) }];
  const node: WindowAggregateNode = {
    ...base(schema), kind: 'window-aggregate', grouping: [0], aggregates: [call('COUNT', null)],
    window: {
      kind: 'tumble', sizeMs: 10_000, slideMs: 10_000, offsetMs: 0, rowtime: 6,
      windowStart: null, windowEnd: null, zone: null,
    },
    properties: ['end'], localPhase: false, needRetraction: false,
  };
  return makeWindowAggregate(node, [INPUT], CONTEXT);
}

function measure(name: string, make: () => Operator, batches: readonly Batch[]): void {
  for (let round = 0; round < 4; round++) {
    const operator = make();
    let emitted = 0;
    const output = { emit: (batch: Batch): void => { emitted += batch.activeCount; } };
    const start = process.hrtime.bigint();
    for (const batch of batches) operator.process(batch, 0, output);
    const rows = batches.length * BATCH_ROWS;
    const ns = Number(process.hrtime.bigint() - start) / rows;
    process.stdout.write(
      `${name}: ${ns.toFixed(1)} ns/row, ${(1000 / ns).toFixed(2)} M rows/s, ${emitted} out\n`);
  }
}

const batches = makeBatches(Number(process.argv[2] ?? 1_000_000));
measure('q17', q17, batches);
measure('tumbling count', tumblingCount, batches);
