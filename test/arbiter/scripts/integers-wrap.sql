-- tables: types
SELECT i + 1, i - 1, i * 2, bi + 1, bi * 2, -i, -bi FROM types;
SELECT ti + CAST(1 AS TINYINT), si - CAST(1 AS SMALLINT), ti * ti FROM types;
SELECT i / -1, bi / -1, ABS(i), ABS(bi) FROM types;
SELECT 1 / 0;
SELECT i % 0 FROM types;
SELECT 1e0 / 0, -1e0 / 0, 0e0 / 0, f / 0 FROM types;
