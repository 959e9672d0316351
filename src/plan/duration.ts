/** Durations as Flink's options write them: `2 s`, `500ms`, `1 min`; a bare number is ms. */

const UNIT_MS: Readonly<Record<string, number>> = {
  d: 86_400_000, day: 86_400_000, h: 3_600_000, hour: 3_600_000,
  m: 60_000, min: 60_000, minute: 60_000, s: 1000, sec: 1000, second: 1000,
  ms: 1, milli: 1, millisecond: 1,
  us: 1e-3, µs: 1e-3, micro: 1e-3, microsecond: 1e-3, ns: 1e-6, nano: 1e-6, nanosecond: 1e-6,
};

/** In ms; undefined if the text is no duration. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d+)\s*([a-zµ]*)$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, digits = '', unit = ''] = match;
  const factor = unit === '' ? 1 : UNIT_MS[unit] ?? UNIT_MS[unit.replace(/s$/, '')];
  return factor === undefined ? undefined : Number(digits) * factor;
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4,
};

/** 128MB, 1 gb, 512 k; undefined: no size. */
export function parseMemoryBytes(text: string): number | undefined {
  const found = /^(\d+)\s*([a-z]*)$/i.exec(text.trim());
  const unit = found?.[2]!.toLowerCase().replace(/^(b|k|m|g|t)(b|bytes|ibibytes)?$/, '$1');
  const bytes = unit === undefined ? undefined : BYTES[unit === 'bytes' ? 'b' : unit];
  return bytes === undefined ? undefined : Number(found![1]) * bytes;
}
