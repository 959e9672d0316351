/**
 * hyparquet, loaded when the first Parquet file is opened: it costs over 100 ms of start-up.
 */

/** What is used of it. */
export interface ParquetLibrary {
  readonly parquetMetadata: (typeof import('hyparquet'))['parquetMetadata'];
  readonly parquetHeader: (typeof import('hyparquet/src/column.js'))['parquetHeader'];
  readonly deltaBinaryUnpack: (typeof import('hyparquet/src/delta.js'))['deltaBinaryUnpack'];
  readonly compressors: (typeof import('hyparquet-compressors'))['compressors'];
}

let loading: Promise<ParquetLibrary> | null = null;

/** The same promise at every call. */
export function loadParquetLibrary(): Promise<ParquetLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ParquetLibrary> {
  const [{ parquetMetadata }, { parquetHeader }, { deltaBinaryUnpack }, { compressors }] =
    await Promise.all([
      import('hyparquet'),
      import('hyparquet/src/column.js'),
      import('hyparquet/src/delta.js'),
      import('hyparquet-compressors'),
    ]);
  return { parquetMetadata, parquetHeader, deltaBinaryUnpack, compressors };
}
