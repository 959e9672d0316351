-- the price of every bid in another currency
SELECT auction, bidder, 0.908 * price AS price, `dateTime`, extra FROM bid
