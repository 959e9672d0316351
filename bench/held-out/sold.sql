-- auctions with a bid above their reserve, whose seller did not register within the stream
SELECT a.id, a.itemName, UPPER(a.description) AS description, a.reserve, a.seller
FROM auction AS a
WHERE EXISTS (SELECT 1 FROM bid AS b WHERE b.auction = a.id AND b.price > a.reserve)
  AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.id = a.seller AND p.state <> 'OR')
