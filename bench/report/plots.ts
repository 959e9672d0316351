/** Bars as SVG, by hand: one a query, with the value beside it. */
const ROW = 18;
const LEFT = 110;
const WIDTH = 720;

export function barChart(
  title: string, bars: readonly { readonly name: string; readonly value: number }[],
): string {
  const most = Math.max(...bars.map((bar) => bar.value), 1);
  const scale = (WIDTH - LEFT - 60) / most;
  const height = 40 + bars.length * ROW;
  const rows = bars.map(({ name, value }, i) => {
    const y = 34 + i * ROW;
    const length = (value * scale).toFixed(1);
    return `  <text x="${LEFT - 8}" y="${y + 12}" text-anchor="end">${name}</text>\n` +
      `  <rect x="${LEFT}" y="${y}" width="${length}" height="${ROW - 4}" fill="#3b6ea5"/>\n` +
      `  <text x="${LEFT + Number(length) + 6}" y="${y + 12}">${value.toFixed(1)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}"` +
      ' font-family="sans-serif" font-size="12">',
    `  <rect width="${WIDTH}" height="${height}" fill="white"/>`,
    `  <text x="8" y="20" font-size="14">${title}</text>`,
    ...rows, '</svg>', '',
  ].join('\n');
}
