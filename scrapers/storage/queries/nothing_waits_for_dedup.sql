-- Whether no article waits that another worker has not claimed.
SELECT count(*) = 0 FROM (SELECT FROM dedup_queue LIMIT 1 FOR UPDATE SKIP LOCKED) AS waiting;
