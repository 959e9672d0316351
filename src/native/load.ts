/**
 * Finds the native addon, checks that it was built from the same tables, or says why there is
 * none. Order: the file in MILLRACE_NATIVE, build/Release of this package, the platform package,
 * the binary that came in this package's own tarball (npm/<platform>).
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SPEC_HASH } from '../../spec/spec-hash.js';
import type { NativeBinding } from './binding.js';

export type NativeStatus =
  | { readonly binding: NativeBinding; readonly path: string }
  | { readonly binding: null; readonly reason: string };

let loaded: NativeStatus | undefined;
let hasWarned = false;

/** The addon, or why there is none. Loads it at the first call. */
export function nativeStatus(): NativeStatus {
  loaded ??= load();
  return loaded;
}

/** The addon, or null; warns once in a process where the fallback was not asked for. */
export function loadNative(): NativeBinding | null {
  const status = nativeStatus();
  if (status.binding !== null) return status.binding;
  if (!hasWarned && process.env['MILLRACE_NATIVE'] !== 'off') {
    hasWarned = true;
    process.emitWarning(`native engine not available, TypeScript runs instead: ${status.reason}`, {
      type: 'MillraceWarning',
    });
  }
  return null;
}

/** Name of the package that carries this platform's binary. */
export function platformPackage(): string {
  return `@millrace/native-${platformName()}`;
}

function platformName(): string {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return base;
  const report = process.report?.getReport() as
    { header?: { glibcVersionRuntime?: string } } | undefined;
  return `${base}-${report?.header?.glibcVersionRuntime === undefined ? 'musl' : 'gnu'}`;
}

interface Candidate {
  readonly path: string;
  readonly isRequired: boolean;
}

function load(): NativeStatus {
  const override = process.env['MILLRACE_NATIVE'];
  if (override === 'off') return { binding: null, reason: 'switched off by MILLRACE_NATIVE' };
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const candidate of candidates(override, require)) {
    const status = tryLoad(candidate.path, require);
    if (status.binding !== null) return status;
    reasons.push(status.reason);
    if (candidate.isRequired) break;
  }
  const reason = reasons.length > 0 ? reasons.join('; ')
    : `no binary in build/Release and no package ${platformPackage()}`;
  return { binding: null, reason };
}

function candidates(override: string | undefined, require: NodeJS.Require): readonly Candidate[] {
  if (override !== undefined && override !== '') return [{ path: override, isRequired: true }];
  const found: Candidate[] = [];
  const root = packageRoot();
  const local = root === null ? null : join(root, 'build', 'Release', 'millrace.node');
  if (local !== null && existsSync(local)) found.push({ path: local, isRequired: false });
  try {
    const path = require.resolve(`${platformPackage()}/millrace.node`);
    found.push({ path, isRequired: false });
  } catch {
    // Not installed: another platform, or a lockfile made on one.
  }
  const packed = root === null ? null : join(root, 'npm', platformName(), 'millrace.node');
  if (packed !== null && existsSync(packed)) found.push({ path: packed, isRequired: false });
  return found;
}

/** The folder of this package's package.json: above src/native, or above dist/src/native. */
function packageRoot(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 5; level++) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && nameOf(file) === 'millrace') return folder;
    folder = dirname(folder);
  }
  return null;
}

function nameOf(file: string): string | undefined {
  return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name;
}

function tryLoad(path: string, require: NodeJS.Require): NativeStatus {
  let binding: NativeBinding;
  try {
    binding = require(path) as NativeBinding;
  } catch (error) {
    return { binding: null, reason: `${path}: ${(error as Error).message.split('\n')[0] ?? ''}` };
  }
  if (binding.specHash !== SPEC_HASH) {
    const reason = `${path} was built from other tables (${binding.specHash}, not ${SPEC_HASH})`;
    return { binding: null, reason };
  }
  return { binding, path };
}
