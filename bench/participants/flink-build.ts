/**
 * Builds bench/flink with Maven and Java 17 into .cache/flink, once for each state of its files,
 * and says how to start it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SOURCES = join(import.meta.dirname, '..', 'flink');
const FILES = ['pom.xml', 'FlinkRunner.java'];
const HOME = join(import.meta.dirname, '..', '..', '.cache', 'flink');

/** What Flink opens by reflection. */
const OPENED = [
  'java.util', 'java.lang', 'java.lang.reflect', 'java.time', 'java.util.concurrent',
  'java.util.concurrent.atomic', 'java.net', 'java.io', 'java.nio', 'sun.nio.ch',
];

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/** Null, with the reason on stderr, where Java or Maven is not there or the build fails. */
export function flinkRunner(): Command | null {
  const missing = ['java', 'javac', 'mvn'].find((name) => spawnSync(name, ['-version']).error);
  if (missing !== undefined) {
    process.stderr.write(`flink does not take part: no ${missing} (bench/flink needs Java 17)\n`);
    return null;
  }
  build();
  const classpath = [join(HOME, 'classes'), join(HOME, 'lib', '*')].join(delimiter);
  const memory = process.env['MILLRACE_FLINK_HEAP'] ?? '6g';
  return {
    program: 'java',
    arguments: [
      `-Xmx${memory}`, ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      '-cp', classpath, 'FlinkRunner',
    ],
  };
}

function build(): void {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(readFileSync(join(SOURCES, file)));
  const stamp = hash.digest('hex');
  const stampPath = join(HOME, 'stamp');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(join(HOME, 'classes'), { recursive: true });
  for (const file of FILES) cpSync(join(SOURCES, file), join(HOME, file));
  const copy = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${HOME}/lib`];
  execFileSync('mvn', copy, { cwd: HOME, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(
    'javac', ['-cp', join(HOME, 'lib', '*'), '-d', join(HOME, 'classes'), 'FlinkRunner.java'],
    { cwd: HOME, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stampPath, stamp);
}
