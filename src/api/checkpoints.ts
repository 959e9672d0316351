/**
 * Checkpoints of a session's jobs, as its options ask for them: at an interval into a folder, and
 * the state a job starts from.
 */
import { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import { CheckpointStorage } from '../checkpoint/storage.js';
import { errorOf } from '../errors/index.js';
import type { SessionConfig } from '../plan/config.js';
import { DEFAULT_MAX_PARALLELISM, type Job } from '../runtime/job.js';
import type { StateChunk } from '../runtime/pipeline.js';

export interface CheckpointSettings {
  /** 0: none, and none either without a folder: a script made for Flink runs all the same. */
  readonly intervalMs: number;
  readonly folder: string;
  readonly retained: number;
  readonly tolerableFailures: number;
  /** '': start from nothing. */
  readonly recoverFrom: string;
}

export function checkpointSettings(config: SessionConfig): CheckpointSettings {
  return {
    intervalMs: config.durationMs('execution.checkpointing.interval'),
    folder: config.text('execution.checkpointing.dir'),
    retained: config.integer('execution.checkpointing.num-retained'),
    tolerableFailures: config.integer('execution.checkpointing.tolerable-failed-checkpoints'),
    recoverFrom: config.text('execution.state-recovery.path'),
  };
}

/** The newest whole checkpoint's state; MR5004 where the folder has none. */
export async function recoveredState(
  { recoverFrom }: CheckpointSettings,
): Promise<readonly StateChunk[] | null> {
  if (recoverFrom === '') return null;
  const { checkpoint, skipped } = await new CheckpointStorage(recoverFrom).readLatest();
  if (checkpoint !== null) return checkpoint.chunks;
  const detail = skipped.map(({ id, reason }) => `checkpoint ${id}: ${reason}`).join('; ');
  throw errorOf('MR5004', { folder: recoverFrom }, { detail: detail || undefined });
}

export function startCheckpoints(job: Job, settings: CheckpointSettings): void {
  if (settings.intervalMs === 0 || settings.folder === '') return;
  const coordinator = new CheckpointCoordinator(job, {
    ...settings, maxParallelism: DEFAULT_MAX_PARALLELISM,
  });
  coordinator.start();
  const stop = (): void => void coordinator.stop();
  job.done.then(stop, stop);
}
