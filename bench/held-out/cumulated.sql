-- sales of the minute so far, every second, cheap and dear bids apart
SELECT
  CASE WHEN channel LIKE 'channel-%' THEN 'other' ELSE channel END AS site,
  window_end,
  COUNT(*) AS bids,
  SUM(price) FILTER (WHERE price < 10000) AS cheap,
  MAX(price) FILTER (WHERE MOD(auction, 2) = 0) AS dearest_even,
  COUNT(DISTINCT bidder) FILTER (WHERE price >= 1000000) AS rich_bidders
FROM TABLE(
  CUMULATE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '1' SECOND, INTERVAL '1' MINUTE))
GROUP BY
  CASE WHEN channel LIKE 'channel-%' THEN 'other' ELSE channel END, window_start, window_end
