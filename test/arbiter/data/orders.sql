CREATE TABLE orders (
  ts TIMESTAMP(3), id INT, customer STRING, product STRING, amount DECIMAL(10, 2), quantity INT,
  price DOUBLE, region STRING, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/orders.json', 'format' = 'json');
