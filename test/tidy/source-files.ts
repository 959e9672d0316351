/** The project's own source files, and how long the functions in them are. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface SourceFile {
  /** Path from the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** Every file git tracks or would track, by ending. */
export function listFiles(...endings: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => endings.some((ending) => path.endsWith(ending)));
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, lines: text.split('\n') };
}

export const isTable = (path: string): boolean =>
  path.startsWith('spec/') || path.includes('/generated/');

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
}

/** Functions, methods and arrow functions with a body, innermost included. */
export function typescriptFunctions(file: SourceFile): FunctionSize[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
  const sizes: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
      const last = tree.getLineAndCharacterOfPosition(node.end).line;
      const name = node.name?.getText(tree) ?? 'arrow';
      sizes.push({ name, line: first + 1, lineCount: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return sizes;
}

/**
 * Function bodies of formatted C++: from a line at any indent that opens a block after a
 * parameter list to the line that closes it at the same indent.
 */
export function cppFunctions(file: SourceFile): FunctionSize[] {
  const sizes: FunctionSize[] = [];
  const keyword = /\b(?:if|for|while|switch|catch|namespace|struct|class|do|else)\b/;
  const opener = /^(\s*)\S.*\)[^;=]*\{$/;
  file.lines.forEach((line, index) => {
    const match = opener.exec(line);
    if (match === null || keyword.test(line)) return;
    let first = index;
    while (/[,(=&|]$/.test(file.lines[first - 1] ?? '')) first -= 1;
    if (keyword.test(file.lines[first] ?? '')) return;
    const indent = /^\s*/.exec(file.lines[first] ?? '')?.[0] ?? '';
    const end = file.lines.findIndex(
      (other, at) => at > index && other.startsWith(`${indent}}`) && other.trim().startsWith('}'),
    );
    if (end < 0) return;
    sizes.push({ name: line.trim().slice(0, 60), line: index + 1, lineCount: end - index + 1 });
  });
  return sizes;
}

/** Relative imports of a TypeScript file, as paths from the root. */
export function importsOf(file: SourceFile): string[] {
  const found = file.text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  const folder = file.path.split('/').slice(0, -1);
  return [...found].map((match) => {
    const parts = [...folder];
    for (const part of (match[1] ?? '').split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.') parts.push(part);
    }
    return parts.join('/').replace(/\.js$/, '.ts');
  });
}
