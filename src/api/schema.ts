/** Columns written as DDL text: `id BIGINT NOT NULL, name STRING`. */
import { bindType } from '../plan/bind/data-type.js';
import { parseDataType } from '../sql/index.js';
import type { RowField } from '../types/data-type.js';

export function parseSchema(text: string): readonly RowField[] {
  return bindType(parseDataType(`ROW<${text}>`)).fields ?? [];
}
