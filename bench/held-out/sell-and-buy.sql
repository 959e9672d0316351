-- what everybody sells beside what they bid: a FULL JOIN of two aggregates
SELECT
  COALESCE(s.seller, b.bidder) AS id, s.auctions, s.reserved, b.bids, b.dearest,
  b.dearest > s.reserved AS is_buyer
FROM (
  SELECT seller, COUNT(*) AS auctions, SUM(reserve) AS reserved FROM auction GROUP BY seller
) AS s
FULL JOIN (
  SELECT bidder, COUNT(*) AS bids, MAX(price) AS dearest FROM bid GROUP BY bidder
) AS b
ON s.seller = b.bidder
