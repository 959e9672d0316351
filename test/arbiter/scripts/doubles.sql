-- tables: types
SELECT d + f, d * 2, d / 3, f / 3, f * f, d - 0.1 FROM types;
SELECT SQRT(d), EXP(f), LN(2e0), LOG10(1000e0), LOG2(8e0), LOG(2e0, 8e0), POWER(2, 10), POWER(d, 2) FROM types;
SELECT SIN(1e0), COS(1e0), TAN(1e0), ASIN(0.5e0), ATAN(1e0), ATAN2(1e0, 2e0), DEGREES(3e0), RADIANS(90e0), PI(), E();
SELECT ROUND(d, 1), ROUND(2.5e0, 0), ROUND(-2.5e0, 0), FLOOR(f), CEIL(f), SIGN(d), SIGN(f) FROM types;
SELECT d = 0.1, f = -0.0, f = 0.0, d > f FROM types;
SELECT GREATEST(1, 5, 3), LEAST(2.5, 1), GREATEST(CAST(NULL AS INT), 1);
