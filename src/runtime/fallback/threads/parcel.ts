/** Messages and chunks in the form in which they change threads. */
import { packBatch, unpackBatch } from '../../../batch/packed.js';
import type { DataType } from '../../../types/data-type.js';
import type { Message, StateChunk } from '../../pipeline.js';
import type { PackedChunk, Parcel } from './messages.js';

export function parcelOf(message: Message): Parcel {
  if (message.kind !== 'batch') return message;
  return { kind: 'batch', block: packBatch(message.batch).buffer as ArrayBuffer };
}

/** The buffers that a parcel hands over. */
export function buffersOf(parcel: Parcel): readonly ArrayBuffer[] {
  return parcel.kind === 'batch' ? [parcel.block] : [];
}

export function messageOf(parcel: Parcel, types: readonly DataType[]): Message {
  if (parcel.kind !== 'batch') return parcel;
  return { kind: 'batch', batch: unpackBatch(parcel.block, types) };
}

export function packChunk({ content, ...rest }: StateChunk): PackedChunk {
  return { ...rest, block: packBatch(content).buffer as ArrayBuffer };
}

export function unpackChunk({ block, ...rest }: PackedChunk): StateChunk {
  return { ...rest, content: unpackBatch(block, rest.fields.map((field) => field.type)) };
}
