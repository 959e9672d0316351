/** The style test: what STYLE.md asks for and a machine can see. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../spec/operators.js';
import { LAYERS, NATIVE_LAYERS } from './layers.js';
import {
  ROOT, cppFunctions, importsOf, isTable, listFiles, readSource, typescriptFunctions,
  type SourceFile,
} from './source-files.js';

const LINE_COLUMNS = 100;
const FUNCTION_LINES = 70;
const FILE_LINES = 600;

const typescript = listFiles('.ts').filter((path) => !path.endsWith('.d.ts')).map(readSource);
const cpp = listFiles('.cpp', '.h').map(readSource);
const sources = [...typescript, ...cpp];
const product = sources.filter((file) => /^(src|native|spec)\//.test(file.path));

function problems(files: readonly SourceFile[], find: (file: SourceFile) => string[]): string[] {
  return files.flatMap((file) => find(file).map((text) => `${file.path}: ${text}`));
}

describe('sizes', () => {
  it('no line is longer than 100 columns', () => {
    const long = problems(sources.filter((file) => !isTable(file.path)), (file) =>
      file.lines.flatMap((line, i) => (line.length > LINE_COLUMNS ? [`${i + 1}`] : [])));
    expect(long).toEqual([]);
  });

  it('no function is longer than 70 lines', () => {
    const inProduct = product.filter((file) => !isTable(file.path));
    const long = problems(inProduct, (file) => {
      const sizes = file.path.endsWith('.ts') ? typescriptFunctions(file) : cppFunctions(file);
      return sizes
        .filter((size) => size.lineCount > FUNCTION_LINES)
        .map((size) => `${size.line} ${size.name} has ${size.lineCount} lines`);
    });
    expect(long).toEqual([]);
  });

  it('no file is longer than 600 lines', () => {
    const long = problems(sources.filter((file) => !isTable(file.path)), (file) =>
      file.lines.length > FILE_LINES ? [`${file.lines.length} lines`] : []);
    expect(long).toEqual([]);
  });
});

describe('names and words', () => {
  it('no file is a drawer', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|manager)(\.|\/|-|$)/;
    expect(sources.map((file) => file.path).filter((path) => drawers.test(path))).toEqual([]);
  });

  it('no source keeps a note to self, prints by console, or uses any', () => {
    const banned = [/\bTODO\b/, /\bFIXME\b/, /\bXXX\b/, /console\.log/, /(?<![\w.'"`-])as any\b/,
      /:\s*any\b(?![\w'-])/];
    const found = problems(product, (file) =>
      file.lines.flatMap((line, i) =>
        banned.filter((word) => word.test(line)).map((word) => `${i + 1} ${word.source}`)));
    expect(found).toEqual([]);
  });

  it('exports have names', () => {
    const found = problems(product, (file) =>
      /^export default/m.test(file.text) ? ['export default'] : []);
    expect(found).toEqual([]);
  });
});

describe('what nobody needs', () => {
  it('no export is dead: something uses its name', () => {
    const uses = new Map<string, number>();
    for (const { text } of typescript) {
      for (const [name] of text.matchAll(/\w+/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
    }
    const declaration =
      /^export (?:async |abstract )*(?:function\*?|class|const|type|interface) (\w+)/gm;
    const dead = problems(product.filter(({ path }) => path.endsWith('.ts') && !isTable(path)),
      ({ text }) => [...text.matchAll(declaration)]
        .map(([, name = '']) => name)
        .filter((name) => uses.get(name) === 1));
    expect(dead).toEqual([]);
  });

  it('no text knows the machine it was written on', () => {
    const places = /\/(work|root)\/|\/home\/|registry\.npm/;
    const found = problems([...sources, ...listFiles('.md', '.mjs', '.sql', '.json', '.txt')
      .filter((path) => path !== 'package-lock.json' && !path.startsWith('test/conformance/'))
      .map(readSource)], ({ path, lines }) => path === 'test/tidy/tidy.test.ts' ? []
      : lines.flatMap((line, i) => (places.test(line) ? [`${i + 1} ${line.trim()}`] : [])));
    expect(found).toEqual([]);
  });
});

describe('layers', () => {
  const roomOf = (path: string): string => {
    const [top, room = ''] = path.split('/');
    return top === 'src' ? room.replace(/\.ts$/, '') : (top ?? '');
  };

  it('src/ imports only along the layer table', () => {
    const inSrc = typescript.filter((file) => file.path.startsWith('src/'));
    const wrong = problems(inSrc, (file) => {
      const room = roomOf(file.path);
      const allowed = LAYERS[room];
      if (allowed === undefined) return [`room ${room} is not in the layer table`];
      return importsOf(file)
        .map(roomOf)
        .filter((target) => target !== room && target !== 'spec' && !allowed.includes(target))
        .map((target) => `imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('native/ includes only along the layer table', () => {
    const wrong = problems(cpp.filter((file) => file.path.startsWith('native/')), (file) => {
      const room = file.path.split('/')[1] ?? '';
      const allowed = NATIVE_LAYERS[room];
      if (allowed === undefined) return [`room ${room} is not in the layer table`];
      return [...file.text.matchAll(/^#include "([a-z]+)\//gm)]
        .map(([, target = '']) => target)
        .filter((target) => target !== room && !allowed.includes(target))
        .map((target) => `includes ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('only native/addon knows Node-API', () => {
    const outside = cpp.filter(
      (file) => file.path.startsWith('native/') && !file.path.startsWith('native/addon/') &&
        /#include\s*[<"](napi|node_api)/.test(file.text));
    expect(outside.map((file) => file.path)).toEqual([]);
  });
});

describe('exports', () => {
  it('every function, constant and class that a file exports stands in another file too', () => {
    const places = new Map<string, number>();
    for (const file of [...typescript, ...listFiles('.mjs', '.mts').map(readSource)]) {
      for (const word of new Set(file.text.match(/[A-Za-z_$][\w$]*/g))) {
        places.set(word, (places.get(word) ?? 0) + 1);
      }
    }
    const exported = /^export (?:async |abstract )?(?:function\*?|const|class) ([\w$]+)/gm;
    const alone = problems(typescript.filter((file) => !isTable(file.path)), (file) =>
      [...file.text.matchAll(exported)].map(([, name = '']) => name)
        .filter((name) => places.get(name) === 1));
    expect(alone).toEqual([]);
  });
});

describe('rooms and rows', () => {
  it('every folder of src/ and native/ has a README', () => {
    const rooms = new Set(
      product
        .map((file) => file.path.split('/').slice(0, 2).join('/'))
        .filter((room) => !room.startsWith('spec/') && !/\.(ts|h|cpp)$/.test(room)),
    );
    const missing = [...rooms].filter((room) => !existsSync(join(ROOT, room, 'README.md')));
    expect(missing).toEqual([]);
  });

  it('every operator row has its files in both engines', () => {
    const runtimeKinds = ['source', 'sink', 'exchange'];
    const missing = OPERATORS.filter((row) => !runtimeKinds.includes(row.kind)).flatMap((row) => {
      const room = row.inputs === 0 ? 'connectors' : 'operators';
      return [`src/${room}/${row.kind}.ts`, `native/operators/${row.kind}.cpp`].filter(
        (path) => !existsSync(join(ROOT, path)));
    });
    expect(missing).toEqual([]);
  });

  it('links between documents lead somewhere', () => {
    const broken = listFiles('.md').flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => normalize(join(dirname(path), match[1] ?? '')))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${path}: ${target}`);
    });
    expect(broken).toEqual([]);
  });
});
