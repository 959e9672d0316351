/** Writes src/index.js, src/cli/main.js and their chunks under `outdir`. */
export function bundle(outdir: string): Promise<void>;
