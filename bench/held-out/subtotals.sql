-- auctions by category and length of their description, with subtotals and a total
SELECT
  category,
  CHAR_LENGTH(description) / 10 AS length,
  GROUPING_ID(category, CHAR_LENGTH(description) / 10) AS level,
  COUNT(*) AS auctions,
  MIN(initialBid) AS cheapest,
  SUM(reserve - initialBid) AS hoped
FROM auction
GROUP BY GROUPING SETS (
  (category, CHAR_LENGTH(description) / 10), (category), ())
