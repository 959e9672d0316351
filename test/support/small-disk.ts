/**
 * A file system of 64 KB, to be full at once. Mounting takes a privileged user: where it is refused
 * the tests of full disks are skipped, and vitest says so.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (path: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
};

/** Whether this user may mount. */
export const canMount: boolean = (() => {
  const path = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    mount(path);
    execFileSync('umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true });
  }
})();

/** Gives the path of an empty small disk, which is gone afterwards. */
export async function onSmallDisk(work: (path: string) => Promise<void>): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), 'small-disk-')), 'disk');
  mkdirSync(path);
  mount(path);
  try {
    await work(path);
  } finally {
    execFileSync('umount', [path]);
  }
}
