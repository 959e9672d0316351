/** The line on stderr that tells how a job is doing. */
import type { JobHandle } from '../api/table-result.js';

const EVERY_MS = 200;

export class LiveLine {
  private readonly timer: NodeJS.Timeout | null;
  private readonly started = performance.now();
  private shown = false;

  constructor(private readonly job: JobHandle, visible: boolean) {
    this.timer = visible ? setInterval(() => this.show(), EVERY_MS) : null;
    this.timer?.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    if (this.shown) process.stderr.write('\r\u001b[K');
  }

  private show(): void {
    const { rowsRead, watermark, lateRows, badRecords } = this.job.progress();
    const seconds = (performance.now() - this.started) / 1000;
    const parts = [
      `${grouped(rowsRead)} rows`,
      `${grouped(Math.round(rowsRead / seconds))} rows/s`,
      `watermark ${watermarkText(watermark)}`,
      this.job.engines.join('+'),
    ];
    if (lateRows > 0) parts.push(`${grouped(lateRows)} late`);
    if (badRecords > 0) parts.push(`${grouped(badRecords)} bad records`);
    process.stderr.write(`\r\u001b[K${parts.join('  ')}`);
    this.shown = true;
  }
}

export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}

function watermarkText(watermark: number): string {
  if (watermark === -Infinity) return 'none';
  return watermark === Infinity ? 'end' : new Date(watermark).toISOString();
}
