// Writes native/generated/point-sets.cpp: the general categories of this Node's Unicode version,
// so that the native engine compiles \p{L} as the TypeScript one does.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rangesOf } from './unicode-ranges.mjs';

const target = join(import.meta.dirname, '..', 'native', 'generated', 'point-sets.cpp');

const CATEGORIES = [
  'Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No', 'Pc', 'Pd', 'Ps', 'Pe', 'Pi',
  'Pf', 'Po', 'Sm', 'Sc', 'Sk', 'So', 'Zs', 'Zl', 'Zp', 'Alphabetic',
];

function wrapped(numbers) {
  const lines = [];
  let line = ' ';
  for (const number of numbers) {
    const text = ` 0x${number.toString(16)},`;
    if (line.length + text.length > 100) {
      lines.push(line);
      line = ' ';
    }
    line += text;
  }
  return [...lines, line].join('\n');
}

const tables = CATEGORIES.map((name) =>
  [name, rangesOf(new RegExp(`^\\p{${name}}$`, 'u')).flat()]);
const text = `// Written by scripts/generate-point-sets.mjs from Unicode ${process.versions.unicode}.
#include "kernels/point-set.h"

namespace millrace::unicode {
namespace {

${tables.map(([name, numbers]) =>
    `constexpr uint32_t k${name}[] = {\n${wrapped(numbers)}\n};`).join('\n\n')}

}  // namespace

const Category kCategories[] = {
${tables.map(([name, numbers]) => `  {"${name}", k${name}, ${numbers.length}},`).join('\n')}
};
const size_t kCategoryCount = ${tables.length};

}  // namespace millrace::unicode
`;
writeFileSync(target, text);
