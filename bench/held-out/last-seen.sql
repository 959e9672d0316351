-- when everybody was seen first and last, and as what: a union of the three kinds
SELECT id, MIN(seen) AS first_seen, MAX(seen) AS last_seen, COUNT(*) AS times,
  COUNT(DISTINCT kind) AS kinds, MAX(kind) AS busiest
FROM (
  SELECT id, `dateTime` AS seen, 'person' AS kind FROM person
  UNION ALL SELECT seller, `dateTime`, 'seller' FROM auction
  UNION ALL SELECT bidder, `dateTime`, 'bidder' FROM bid WHERE price > 1000
)
GROUP BY id
