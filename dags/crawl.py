"""A finished crawl updates the asset `articles`, which wakes `dedup`.

Trigger it with the form: how many articles, of which days, from which addresses, and whether known pages
are fetched again. A scheduled run takes the form as it stands. Any run may be repeated at any time.
"""

from datetime import timedelta

from airflow.sdk import DAG
from pendulum import datetime

from scrapers.airflow.operators import ARTICLES, CRAWL_PARAMS, CrawlOperator
from scrapers.spiders import outlets, pool_of

RETRIES = {"retries": 2, "retry_delay": 60, "retry_exponential_backoff": 2, "max_retry_delay": 3600}

for outlet in outlets():
    with DAG(
        f"crawl_{outlet.name}",
        description=f"Crawl {outlet.publisher}",
        doc_md=f"# {outlet.publisher}\n\n{outlet.__doc__}\n\n{__doc__}",
        schedule=outlet.cron(),
        start_date=datetime(2025, 1, 1, tz=outlet.time_zone),
        catchup=False,
        is_paused_upon_creation=outlet.paused,
        max_active_runs=1,  # a second one would share the host's rate and end no sooner; a backfill waits in the pool
        dagrun_timeout=4 * outlet.timeout,
        params=CRAWL_PARAMS,
        default_args={"owner": "warta", **RETRIES},
        tags=["crawl", outlet.name],
    ):
        CrawlOperator(
            task_id="crawl",
            outlet=outlet.name,
            outlets=[ARTICLES],
            pool=pool_of(outlet.name),
            execution_timeout=outlet.timeout + timedelta(minutes=5),  # the crawl ends itself before that
            doc_md=CrawlOperator.__doc__,
        )
