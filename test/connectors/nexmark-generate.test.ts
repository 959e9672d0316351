import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateNexmark } from '../../src/connectors/nexmark/generate.js';
import { NEXMARK_SCHEMA } from '../../src/connectors/nexmark/fields.js';
import { loadNative } from '../../src/native/load.js';
import { nativeNexmarkLines } from '../../src/native/nexmark-lines.js';
import { ENGINES } from '../runtime/harness.js';
import { sourceRows, type SourceSetup } from './source-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'millrace-nexmark-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const binding = loadNative();
if (binding === null) throw new Error('the native engine is not built');
const native = nativeNexmarkLines(binding);

const columns = NEXMARK_SCHEMA.map(({ name, type }) => ({ path: [name], type }));

describe('generateNexmark', () => {
  it.each(['json', 'csv'] as const)('has the same bytes by both engines (%s)', async (format) => {
    const options = { events: 10_000, seed: 7, format, options: { 'first-event.rate': '100' } };
    const paths = ['a', 'b'].map((name) => join(folder, `${name}.${format}`));
    await generateNexmark({ ...options, path: paths[0]! });
    await generateNexmark({ ...options, path: paths[1]! }, native);
    const [plain, fast] = paths.map((path) => readFileSync(path));
    expect(fast!.equals(plain!)).toBe(true);
    expect(plain!.toString().split('\n')).toHaveLength(10_001);
  });

  it('writes one JSON object a line, absent members null, milliseconds in full', async () => {
    const path = join(folder, 'lines.json');
    await generateNexmark({ events: 60, path });
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [i, object] of objects.entries()) {
      expect(Object.keys(object)).toEqual(['event_type', 'person', 'auction', 'bid']);
      const kind = ['person', 'auction', 'bid'][object['event_type'] as number]!;
      const { [kind]: members, event_type: _, ...others } = object;
      expect(Object.values(others)).toEqual([null, null]);
      const { dateTime } = members as { dateTime: string };
      expect(dateTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
      expect(Date.parse(`${dateTime}Z`)).toBe(1_436_918_400_000 + Math.floor((i + 1) / 10));
    }
    expect(Object.keys(objects[2]!['bid'] as object)).toEqual(
      ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra']);
  });

  it.each(ENGINES)('reads back as the rows of the connector (%s)', async (engine) => {
    const path = join(folder, 'back.json');
    await generateNexmark({ events: 5_000, seed: 3, path });
    const generated: SourceSetup = {
      connector: 'nexmark', options: { 'events.num': '5000', seed: '3' }, columns,
    };
    const read: SourceSetup = {
      connector: 'filesystem', options: { path }, format: { name: 'json', options: {} }, columns,
    };
    expect(await sourceRows(engine, read)).toEqual(await sourceRows(engine, generated));
  });

  it('refuses options out of range and paths that cannot be written', async () => {
    const path = join(folder, 'refused.json');
    const options = { events: 1, path, options: { 'first-event.rate': '-1' } };
    await expect(generateNexmark(options)).rejects.toThrow(/MR2008.*first-event.rate/);
    await expect(generateNexmark(options, native)).rejects.toThrow(/MR2008.*first-event.rate/);
    await expect(generateNexmark({ events: -1, path })).rejects.toThrow(/MR2008/);
    const lost = { events: 1, path: '/no/such/folder/x' };
    await expect(generateNexmark(lost)).rejects.toThrow(/MR4003/);
    await generateNexmark({ events: 0, path });
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});
