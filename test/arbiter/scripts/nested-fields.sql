-- tables: types
SELECT rw, ar, mp FROM types;
SELECT rw.x, types.rw.y FROM types;
SELECT rw.x + 1 AS n FROM types WHERE rw.y IS NOT NULL;
SELECT rw IS NULL, ar IS NULL FROM types;
SELECT b, ti, si, i, bi, f, d, dc, s, bin, dt, tm, ts FROM types;
