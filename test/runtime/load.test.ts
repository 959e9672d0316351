import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nativeStatus } from '../../src/native/load.js';

describe('the loader of the native engine', () => {
  const before = process.env['MILLRACE_NATIVE'];
  beforeEach(() => vi.resetModules());
  afterEach(() => {
    if (before === undefined) delete process.env['MILLRACE_NATIVE'];
    else process.env['MILLRACE_NATIVE'] = before;
    vi.restoreAllMocks();
  });

  it('takes the file named by MILLRACE_NATIVE', async () => {
    const found = nativeStatus();
    if (found.binding === null) throw new Error(found.reason);
    process.env['MILLRACE_NATIVE'] = found.path;
    const load = await import('../../src/native/load.js');
    const status = load.nativeStatus();
    expect(status.binding?.kernelNames).toContain('add');
    expect(status.binding?.operatorKinds).toContain('calc');
  });

  it('takes no other where that file is missing, and warns once, with the reason', async () => {
    process.env['MILLRACE_NATIVE'] = '/nowhere/millrace.node';
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const load = await import('../../src/native/load.js');
    expect(load.loadNative()).toBeNull();
    expect(load.loadNative()).toBeNull();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toContain('/nowhere/millrace.node');
  });

  it('is switched off without a warning', async () => {
    process.env['MILLRACE_NATIVE'] = 'off';
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const load = await import('../../src/native/load.js');
    expect(load.loadNative()).toBeNull();
    expect(warn).not.toHaveBeenCalled();
    expect(load.nativeStatus()).toMatchObject({ reason: 'switched off by MILLRACE_NATIVE' });
  });

  it('refuses a binary that was built from other tables', async () => {
    vi.doMock('../../spec/spec-hash.js', () => ({ SPEC_HASH: 'of another build' }));
    const load = await import('../../src/native/load.js');
    const status = load.nativeStatus();
    vi.doUnmock('../../spec/spec-hash.js');
    expect(status.binding).toBeNull();
    expect(status).toMatchObject({ reason: expect.stringContaining('other tables') as string });
  });
});
