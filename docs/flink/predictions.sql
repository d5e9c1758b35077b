-- Predictions for Flink's SQL client: bin/sql-client.sh -f predictions.sql
-- Replace before: ${bootstrap.servers}, ${topic.prefix} (dimee.), ${registry.url}, and ${bounded.mode}: unbounded to follow
-- the topic, latest-offset to end at its end.

-- The schema is a reader's: of the topic's fields those that the queries need, in the columns' order. A column is NOT NULL
-- exactly when its field is no union with null.
CREATE TABLE predictions (
  id STRING NOT NULL,
  label INT NOT NULL,
  tier STRING NOT NULL,
  pool STRING NOT NULL,
  exit_depth INT NOT NULL,
  cost ROW<total DOUBLE NOT NULL, cloud_only DOUBLE NOT NULL> NOT NULL,
  model_id STRING NOT NULL,
  predicted_at TIMESTAMP(3) NOT NULL,
  gold INT,
  WATERMARK FOR predicted_at AS predicted_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic.prefix}predictions',
  'properties.bootstrap.servers' = '${bootstrap.servers}',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = '${bounded.mode}',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = '${registry.url}',
  'value.avro-confluent.schema' = '{"type":"record","name":"Prediction","namespace":"io.dimee.avro","fields":[
    {"name":"id","type":"string"},
    {"name":"label","type":"int"},
    {"name":"tier","type":{"type":"enum","name":"Tier","symbols":["UNKNOWN","MOBILE","EDGE","CLOUD"],"default":"UNKNOWN"}},
    {"name":"pool","type":{"type":"enum","name":"Pool","symbols":["UNKNOWN","EASY","MEDIUM","HARD"],"default":"UNKNOWN"}},
    {"name":"exit_depth","type":"int"},
    {"name":"cost","type":{"type":"record","name":"Cost","fields":[
      {"name":"total","type":"double"},
      {"name":"cloud_only","type":"double"}]}},
    {"name":"model_id","type":"string"},
    {"name":"predicted_at","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"gold","type":["null","int"],"default":null}]}'
);

-- What each minute cost by tier, against the cloud alone.
SELECT
  window_start,
  LOWER(tier) AS tier,
  COUNT(*) AS predictions,
  SUM(cost.total) AS cost,
  1 - SUM(cost.total) / SUM(cost.cloud_only) AS reduction
FROM TABLE(TUMBLE(TABLE predictions, DESCRIPTOR(predicted_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, tier;

-- Right answers by tier and exit, of predictions that carry a gold label.
SELECT
  LOWER(tier) AS tier,
  exit_depth,
  COUNT(*) AS labelled,
  SUM(CASE WHEN label = gold THEN 1 ELSE 0 END) AS correct
FROM predictions
WHERE gold IS NOT NULL
GROUP BY tier, exit_depth;
