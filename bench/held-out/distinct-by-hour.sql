-- bidders and sellers of each category and hour, from bids joined with their auctions
SELECT
  a.category,
  DATE_FORMAT(b.`dateTime`, 'yyyy-MM-dd HH') AS `hour`,
  COUNT(DISTINCT b.bidder) AS bidders,
  COUNT(DISTINCT a.seller) AS sellers,
  COUNT(DISTINCT b.channel) FILTER (WHERE b.price > a.reserve) AS dear_channels,
  AVG(b.price - a.initialBid) AS average_raise
FROM bid AS b
JOIN auction AS a ON b.auction = a.id
GROUP BY a.category, DATE_FORMAT(b.`dateTime`, 'yyyy-MM-dd HH')
