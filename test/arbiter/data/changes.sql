CREATE TABLE changes (
  id INT, name STRING, price DOUBLE, t TIMESTAMP(3), tags ARRAY<STRING>, spot ROW<x INT, y STRING>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/changes-debezium.json', 'format' = 'debezium-json');
CREATE TABLE keyed_changes (
  id INT, name STRING, price DOUBLE, PRIMARY KEY (id) NOT ENFORCED
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/changes-debezium.json', 'format' = 'debezium-json');
CREATE TABLE with_schema (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-schema.json', 'format' = 'debezium-json',
  'debezium-json.schema-include' = 'true');
CREATE TABLE broken (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-broken.json', 'format' = 'debezium-json');
CREATE TABLE forgiven (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-broken.json', 'format' = 'debezium-json',
  'debezium-json.ignore-parse-errors' = 'true');
CREATE TABLE canal (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-canal.json', 'format' = 'canal-json');
CREATE TABLE canal_fruit (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-canal.json', 'format' = 'canal-json',
  'canal-json.table.include' = 'fruit', 'canal-json.database.include' = 'shop');
CREATE TABLE maxwell (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-maxwell.json', 'format' = 'maxwell-json');
CREATE TABLE ogg (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-ogg.json', 'format' = 'ogg-json');
CREATE TABLE odd_canal (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-odd-canal.json', 'format' = 'canal-json',
  'canal-json.ignore-parse-errors' = 'true');
CREATE TABLE odd_maxwell (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-odd-maxwell.json', 'format' = 'maxwell-json',
  'maxwell-json.ignore-parse-errors' = 'true');
CREATE TABLE odd_ogg (id INT, name STRING, price DOUBLE) WITH (
  'connector' = 'filesystem', 'path' = '${DATA}/changes-odd-ogg.json', 'format' = 'ogg-json',
  'ogg-json.ignore-parse-errors' = 'true');
