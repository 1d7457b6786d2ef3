-- Whether Airflow has crawled the seed site into this database before.
SELECT EXISTS (SELECT FROM runs WHERE requested_by LIKE 'airflow:crawl_seed/%' AND outcome = 'succeeded');
