-- cost by hour and model against what the cloud alone would have cost; reduction is a fraction
CREATE VIEW savings AS
SELECT
  date_trunc('hour', predicted_at) AS hour,
  model_id,
  count(*) AS predictions,
  sum(cost.total) AS cost,
  sum(cost.cloud_only) AS cloud_only_cost,
  1 - sum(cost.total) / nullif(sum(cost.cloud_only), 0) AS reduction
FROM predictions
GROUP BY ALL
ORDER BY ALL;

-- right answers by model, tier and exit, of predictions that carry a gold label; accuracy is a fraction
CREATE VIEW accuracy AS
SELECT
  model_id,
  tier,
  exit_depth,
  count(*) AS labelled,
  count(*) FILTER (label = gold) AS correct,
  count(*) FILTER (label = gold) / count(*) AS accuracy,
  avg(confidence) AS confidence
FROM predictions
WHERE gold IS NOT NULL
GROUP BY ALL
ORDER BY model_id, exit_depth, tier;

-- the 100 predictions that cost most, with their way through the tiers
CREATE VIEW expensive AS
SELECT
  id,
  label_name,
  confidence,
  cost.total AS cost,
  cost.cloud_only AS cloud_only_cost,
  array_to_string(
    list_transform(
      hops,
      lambda hop: format('{} {}-{}{}', hop.tier, hop.from_depth, hop.to_depth,
        CASE WHEN hop.restarted THEN ' again' ELSE '' END)),
    ', ') AS way,
  bytes_offloaded,
  latency_ms,
  spilled,
  predicted_at
FROM predictions
ORDER BY cost.total DESC, bytes_offloaded DESC, id
LIMIT 100;

-- each pool's share by hour and model, its share over the whole time, and the hour's population stability index;
-- shares in the index count half an event more in each pool, so that an empty pool has a logarithm
CREATE VIEW pool_drift AS
WITH
  pools AS (SELECT unnest(['easy', 'medium', 'hard']) AS pool),
  hours AS (SELECT DISTINCT date_trunc('hour', predicted_at) AS hour, model_id FROM predictions),
  counted AS (
    SELECT date_trunc('hour', predicted_at) AS hour, model_id, pool, count(*) AS n
    FROM predictions
    WHERE pool IN (FROM pools)
    GROUP BY ALL),
  filled AS (
    SELECT hour, model_id, pool, coalesce(n, 0) AS n
    FROM hours CROSS JOIN pools LEFT JOIN counted USING (hour, model_id, pool)),
  summed AS (
    SELECT
      *,
      sum(n) OVER (PARTITION BY hour, model_id) AS n_hour,
      sum(n) OVER (PARTITION BY model_id, pool) AS n_pool,
      sum(n) OVER (PARTITION BY model_id) AS n_all
    FROM filled),
  shared AS (
    SELECT
      *,
      (n + 0.5) / (n_hour + 1.5) AS here,
      (n_pool + 0.5) / (n_all + 1.5) AS overall
    FROM summed)
SELECT
  hour,
  model_id,
  pool,
  CAST(n AS BIGINT) AS predictions,
  n / nullif(n_hour, 0) AS share,
  n_pool / nullif(n_all, 0) AS share_overall,
  sum((here - overall) * ln(here / overall)) OVER (PARTITION BY hour, model_id) AS psi
FROM shared
ORDER BY hour, model_id, list_position(['easy', 'medium', 'hard'], pool);

-- dead letters by stage and reason, with the newest message
CREATE VIEW dead_letter_reasons AS
SELECT
  stage,
  reason,
  count(*) AS dead_letters,
  min(failed_at) AS first_at,
  max(failed_at) AS last_at,
  arg_max(message, failed_at) AS newest_message
FROM dead_letters
GROUP BY ALL
ORDER BY dead_letters DESC, stage, reason;
