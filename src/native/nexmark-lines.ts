/** Nexmark events as text, made by the native engine: the bytes of connectors/nexmark. */
import { type ErrorCode, errorOf } from '../errors/index.js';
import { encodeValue } from '../plan/physical/encode.js';
import type { NativeBinding, NativeError } from './binding.js';

/** Makes the lines of events by the addon; see generateNexmark. */
export function nativeNexmarkLines(binding: NativeBinding) {
  return (
    options: Readonly<Record<string, string>>, format: 'json' | 'csv',
  ): { next(): Uint8Array | null } => {
    const text = guarded(options, () => binding.nexmarkText(encodeValue(options), format));
    return {
      next: () => {
        const lines = binding.nextNexmarkText(text);
        return lines === null ? null : new Uint8Array(lines);
      },
    };
  };
}

/** Options that the addon refuses are the user's error: "name = value". */
function guarded<T>(options: Readonly<Record<string, string>>, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isNativeError(error) || error.code !== 'MR2008') throw error;
    const [name = '', value = ''] = error.message.split(' = ');
    throw errorOf(error.code as ErrorCode & 'MR2008', { name, value: options[name] ?? value });
  }
}

function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && 'code' in error && 'operator' in error;
}
