/**
 * Trees of lines as Flink draws them:
 *
 *     Union(...)
 *     :- Calc(...)
 *     :  +- TableSourceScan(...)
 *     +- Calc(...)
 */
export interface TextTree {
  readonly text: string;
  readonly inputs: readonly TextTree[];
}

/** Each line ends with a line break. */
export function drawTree(root: TextTree): string {
  const lines: string[] = [];
  const draw = (tree: TextTree, first: string, rest: string): void => {
    lines.push(`${first}${tree.text}\n`);
    tree.inputs.forEach((input, i) => {
      const isLast = i === tree.inputs.length - 1;
      draw(input, `${rest}${isLast ? '+- ' : ':- '}`, `${rest}${isLast ? '   ' : ':  '}`);
    });
  };
  draw(root, '', '');
  return lines.join('');
}
