import { describe, expect, test } from 'vitest';
import { Catalog } from '../../src/catalog/catalog.js';
import { SessionConfig } from '../../src/plan/config.js';
import { define } from '../../src/plan/define.js';
import { planSql } from '../../src/plan/plan-sql.js';
import { parseScript } from '../../src/sql/index.js';
import { session } from './plan-text.js';

function run(catalog: Catalog, sql: string): void {
  for (const { statement } of parseScript(sql)) {
    define(catalog, new SessionConfig(), statement);
  }
}

const DATAGEN = "WITH ('connector' = 'datagen')";

describe('the catalog', () => {
  test('names are relative to the current catalog and database', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE DATABASE other; USE other; CREATE TABLE x (a INT) ${DATAGEN}`);
    expect(catalog.resolve(['x']).path).toEqual(
      { catalog: 'default_catalog', database: 'other', name: 'x' });
    run(catalog, 'USE default_database');
    expect(() => catalog.resolve(['x'])).toThrow(expect.objectContaining({ code: 'MR2001' }));
    expect(catalog.resolve(['other', 'x']).kind).toBe('table');
    expect(catalog.resolve(['default_catalog', 'other', 'x']).kind).toBe('table');
  });

  test('a temporary table hides the permanent one until it is dropped', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE TABLE x (a INT) ${DATAGEN}; CREATE TEMPORARY TABLE x (b INT) ${DATAGEN}`);
    expect(planSql(catalog, 'SELECT * FROM x').schema.map((one) => one.name)).toEqual(['b']);
    run(catalog, 'DROP TEMPORARY TABLE x');
    expect(planSql(catalog, 'SELECT * FROM x').schema.map((one) => one.name)).toEqual(['a']);
  });

  test('a view sees the names of the scope it was made in', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE TABLE x (a INT) ${DATAGEN}; CREATE VIEW v AS SELECT a FROM x;
      CREATE DATABASE other; USE other; CREATE TABLE x (b INT) ${DATAGEN}`);
    const plan = planSql(catalog, 'SELECT * FROM default_database.v');
    expect(plan.schema.map((one) => one.name)).toEqual(['a']);
  });

  test('a star in a view is over the columns that an alias gave', () => {
    const catalog = new Catalog();
    run(catalog, "CREATE VIEW v AS SELECT * FROM (VALUES (1, 'a')) AS t (id, name)");
    expect(catalog.resolve(['v'])).toMatchObject({
      text: 'SELECT `t`.`id`, `t`.`name`\nFROM (VALUES ROW(1, \'a\')) AS `t` (`id`, `name`)',
    });
    const names = planSql(catalog, 'SELECT * FROM v').schema.map((one) => one.name);
    expect(names).toEqual(['id', 'name']);
  });

  test('a view keeps its columns when its table gets more', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE TABLE x (a INT) ${DATAGEN}; CREATE VIEW v AS SELECT * FROM x;
      ALTER TABLE x ADD b INT`);
    expect(planSql(catalog, 'SELECT * FROM v').schema.map((one) => one.name)).toEqual(['a']);
  });

  test('IF NOT EXISTS keeps what is there, IF EXISTS drops nothing', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE TABLE x (a INT) ${DATAGEN};
      CREATE TABLE IF NOT EXISTS x (b INT) ${DATAGEN}; DROP VIEW IF EXISTS nope`);
    expect(catalog.resolve(['x'])).toMatchObject({ columns: [{ name: 'a' }] });
  });

  test('a database that holds tables is dropped only with CASCADE', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE DATABASE other; CREATE TABLE other.x (a INT) ${DATAGEN}`);
    expect(() => run(catalog, 'DROP DATABASE other RESTRICT'))
      .toThrow('it holds 1 tables or views');
    run(catalog, 'DROP DATABASE other CASCADE');
    expect(catalog.databases()).toEqual(['default_database']);
  });

  test('a computed column keeps its text and type', () => {
    const catalog = new Catalog();
    run(catalog, `CREATE TABLE x (a INT NOT NULL, twice AS a + a) ${DATAGEN}`);
    expect(catalog.resolve(['x'])).toMatchObject({
      columns: [
        { kind: 'physical' },
        { kind: 'computed', text: '`a` + `a`', type: { root: 'INTEGER', nullable: false } },
      ],
    });
  });
});

test('a key makes its columns NOT NULL, a watermark marks the row time', () => {
  const { catalog } = session();
  const { schema } = planSql(catalog, 'SELECT a FROM p');
  expect(schema[0]?.type.nullable).toBe(false);
  expect(planSql(catalog, 'SELECT ts FROM t').schema[0]?.type.timeAttribute).toBe('rowtime');
});
