/** Decodes what encode.ts writes. Any damage is an error by code, never a crash. */
import { PLAN_MAGIC, TAG } from './encode.js';
import { PLAN_VERSION, type PhysicalPlan, type PlanValue } from './plan.js';

/** Deepest nesting of values a plan may have. */
const MAX_PLAN_DEPTH = 2_000;

class PlanDecodeError extends Error {}

const TEXT = new TextDecoder('utf-8', { fatal: true });

class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    this.take(2);
    return this.view.getUint16(this.at - 2, true);
  }

  double(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, true);
  }

  unsigned(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new PlanDecodeError('integer is longer than ten bytes');
  }

  count(): number {
    const value = this.unsigned();
    if (value > BigInt(this.remaining)) throw new PlanDecodeError('length runs past the end');
    return Number(value);
  }

  int128(): bigint {
    this.take(16);
    const low = this.view.getBigUint64(this.at - 16, true);
    return (this.view.getBigInt64(this.at - 8, true) << 64n) | low;
  }

  take(count: number): Uint8Array {
    if (count > this.remaining) throw new PlanDecodeError('unexpected end');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  text(): string {
    const bytes = this.take(this.count());
    try {
      return TEXT.decode(bytes);
    } catch {
      throw new PlanDecodeError('text is not UTF-8');
    }
  }
}

export function decodePlan(bytes: Uint8Array): PhysicalPlan {
  const reader = new ByteReader(bytes);
  if (new TextDecoder().decode(reader.take(4)) !== PLAN_MAGIC) {
    throw new PlanDecodeError('not a plan');
  }
  const version = reader.u16();
  if (version !== PLAN_VERSION) throw new PlanDecodeError(`plan version ${version} is unknown`);
  const plan = readValue(reader, 0);
  if (reader.remaining > 0) throw new PlanDecodeError('bytes after the end of the plan');
  return plan as unknown as PhysicalPlan;
}

/** One value without the plan's header, as encodeValue writes it. */
export function decodeValue(bytes: Uint8Array): PlanValue {
  const reader = new ByteReader(bytes);
  const value = readValue(reader, 0);
  if (reader.remaining > 0) throw new PlanDecodeError('bytes after the end of the value');
  return value;
}

function readValue(reader: ByteReader, depth: number): PlanValue {
  if (depth > MAX_PLAN_DEPTH) throw new PlanDecodeError('plan is nested too deeply');
  const tag = reader.byte();
  switch (tag) {
    case TAG.null:
      return null;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.integer:
      return readInteger(reader);
    case TAG.double:
      return reader.double();
    case TAG.string:
      return reader.text();
    case TAG.bytes:
      return reader.take(reader.count()).slice();
    case TAG.list:
      return Array.from({ length: reader.count() }, () => readValue(reader, depth + 1));
    case TAG.map:
      return readMap(reader, depth);
    case TAG.int128:
      return reader.int128();
    default:
      throw new PlanDecodeError(`unknown tag ${tag}`);
  }
}

/** A safe integer comes back as a number; typed readers make bigints of literals again. */
function readInteger(reader: ByteReader): number | bigint {
  const raw = reader.unsigned();
  const value = BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function readMap(reader: ByteReader, depth: number): PlanValue {
  const members: { [name: string]: PlanValue } = {};
  for (let left = reader.count(); left > 0; left--) {
    const name = reader.text();
    members[name] = readValue(reader, depth + 1);
  }
  return members;
}
