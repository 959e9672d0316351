-- bids with the bidder's person and the auctions that the bidder sells
SELECT
  b.auction, b.bidder, b.price, b.channel, b.url, b.`dateTime`, b.extra,
  p.name, p.emailAddress, p.creditCard, p.city, p.state, p.`dateTime` AS person_dateTime,
  p.extra AS person_extra,
  a.id, a.itemName, a.description, a.initialBid, a.reserve, a.`dateTime` AS auction_dateTime,
  a.expires, a.seller, a.category, a.extra AS auction_extra
FROM bid AS b
INNER JOIN person AS p ON p.id = b.bidder
INNER JOIN auction AS a ON a.seller = b.bidder
