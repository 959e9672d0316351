-- the five auctions of each category with most bids, as they overtake each other
SELECT category, id, bids, turnover, place
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY category ORDER BY bids DESC, id) AS place
  FROM (
    SELECT a.category, a.id, COUNT(*) AS bids, SUM(b.price) AS turnover
    FROM auction AS a
    JOIN bid AS b ON a.id = b.auction
    GROUP BY a.category, a.id
  )
)
WHERE place <= 5
