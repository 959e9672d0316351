-- auctions and channels with several dear bids: groups of two columns come and go by HAVING
SELECT auction, channel, COUNT(*) AS bids, SUM(price) AS total, MAX(price) - MIN(price) AS spread
FROM bid
GROUP BY auction, channel
HAVING COUNT(*) BETWEEN 3 AND 40 AND AVG(price) > 100000
