-- the average of the last ten winning prices of each seller
SELECT seller,
  AVG(price) OVER (
    PARTITION BY seller ORDER BY bid_dateTime ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS average
FROM (
  SELECT
    a.seller, b.price, b.`dateTime` AS bid_dateTime,
    ROW_NUMBER() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.`dateTime` ASC) AS rownum
  FROM auction AS a, bid AS b
  WHERE a.id = b.auction AND b.`dateTime` BETWEEN a.`dateTime` AND a.expires
)
WHERE rownum <= 1
