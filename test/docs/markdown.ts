/** The fenced blocks of a document, in order. */
export interface Block {
  /** The info string: `sql`, `ts`, `text`, `sh`. */
  readonly language: string;
  readonly line: number;
  readonly text: string;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  markdown.split('\n').forEach((line, i) => {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) open = { language: fence[1]?.trim() ?? '', line: i + 1, lines: [] };
    else {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') });
      open = null;
    }
  });
  return blocks;
}
