-- bids within a second after their auction opened, kept without one too, by state of the seller
SELECT
  a.id, a.`dateTime` AS opened, p.state, b.bidder, b.price,
  TIMESTAMPDIFF(SECOND, a.`dateTime`, b.`dateTime`) AS seconds
FROM auction AS a
LEFT JOIN bid AS b
ON a.id = b.auction
  AND b.`dateTime` BETWEEN a.`dateTime` AND a.`dateTime` + INTERVAL '1' SECOND
  AND b.price >= a.initialBid
JOIN person AS p
ON p.id = a.seller AND p.`dateTime` BETWEEN a.`dateTime` - INTERVAL '30' SECOND AND a.`dateTime`
