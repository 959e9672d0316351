/** COMPILE PLAN and EXECUTE PLAN: plans kept in files of this machine. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Catalog } from '../catalog/catalog.js';
import { localPath } from '../connectors/filesystem/source.js';
import { errorOf, MillraceError, type Position } from '../errors/index.js';
import { PACKAGE_VERSION } from '../native/version.js';
import type { PhysicalPlan } from '../plan/physical/plan.js';
import { planText, readPlan } from '../plan/plan-file.js';

/** As a statement names a file. */
export interface PlanPath {
  readonly value: string;
  readonly position: Position;
}

/** Whether there is such a file already. */
export function hasPlan({ value }: PlanPath): boolean {
  return existsSync(localPath({ path: value }));
}

/**
 * Writes a plan, whole or not at all, with the folders it needs. MR2024 where there is a file and
 * it may not be replaced; MR4003 where writing fails.
 */
export async function writePlan(
  path: PlanPath, plan: PhysicalPlan, mayReplace: boolean,
): Promise<void> {
  const { value, position } = path;
  if (!mayReplace && hasPlan(path)) throw errorOf('MR2024', { path: value }, { position });
  const file = localPath({ path: value });
  const beside = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(beside, planText(plan, PACKAGE_VERSION), { flush: true });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    const { message: reason } = error as Error;
    throw errorOf('MR4003', { path: value, reason }, { position, cause: error });
  }
}

/** A failure of a plan from a file that no plan made here has: MR5005. */
export function planFailure(error: unknown, { value: path }: PlanPath): unknown {
  if (error instanceof MillraceError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  return errorOf('MR5005', { path, reason: error.message }, { cause: error });
}

/** The plan of a file; MR4001, MR4002 where it cannot be read, else as `readPlan`. */
export async function loadPlan(
  { value: path, position }: PlanPath, { functions }: Catalog,
): Promise<PhysicalPlan> {
  let text: string;
  try {
    text = await readFile(localPath({ path }), 'utf8');
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' ? errorOf('MR4001', { path }, { position })
      : errorOf('MR4002', { path, reason }, { position });
  }
  return readPlan({ path, text, functionOf: (name) => functions.find(name) });
}
