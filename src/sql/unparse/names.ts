/**
 * Names, strings and options as SQL text.
 */
import type { Identifier, OptionEntry, QualifiedName, StringLiteral } from '../ast/index.js';
import { isDigit, isLetter } from '../lexer/characters.js';
import { reservedWords } from '../lexer/keywords.js';

/** Whether a text can stand as a name without backticks. */
export function isPlainName(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (!isLetter(code) && (index === 0 || !isDigit(code))) return false;
  }
  return text !== '' && !reservedWords.has(text.toUpperCase());
}

/** A name, in backticks if it was or must be. */
export function identifierText(identifier: Identifier): string {
  const { name, quoted } = identifier;
  return quoted || !isPlainName(name) ? `\`${name.replaceAll('`', '``')}\`` : name;
}

/** a.b.c */
export function dotted(parts: readonly Identifier[]): string {
  return parts.map(identifierText).join('.');
}

/** a.b.c */
export function nameText(name: QualifiedName): string {
  return dotted(name.parts);
}

/** 'text', quotes doubled. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A string literal with its character set. */
export function stringText(literal: StringLiteral): string {
  return literal.charset === undefined ? quote(literal.value)
    : `_${literal.charset}${quote(literal.value)}`;
}

/** (a, b) behind a blank, or nothing if empty. */
export function optionalNames(names: readonly Identifier[]): string {
  return names.length === 0 ? '' : ` (${names.map(identifierText).join(', ')})`;
}

/** a, or (a, b). */
export function nameOrList(names: readonly Identifier[]): string {
  const texts = names.map(identifierText);
  return texts.length === 1 ? texts.join() : `(${texts.join(', ')})`;
}

/** ('k' = 'v', ...) */
export function optionListText(options: readonly OptionEntry[]): string {
  return `(${options.map(({ key, value }) => `${quote(key)} = ${quote(value)}`).join(', ')})`;
}

/** WITH (...) behind a blank, or nothing if empty. */
export function withText(options: readonly OptionEntry[]): string {
  return options.length === 0 ? '' : ` WITH ${optionListText(options)}`;
}

/** COMMENT 'text' behind a blank, or nothing. */
export function commentText(comment: StringLiteral | undefined): string {
  return comment === undefined ? '' : ` COMMENT ${stringText(comment)}`;
}

/** A word in upper case, with blanks for hyphens. */
export function words(text: string): string {
  return text.toUpperCase().replaceAll('-', ' ');
}
