-- bids that raise the bidder's one before, each with the average of the last five of them
SELECT
  bidder, auction, price, raise, is_same,
  AVG(raise) OVER (
    PARTITION BY bidder ORDER BY `dateTime` ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) AS average
FROM (
  SELECT
    bidder, auction, price, `dateTime`,
    price - LAG(price) OVER w AS raise,
    LAG(auction, 1, CAST(-1 AS BIGINT)) OVER w = auction AS is_same
  FROM bid
  WINDOW w AS (PARTITION BY bidder ORDER BY `dateTime`)
)
WHERE raise > 0
