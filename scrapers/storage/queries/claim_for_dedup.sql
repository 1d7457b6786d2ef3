-- Take waiting articles: they are gone when the transaction commits, and wait again when it does not.
DELETE FROM dedup_queue
WHERE queue_id IN (
    SELECT queue_id FROM dedup_queue ORDER BY queue_id LIMIT %(articles)s FOR UPDATE SKIP LOCKED)
RETURNING article_id;
