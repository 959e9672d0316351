-- tables: orders
SELECT id, product LIKE 'p%', product LIKE '%k', product LIKE '_o_k', product NOT LIKE '%n%' FROM orders;
SELECT 'a%b' LIKE 'a\%b', 'a%b' LIKE 'a!%b' ESCAPE '!', 'axb' LIKE 'a!%b' ESCAPE '!', 'a_b' LIKE 'a!_b' ESCAPE '!';
SELECT '' LIKE '', '' LIKE '%', 'a' LIKE '', CAST(NULL AS STRING) LIKE '%', U&'\00e9' LIKE '_';
SELECT 'b' > 'a', 'B' < 'a', 'a' < 'ab', '' < 'a', U&'\00e9' > 'z', 'a ' = 'a';
