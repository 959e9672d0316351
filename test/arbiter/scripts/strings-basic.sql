-- tables: types
SELECT UPPER(s), LOWER(s), CHAR_LENGTH(s), s || '!', CONCAT(s, '-', s), CONCAT_WS(',', s, CAST(NULL AS STRING), 'x') FROM types;
SELECT SUBSTRING(s FROM 2), SUBSTRING(s FROM 2 FOR 3), SUBSTRING(s FROM -2), SUBSTR(s, 0, 2), LEFT(s, 2), RIGHT(s, 2) FROM types;
SELECT TRIM(s), TRIM(BOTH 'H' FROM s), TRIM(LEADING 'H' FROM s), TRIM(TRAILING 'o' FROM s), LTRIM('  a '), RTRIM(' a  '), BTRIM(' a ') FROM types;
SELECT POSITION('l' IN s), INSTR(s, 'l'), LOCATE('l', s), LOCATE('l', s, 4), REPLACE(s, 'l', 'LL'), REVERSE(s) FROM types;
SELECT LPAD(s, 8, '*'), RPAD(s, 8, 'ab'), LPAD(s, 2, '*'), REPEAT(s, 2), REPEAT(s, 0) FROM types;
SELECT INITCAP('hello wORLD'), OVERLAY('abcdef' PLACING 'XY' FROM 2), OVERLAY('abcdef' PLACING 'XY' FROM 2 FOR 4);
SELECT ASCII('a'), CHR(97), MD5('abc'), SHA256('abc'), TO_BASE64('abc'), FROM_BASE64('YWJj'), HEX(255), HEX('abc');
SELECT SPLIT_INDEX('a,b,c', ',', 1), SPLIT_INDEX('a,b,c', ',', 9), TRANSLATE('abc', 'ab', 'xy'), STARTSWITH('abc', 'ab'), ENDSWITH('abc', 'bc');
