-- visits of bidders: sessions that end after 100 quiet milliseconds, with the sites they came from
SELECT
  bidder, window_start, window_end, COUNT(*) AS bids,
  LISTAGG(DISTINCT SUBSTRING(channel, 1, 3)) AS sites,
  MIN(price) AS low, MAX(price) AS high, COUNT(DISTINCT auction) AS auctions
FROM TABLE(
  SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR(`dateTime`), INTERVAL '0.1' SECOND))
GROUP BY bidder, window_start, window_end
HAVING COUNT(*) > 1
