/**
 * Files that a sink writes in two steps: under a hidden name while they grow, under their own
 * name once what is in them is certain. native/operators/part-files.h is the same in C++.
 *
 *     path/[col=value/].part-TOKEN-SUBTASK-N.inprogress   open, or pending until committed
 *     path/[col=value/]part-TOKEN-SUBTASK-N               committed
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync, fsyncSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync,
} from 'node:fs';
import { fail } from '../../errors/index.js';
import { TextBuffer } from '../../formats/text-buffer.js';

const MOST_OPEN = 64;
const FLUSH_BYTES = 256 * 1024;

/** When a file is closed before a barrier asks for it: too large, too old, or long untouched. */
export interface Rolling {
  readonly bytes: number;
  readonly ageMs: number;
  readonly idleMs: number;
  /** How often ages are looked at. */
  readonly checkMs: number;
}

interface OpenFile {
  readonly descriptor: number;
  readonly finalPath: string;
  readonly text: TextBuffer;
  readonly openedMs: number;
  written: number;
  touchedMs: number;
}

export class PartFiles {
  /** Final names of the files that are closed and not committed. */
  readonly pending: string[] = [];
  private readonly folder: string;
  /** Names of two runs never meet. */
  private readonly token = randomUUID();
  private readonly open = new Map<string, OpenFile>();
  private counter = 0;
  /** Of the pending files, those that the last barrier covers. */
  private sealed = 0;
  private checkedMs = 0;

  constructor(
    folder: string, private readonly subtask: number, private readonly rolling: Rolling,
    private readonly nowMs: () => number,
  ) {
    this.folder = folder.endsWith('/') ? folder : `${folder}/`;
  }

  /** Where text for a part of the table goes: '' or `col=value/`. Valid until the next call. */
  textOf(part: string): TextBuffer {
    const found = this.open.get(part);
    if (found !== undefined) return found.text;
    if (this.open.size >= MOST_OPEN) this.closeAll();
    const made = this.openFile(part);
    this.open.set(part, made);
    return made.text;
  }

  /** After text was appended to a part: writes it out where it has grown large. */
  appended(part: string): void {
    const file = this.open.get(part)!;
    if (file.text.end < FLUSH_BYTES) return;
    this.flush(file);
    file.touchedMs = this.nowMs();
    if (file.written < this.rolling.bytes) return;
    this.close(file);
    this.open.delete(part);
  }

  /** When rollAged wants to be called; Infinity while nothing is open. */
  deadlineMs(): number {
    return this.open.size === 0 ? Infinity : this.checkedMs + this.rolling.checkMs;
  }

  /** Closes files that are too old or long untouched. */
  rollAged(nowMs: number): void {
    this.checkedMs = nowMs;
    for (const [part, file] of this.open) {
      const isAged = nowMs - file.openedMs >= this.rolling.ageMs ||
        nowMs - file.touchedMs >= this.rolling.idleMs;
      if (!isAged) continue;
      this.close(file);
      this.open.delete(part);
    }
  }

  /** Closes every open file: a barrier covers all that is written. */
  seal(): void {
    this.closeAll();
    this.sealed = this.pending.length;
  }

  /** Closes every open file; they are pending now. */
  private closeAll(): void {
    for (const [part, file] of this.open) {
      this.close(file);
      this.open.delete(part);
    }
  }

  /** Gives the files that the last barrier covers their final names. */
  commit(): void {
    for (const path of this.pending.splice(0, this.sealed)) {
      writing(path, () => renameSync(pendingPath(path), path));
    }
    this.sealed = 0;
  }

  /** A pending file of an earlier run: commits it, if that has not happened. */
  commitRestored(finalPath: string): void {
    writing(finalPath, () => {
      try {
        renameSync(pendingPath(finalPath), finalPath);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    });
  }

  /** Gives up what is open: it belongs to no checkpoint. */
  abandon(): void {
    for (const { descriptor, finalPath } of this.open.values()) {
      closeSync(descriptor);
      unlinkSync(pendingPath(finalPath));
    }
    this.open.clear();
  }

  private openFile(part: string): OpenFile {
    const folder = this.folder + part;
    const finalPath = `${folder}part-${this.token}-${this.subtask}-${this.counter++}`;
    writing(folder, () => mkdirSync(folder, { recursive: true }));
    const path = pendingPath(finalPath);
    const descriptor = writing(path, () => openSync(path, 'wx', 0o644));
    const openedMs = this.nowMs();
    if (this.open.size === 0) this.checkedMs = openedMs;
    return {
      descriptor, finalPath, text: new TextBuffer(), openedMs, written: 0, touchedMs: openedMs,
    };
  }

  private flush(file: OpenFile): void {
    const { content, end } = file.text;
    writing(pendingPath(file.finalPath), () => {
      for (let at = 0; at < end;) at += writeSync(file.descriptor, content, at, end - at);
    });
    file.written += end;
    file.text.end = 0;
  }

  /** On disk before a checkpoint may name it. */
  private close(file: OpenFile): void {
    const path = pendingPath(file.finalPath);
    this.flush(file);
    writing(path, () => fsyncSync(file.descriptor));
    writing(path, () => closeSync(file.descriptor));
    this.pending.push(file.finalPath);
  }
}

function pendingPath(finalPath: string): string {
  const slash = finalPath.lastIndexOf('/') + 1;
  return `${finalPath.slice(0, slash)}.${finalPath.slice(slash)}.inprogress`;
}

/** What the operating system says, as strerror has it: "No space left on device". */
function writing<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = /^E[A-Z0-9]+: ([^,]*)/.exec(message)?.[1] ?? message;
    return fail('MR4003', { path, reason }, { cause: error });
  }
}
