/** `millrace doctor`: what runs here, and why. */
import { nativeStatus, platformPackage } from '../native/load.js';
import { PACKAGE_VERSION } from '../native/version.js';
import { EXIT_CODE } from './exit-code.js';
import { writeStdout } from './print/stdout.js';

export async function doctor(): Promise<number> {
  const status = nativeStatus();
  const lines: (readonly [string, string])[] = [
    ['millrace', PACKAGE_VERSION],
    ['node', process.version],
    ['platform', `${process.platform}-${process.arch}`],
  ];
  if (status.binding === null) {
    lines.push(
      ['engine', 'fallback (TypeScript)'],
      ['why', status.reason],
      ['hint', process.env['MILLRACE_NATIVE'] === undefined
        ? `install ${platformPackage()}, or run npm run build:native in a clone`
        : 'unset MILLRACE_NATIVE to have it looked for']);
  } else {
    lines.push(
      ['engine', 'native'],
      ['addon', `${status.path}, version ${status.binding.version}`],
      ['tables', `spec hash ${status.binding.specHash}, equal on both sides`],
      ['kernels', `${status.binding.kernelNames.length} native functions`],
      ['processor', status.binding.cpuFeatures.join(' ') || 'no optional features used'],
      ['utf-8', `${status.binding.utf8Variant} (the rest is compiled for x86-64-v2)`]);
  }
  await writeStdout(lines.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join(''));
  return EXIT_CODE.ok;
}
