/** A query on an engine of millrace, in one of the variants. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sessionFunction } from '../../src/api/user-function.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { SessionConfig } from '../../src/plan/config.js';
import { planScript } from '../../src/plan/plan-sql.js';
import type { PlannedStatement } from '../../src/plan/planner.js';
import { Job } from '../../src/runtime/job.js';
import type { StateChunk } from '../../src/runtime/pipeline.js';
import { functionNamed } from '../nexmark/functions.js';
import type { BenchQuery } from '../participants/participant.js';
import { ChangeDigest, type Digest } from './change-digest.js';
import type { Variant } from './variants.js';

export type Engine = 'native' | 'fallback';

/** The earliest checkpoint tried is after one event in so many. */
const MOST_EAGER = 100;
/** A native job may have ended before a busy machine lets the checkpoint begin. */
const TRIES_EACH = 4;
/** How long a job is left alone whose outputs nobody reads. */
const HELD_MS = 50;

export async function digestOf(
  query: BenchQuery, engine: Engine, variant: Variant, events: number,
): Promise<Digest> {
  const runner = new Runner(query, engine, variant);
  return variant.restores === true ? runner.restored(events) : runner.whole();
}

class Runner {
  private readonly planned: PlannedStatement;
  private readonly config: SessionConfig;

  constructor(
    private readonly query: BenchQuery, private readonly engine: Engine, variant: Variant,
  ) {
    const choice = query.functions === undefined || engine === 'fallback' ? engine : 'auto';
    this.config = new SessionConfig({ 'millrace.engine': choice, ...variant.config });
    const catalog = new Catalog();
    for (const name of query.functions ?? []) {
      catalog.functions.add(sessionFunction(name, functionNamed(name)));
    }
    const script = `${[...query.setup, query.checkSql ?? query.sql].join(';\n')};`;
    const planned = planScript(catalog, script, this.config).at(-1);
    if (planned === undefined) throw new Error(`${query.name}: no plan`);
    this.planned = planned;
  }

  async whole(): Promise<Digest> {
    const digest = new ChangeDigest();
    await this.run(this.job([]), digest);
    return digest.finish();
  }

  /**
   * The first job goes on to its end behind the checkpoint. What it gave before the barrier,
   * folded with what the second job gives, must be the whole table: some beginning of its changes.
   */
  async restored(events: number): Promise<Digest> {
    for (let attempt = 0; ; attempt++) {
      const share = 3 * 2 ** Math.floor(attempt / TRIES_EACH);
      const whole = new ChangeDigest({ keepsPrefixes: true });
      const first = this.job([]);
      // Every other time nothing is read before: full outputs keep the job from running ahead.
      const isHeld = attempt % 2 === 1;
      const { asked, state } = checkpointAt(first, events / share, isHeld ? HELD_MS : Infinity);
      await this.run(first, whole, isHeld ? asked : undefined);
      const chunks = await state;
      if (chunks !== null) return this.continued(whole, chunks);
      if (share > MOST_EAGER) throw new Error('the job ended before a checkpoint was taken');
    }
  }

  private async continued(
    whole: ChangeDigest, chunks: readonly StateChunk[],
  ): Promise<Digest> {
    const rest = new ChangeDigest();
    await this.run(this.job(chunks), rest);
    const beginning = whole.beginningThatFoldsTo(whole.table - rest.table);
    if (beginning === null) {
      throw new Error(`${rest.changes} of ${whole.changes} changes after the checkpoint do not ` +
        'complete what came before it');
    }
    return whole.finish();
  }

  private job(restore: readonly StateChunk[]): Job {
    const job = new Job(this.planned.plan, {
      engine: this.isMixture ? 'auto' : this.engine,
      parallelism: this.config.integer('parallelism.default'),
      batchRows: this.config.integer('millrace.batch-rows'),
      flushMs: this.config.durationMs('millrace.flush-interval'),
      workerThreads: this.config.boolean('millrace.fallback.worker-threads'),
      outputCount: 1,
      ...(restore.length === 0 ? {} : { restore }),
    });
    const expected = this.isMixture ? 'native,fallback' : this.engine;
    if (job.engines.join() !== expected) throw new Error(`${job.engines.join()} ran`);
    return job;
  }

  /** A function written in TypeScript cuts the native island around it. */
  private get isMixture(): boolean {
    return this.query.functions !== undefined && this.engine === 'native';
  }

  private async run(job: Job, digest: ChangeDigest, begin?: Promise<void>): Promise<void> {
    job.start();
    await begin;
    for await (const batch of job.outputs[0]!) digest.addBatch(batch);
    await job.done;
  }
}

interface AskedCheckpoint {
  readonly asked: Promise<void>;
  /** Null where the job ended before. */
  readonly state: Promise<readonly StateChunk[] | null>;
}

/** A checkpoint once so many rows were read, or after so long. */
function checkpointAt(job: Job, rows: number, mostMs: number): AskedCheckpoint {
  const due = async (): Promise<void> => {
    await nextTurn();
    const begun = performance.now();
    while (job.progress().rowsRead < rows && performance.now() - begun < mostMs) await nextTurn();
  };
  const asked = due();
  const state = asked.then(() => job.checkpoint()).catch(() => null);
  return { asked: asked.catch(() => undefined), state };
}
