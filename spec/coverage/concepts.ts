/** Concepts of streams and state: each by a query or an option. */
import { rows, type CoverageRow } from './row.js';

const COUNT = 'SELECT i, COUNT(*), COUNT(DISTINCT n) FROM f GROUP BY i';
const set = (name: string, value: string): string => `SET '${name}' = '${value}'`;

export const CONCEPT_ROWS: readonly CoverageRow[] = [
  ...rows('C-001', { 'append, retract and upsert streams': ['SELECT i FROM f', COUNT] }),
  ...rows('C-002', { 'upsert keys': 'INSERT INTO out_keyed SELECT i, n FROM agg' }),
  ...rows('C-003', { 'ChangelogNormalize, DropUpdateBefore': 'SELECT i, n FROM changes' }),
  ...rows('C-004', { 'time attributes': 'SELECT ts, pt FROM f' }),
  ...rows('C-005', { 'watermarks': 'SELECT i FROM g ORDER BY ts' }),
  ...rows('C-006', {
    'idle sources': [[set('table.exec.source.idle-timeout', '1 s'), 'SELECT i FROM g']],
  }),
  ...rows('C-008', {
    'state TTL': [[set('table.exec.state.ttl', '1 h'), COUNT]],
  }),
  ...rows('C-009', {
    'mini-batch': [[set('table.exec.mini-batch.enabled', 'true'),
      set('table.exec.mini-batch.allow-latency', '1 s'), set('table.exec.mini-batch.size', '100'),
      COUNT]],
  }),
  ...rows('C-010', {
    'local-global aggregation': [[set('table.optimizer.agg-phase-strategy', 'TWO_PHASE'),
      set('table.exec.mini-batch.enabled', 'true'),
      set('table.exec.mini-batch.allow-latency', '1 s'), set('table.exec.mini-batch.size', '100'),
      COUNT]],
  }),
  ...rows('C-011', {
    'split distinct aggregation': [[set('table.optimizer.distinct-agg.split.enabled', 'true'),
      COUNT]],
  }),
  ...rows('C-013', {
    'sink upsert materializer': [[set('table.exec.sink.require-on-conflict', 'false'),
      `INSERT INTO out_keyed SELECT CAST(n AS INT), CAST(i AS BIGINT) FROM agg`]],
  }),
];
