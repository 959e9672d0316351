/** A padded table in the manner of Flink's SQL client. */

/** STRING columns are cut at this many columns on screen, as `table.display.max-column-width`. */
const MAX_COLUMN_WIDTH = 30;

export interface TextColumn {
  readonly name: string;
  /** Numbers stand to the right, everything else to the left is padded the same way in Flink. */
  readonly width: number;
}

/** Columns on screen: wide East Asian characters and emoji take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += isWide(code) ? 2 : 1;
  }
  return width;
}

function isWide(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
}

function fit(text: string, width: number): string {
  const clean = text.replaceAll(/[\r\n\t]/g, ' ');
  if (displayWidth(clean) <= width) return ' '.repeat(width - displayWidth(clean)) + clean;
  let cut = '';
  for (const character of clean) {
    if (displayWidth(cut + character) > width - 3) break;
    cut += character;
  }
  return `${' '.repeat(width - 3 - displayWidth(cut))}${cut}...`;
}

export function borderLine(columns: readonly TextColumn[]): string {
  return `+${columns.map(({ width }) => '-'.repeat(width + 2)).join('+')}+`;
}

export function rowLine(columns: readonly TextColumn[], cells: readonly string[]): string {
  return `|${columns.map(({ width }, i) => ` ${fit(cells[i] ?? '', width)} `).join('|')}|`;
}

/** Columns just wide enough for their name and cells, up to the maximum. */
export function sizeColumns(
  names: readonly string[], rows: readonly (readonly string[])[],
): TextColumn[] {
  return names.map((name, i) => {
    const cells = rows.map((row) => displayWidth(row[i] ?? ''));
    const widest = cells.reduce((a, b) => Math.max(a, b), displayWidth(name));
    return { name, width: Math.max(displayWidth(name), Math.min(widest, MAX_COLUMN_WIDTH)) };
  });
}
