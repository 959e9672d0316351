/**
 * What the threads of a pipeline say to each other. Batches travel as packed blocks whose buffers
 * are handed over, never copied and never shared.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Message, OperatorStatsRow, PipelineOptions, StateChunk } from '../../pipeline.js';

/** Messages that a sender may have on the way before it waits. */
export const CREDITS = 8;

/** A message of a stream, as it travels. */
export type Parcel =
  | { readonly kind: 'batch'; readonly block: ArrayBuffer }
  | Exclude<Message, { readonly kind: 'batch' }>;

export type PackedChunk = Omit<StateChunk, 'content'> & { readonly block: ArrayBuffer };

export type ThreadOptions = Omit<PipelineOptions, 'restore' | 'workerThreads'>;

/** From the thread of the job to a worker; `pipeline` tells pipelines of a worker apart. */
export type Command =
  | {
      readonly kind: 'make';
      readonly pipeline: number;
      readonly subtask: number;
      readonly plan: Uint8Array;
      readonly options: ThreadOptions;
      readonly restore: readonly PackedChunk[];
      /** By subtask; null at its own place. */
      readonly peers: readonly (MessagePort | null)[];
    }
  | {
      readonly kind: 'input'; readonly pipeline: number; readonly port: number;
      readonly parcel: Parcel;
    }
  /** The job has taken one message of an output. */
  | { readonly kind: 'taken'; readonly pipeline: number; readonly port: number }
  | { readonly kind: 'barrier'; readonly pipeline: number; readonly id: number }
  | { readonly kind: 'complete'; readonly pipeline: number }
  | { readonly kind: 'close'; readonly pipeline: number };

/** From a worker to the thread of the job. */
export type Report =
  | {
      readonly kind: 'output'; readonly pipeline: number; readonly port: number;
      readonly parcel: Parcel;
    }
  /** The worker has taken one batch of an input. */
  | { readonly kind: 'accepted'; readonly pipeline: number; readonly port: number }
  | {
      readonly kind: 'snapshot'; readonly pipeline: number; readonly id: number;
      readonly chunks: readonly PackedChunk[];
    }
  | {
      readonly kind: 'stats'; readonly pipeline: number;
      readonly rows: readonly OperatorStatsRow[];
    }
  | { readonly kind: 'finished'; readonly pipeline: number }
  | {
      readonly kind: 'failed'; readonly pipeline: number; readonly code: string;
      readonly detail: string; readonly operator: number;
    }
  | { readonly kind: 'closed'; readonly pipeline: number };

/** Between workers, on the port of a pair of them: a message of a link, or room for one more. */
export type PeerMessage =
  | { readonly link: number; readonly parcel: Parcel }
  | { readonly link: number; readonly parcel: null };
