/**
 * Writes what is made from the tables in spec/: the list of kernels for the native engine, and the
 * hash that addon and TypeScript compare before they work together. With --check nothing is
 * written; stale files are named and the exit code is 1.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const table = (name) => tsImport(`../spec/${name}.ts`, import.meta.url);

const { FUNCTIONS, FUNCTION_FAMILIES, SPECIAL_FORMS } = await table('functions');
const { AGGREGATES } = await table('aggregates');
const { PHYSICAL_TYPES, TYPES } = await table('types');
const { OPERATORS } = await table('operators');
const { PLAN_VERSION } = await tsImport('../src/plan/physical/plan.ts', import.meta.url);

/** Name -> whether NULL arguments make NULL, of every kernel that both engines must have. */
function kernelRows() {
  const kernels = new Map();
  for (const row of FUNCTIONS) {
    const names = row.signatures.map((signature) => signature.kernel ?? row.kernel);
    for (const name of new Set([...names, row.kernel])) {
      if (!SPECIAL_FORMS.includes(name)) kernels.set(name, row.nulls === 'propagate');
    }
  }
  return [...kernels].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a plan's meaning hangs on; texts and examples do not count. */
function specHash() {
  const operators = OPERATORS.map((row) => [row.kind, row.stateful]);
  const meaning = { PLAN_VERSION, PHYSICAL_TYPES, TYPES, operators, kernels: kernelRows() };
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 16);
}

function kernelsHeader() {
  const rows = kernelRows().map(([name, nulls]) => `    {"${name}", ${nulls}},`).join('\n');
  return `// Kernels that rows of spec/functions.ts name. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

struct KernelRow {
  const char* name;
  bool propagates_nulls;
};

inline constexpr KernelRow kKernelRows[] = {
${rows}
};

}  // namespace millrace
`;
}

function hashHeader() {
  return `// The tables in spec/ that this build was made from. Written by scripts/generate.mjs.
#pragma once

namespace millrace {

inline constexpr const char* kSpecHash = "${specHash()}";

}  // namespace millrace
`;
}

function hashModule() {
  return `/** The tables in spec/ that this code was made from; the addon carries the same. */
export const SPEC_HASH = '${specHash()}';
`;
}

const cell = (text) => `\`${String(text).replaceAll('|', '\\|')}\``;

function functionLine({ name, aliases, doc, examples: [[sql, type, value]] }) {
  const names = [name, ...(aliases ?? [])].map(cell).join(', ');
  return `| ${names} | ${doc} | ${cell(sql)} | ${cell(value ?? 'NULL')} ${cell(type)} |`;
}

function familyPart([family, rows]) {
  return `## ${family.replace('-', ' ')}

| name | what it gives | example | its value and type |
|---|---|---|---|
${rows.map(functionLine).join('\n')}
`;
}

function aggregateLine({ name, aliases, doc, examples: [example] }) {
  const names = [name, ...(aliases ?? [])].map(cell).join(', ');
  return `| ${names} | ${doc} | ${cell(example[0])} |`;
}

/** Rows without an example are made by the planner alone. */
function functionsPage() {
  const aggregates = AGGREGATES.filter((row) => row.examples.length > 0);
  return `# Functions

<!-- Written by scripts/generate.mjs from spec/. -->

Every function of both engines, with an example that runs as a test.

${Object.entries(FUNCTION_FAMILIES).map(familyPart).join('\n')}
## aggregates

| name | what it gives | example |
|---|---|---|
${aggregates.map(aggregateLine).join('\n')}
`;
}

const outputs = {
  'docs/sql/functions.md': functionsPage(),
  'native/generated/kernels.h': kernelsHeader(),
  'native/generated/spec-hash.h': hashHeader(),
  'spec/spec-hash.ts': hashModule(),
};

function isCurrent(path, content) {
  try {
    return readFileSync(join(root, path), 'utf8') === content;
  } catch {
    return false;
  }
}

const stale = Object.entries(outputs).filter(([path, content]) => !isCurrent(path, content));
if (process.argv.includes('--check')) {
  for (const [path] of stale) process.stderr.write(`stale: ${path} (npm run generate)\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, content] of stale) writeFileSync(join(root, path), content);
}
