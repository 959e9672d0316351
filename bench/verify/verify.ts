/**
 * `npm run bench -- nexmark --verify`: every query on Flink and on both engines over the same
 * file, and again in each variant that must not show in the result.
 */
import { UnsupportedError, ValidationError } from '../../src/index.js';
import type { BenchQuery } from '../participants/participant.js';
import type { Digest } from './change-digest.js';
import { FlinkDigests } from './flink.js';
import { digestOf, type Engine } from './millrace.js';
import type { Variant } from './variants.js';

const ENGINES: readonly Engine[] = ['native', 'fallback'];

/** One engine in one variant; `trouble` says what is wrong, '' = equal to what it must equal. */
export interface Finding extends Digest {
  readonly query: string;
  readonly variant: string;
  readonly engine: string;
  readonly comparedWith: string;
  readonly trouble: string;
}

export interface Unsupported {
  readonly query: string;
  readonly reason: string;
}

export interface Verification {
  readonly findings: readonly Finding[];
  readonly unsupported: readonly Unsupported[];
}

export interface VerifyRequest {
  readonly events: number;
  readonly variants: readonly Variant[];
  readonly queries: readonly string[];
  readonly queryFor: (name: string, variant: Variant) => BenchQuery;
  readonly isFlinkAsked: boolean;
  readonly progress: (line: string) => void;
}

export async function verify(request: VerifyRequest): Promise<Verification> {
  const flink = request.isFlinkAsked ? FlinkDigests.start() : null;
  if (flink === null) request.progress('Flink does not take part');
  const findings: Finding[] = [];
  const unsupported: Unsupported[] = [];
  try {
    for (const name of request.queries) {
      try {
        const found = await new QueryVerifier(name, request, flink).run();
        findings.push(...found);
        request.progress(lineOf(name, found));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const [reason = ''] = error.message.split('\n');
        unsupported.push({ query: name, reason });
        request.progress(`${name}: does not run: ${reason}`);
      }
    }
  } finally {
    await flink?.close();
  }
  return { findings, unsupported };
}

function lineOf(name: string, findings: readonly Finding[]): string {
  const troubles = findings.filter((one) => one.trouble !== '');
  if (troubles.length === 0) {
    const first = findings[0];
    return `${name}: equal in ${findings.length} runs, ${first?.rows} rows, ${first?.table}`;
  }
  const told = troubles.map((one) => `  ${one.variant} ${one.engine}: ${one.trouble}`);
  return [`${name}: ${troubles.length} of ${findings.length} runs differ`, ...told].join('\n');
}

class QueryVerifier {
  private readonly findings: Finding[] = [];
  /** What a variant is compared with: Flink's digest of its input, else the native engine's. */
  private readonly expected = new Map<string, { readonly by: string; readonly digest: Digest }>();

  constructor(
    private readonly name: string,
    private readonly request: VerifyRequest,
    private readonly flink: FlinkDigests | null,
  ) {}

  async run(): Promise<readonly Finding[]> {
    for (const variant of this.request.variants) {
      const query = this.request.queryFor(this.name, variant);
      await this.askFlink(query, variant);
      for (const engine of ENGINES) await this.check(query, engine, variant);
    }
    return this.findings;
  }

  private async askFlink(query: BenchQuery, variant: Variant): Promise<void> {
    const key = inputKey(variant);
    if (this.flink === null || query.flinkRefuses === true || this.expected.has(key)) return;
    const digest = await this.flink.digestOf(query);
    this.expected.set(key, { by: 'flink', digest });
    this.note(variant, 'flink', digest, '', '');
  }

  private async check(query: BenchQuery, engine: Engine, variant: Variant): Promise<void> {
    const key = inputKey(variant);
    const expected = this.expected.get(key);
    try {
      const digest = await digestOf(query, engine, variant, this.request.events);
      if (expected === undefined) this.expected.set(key, { by: engine, digest });
      const trouble = expected === undefined ? ''
        : difference(query, variant, expected.digest, digest);
      this.note(variant, engine, digest, expected?.by ?? '', trouble);
    } catch (error) {
      if (isRefusal(error)) throw error;
      const told = error instanceof Error ? error.message : String(error);
      this.note(variant, engine, NOTHING, expected?.by ?? '', told);
    }
  }

  private note(
    variant: Variant, engine: string, digest: Digest, comparedWith: string, trouble: string,
  ): void {
    const { name: query } = this;
    this.findings.push({
      query, variant: variant.name, engine, ...digest, comparedWith, trouble,
    });
  }
}

const isRefusal = (error: unknown): error is UnsupportedError | ValidationError =>
  error instanceof UnsupportedError || error instanceof ValidationError;

const NOTHING: Digest = { changes: 0, rows: 0, table: '', order: '' };

/** Variants over the same rows have the same result. */
const inputKey = (variant: Variant): string => `${variant.input} ${variant.delay}`;

/** What is wrong with a result that must equal another; '' = nothing. */
export function difference(
  query: BenchQuery, variant: Variant, expected: Digest, actual: Digest,
): string {
  if (expected.table !== actual.table) {
    return `${actual.rows} rows ${actual.table}, not ${expected.rows} rows ${expected.table}`;
  }
  const areChangesFixed = variant.equality === 'changes' && query.equality !== 'table';
  if (areChangesFixed && expected.changes !== actual.changes) {
    return `${actual.changes} changes, not ${expected.changes}`;
  }
  if (areChangesFixed && query.equality === 'order' && expected.order !== actual.order) {
    return 'the same changes in another order';
  }
  return '';
}
