/** A file open for reading at any offset, without promises: decoders run inside a task's slice. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errorOf } from '../errors/index.js';

export class FileInput {
  private constructor(
    readonly path: string,
    private descriptor: number,
    /** Bytes when it was opened; it may shrink, then readAt gives less. */
    readonly size: number,
  ) {}

  /** MR4001 where there is no such file, MR4002 otherwise. */
  static open(path: string): FileInput {
    let descriptor = -1;
    try {
      descriptor = openSync(path, 'r');
      const facts = fstatSync(descriptor);
      if (facts.isDirectory()) throw new Error('Is a directory');
      return new FileInput(path, descriptor, facts.size);
    } catch (error) {
      if (descriptor >= 0) closeSync(descriptor);
      throw readError(path, error);
    }
  }

  /** Fills `into`; returns the bytes read, fewer only at the end of the file. */
  readAt(offset: number, into: Uint8Array): number {
    let done = 0;
    try {
      while (done < into.length) {
        const got = readSync(this.descriptor, into, done, into.length - done, offset + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw readError(this.path, error);
    }
    return done;
  }

  close(): void {
    if (this.descriptor < 0) return;
    closeSync(this.descriptor);
    this.descriptor = -1;
  }
}

function readError(path: string, cause: unknown): Error {
  if (isErrno(cause) && cause.code === 'ENOENT') return errorOf('MR4001', { path }, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return errorOf('MR4002', { path, reason }, { cause });
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
