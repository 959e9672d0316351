-- texts taken apart and put together: patterns, dates, cases
SELECT
  auction,
  DATE_FORMAT(`dateTime`, 'EEE dd.MM.yyyy HH:mm:ss.SSS') AS stamp,
  QUARTER(`dateTime`) * 100 + DAYOFWEEK(CAST(`dateTime` AS DATE)) AS calendar,
  REGEXP_EXTRACT(url, '^https://([a-z.]+)/([^/]+)', 2) AS folder,
  REGEXP_REPLACE(extra, '[^A-Za-z]+', '.') AS letters,
  CASE
    WHEN REGEXP(channel, '^(Apple|Google)$') THEN UPPER(SUBSTRING(channel FROM 1 FOR 2))
    WHEN channel LIKE 'channel-%9' THEN LPAD(SUBSTRING(channel, 9), 6, '0')
    WHEN CHAR_LENGTH(channel) > 8 THEN INITCAP(REVERSE(channel))
    ELSE CONCAT_WS('/', channel, CAST(MOD(bidder, 7) AS STRING))
  END AS code_name,
  CASE WHEN price >= 1000000 THEN 'dear' WHEN price >= 10000 THEN 'fair' ELSE 'cheap' END AS grade,
  CAST(ROUND(LOG10(price), 3) AS DECIMAL(8, 3)) AS magnitude,
  POSITION('channel_id=' IN url) > 0 AND NULLIF(MOD(price, 10), 0) IS NOT NULL AS is_odd
FROM bid
WHERE price > 500 AND NOT (url LIKE '%/a%' AND extra LIKE 'Z%')
