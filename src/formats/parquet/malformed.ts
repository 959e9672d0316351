/** What is wrong with a Parquet file; the decoder adds the file's name and the column's. */
export class MalformedParquet extends Error {}

export function malformed(reason: string): never {
  throw new MalformedParquet(reason);
}
