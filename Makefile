# The targets that people and CI run; `make` alone lists them.
# PYTHON=/path/to/python chooses the interpreter that .venv is made with.

PYTEST = .venv/bin/python -m pytest
# Many tests wait for a server or a clock, so that two workers a processor are not too many.
WORKERS = $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$(( n < 2 ? 2 : 4 )))
PROOF = $(PYTEST) -m proof -o faulthandler_timeout=3600
# Tests start Python hundreds of times; without bytecode files each start compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE
COMPILE = .venv/tools/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock"

# A .venv whose Python is gone, or that was moved with its folder, is made anew.
INTACT := $(shell test "$$(cat .venv/.installed 2>/dev/null)" = "$(CURDIR)" && .venv/bin/python -c 'print("yes")' 2>/dev/null)
ifneq ($(INTACT),yes)
.PHONY: .venv/.installed
endif

.PHONY: help up down status test test-e2e test-readers test-s3 test-spark bench-extract bench-dedup bench-dedup-postgres bench-discovery bench-crawl bench-search bench-ui bench-reextract bench-snapshots bench-export crash proof check schema reference lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' Makefile

up: .venv/.installed  ## Start everything, crawl the seed site, show its articles; leave it running
	@.venv/bin/warta up

down:  ## Stop what `make up` has started; the data stays
	@test ! -x .venv/bin/warta || .venv/bin/warta down

status: .venv/.installed  ## Show what runs
	@.venv/bin/warta status

# Neighbours share what a file prepares once: each worker begins with a quarter of the files, and takes from others at the end.
test: .venv/.installed  ## Run the tests in parallel, each worker against a real Postgres of its own
	$(PYTEST) --numprocesses=$(WORKERS) --dist=worksteal

test-e2e: .venv/.installed  ## Crawl through Airflow's real UI and scheduler; installs Chromium
	tests/e2e/install.sh
	$(PYTEST) tests/e2e

bench-extract: .venv/peers  ## Compare extraction with other extractors; PAGES=folder for others
	.venv/bin/python -m benchmarks.extract $(PAGES) --peers .venv/peers

bench-discovery: .venv/.installed  ## Read the sitemaps of a large site into the ledger, twice; PAGES=number
	.venv/bin/python -m benchmarks.discovery $(PAGES)

bench-dedup: .venv/peers  ## Compare deduplication with datasketch and rensa; CORPUS=labelled file or number, AMONG=number
	.venv/bin/python -m benchmarks.dedup $(CORPUS) $(if $(AMONG),--among $(AMONG)) --peers .venv/peers

bench-dedup-postgres: .venv/.installed  ## Cost of deduplication beside many stored articles; STORED="100000 1000000", CORPUS="labelled files or numbers", AMONG=number
	.venv/bin/python -m benchmarks.dedup_postgres $(STORED) $(if $(CORPUS),--corpus $(CORPUS)) $(if $(AMONG),--among $(AMONG))

bench-crawl: .venv/.installed  ## Compare a crawl with Scrapy alone; PEERS="pythons" that have other crawlers
	.venv/bin/python -m benchmarks.crawl $(if $(PEERS),--peers $(PEERS))

bench-reextract: .venv/.installed  ## Read stored pages again, beside the extractor alone; PAGES=number
	.venv/bin/python -m benchmarks.reextract $(if $(PAGES),--pages $(PAGES))

bench-snapshots: .venv/.installed  ## Compress raw pages with others of their host as the dictionary, beside gzip; PAGES=folder
	.venv/bin/python -m benchmarks.snapshots $(PAGES)

bench-search: .venv/.installed  ## Cost of searches among 10,000 to 1,000,000 articles; ARTICLES="10000 100000"
	.venv/bin/python -m benchmarks.search $(ARTICLES)

bench-ui: .venv/.installed  ## Time of each page inside Airflow's UI among 1,000,000 articles; ARTICLES=number
	.venv/bin/python -m benchmarks.ui $(ARTICLES)

bench-export: .venv/.installed  ## Compare an export to Parquet with bare COPY; ARTICLES="10000 100000 1000000"
	.venv/bin/python -m benchmarks.export $(ARTICLES)

crash: .venv/.installed  ## Kill 200 crawls and Postgres 50 times; print what was lost, doubled, fetched again
	$(PROOF) -s tests/crawl/test_crash.py

test-readers: .venv/readers  ## Load exports with DuckDB, pandas and Hugging Face's datasets; validate their data card (half a gigabyte)
	PYTHONPATH=.venv/readers $(PYTEST) tests/publish/readers

test-s3: .venv/s3  ## Keep raw pages in an S3 server on this machine
	PYTHONPATH=.venv/s3 $(PYTEST) tests/storage/test_s3.py

test-spark: .venv/spark  ## Find candidates with Apache Spark (half a gigabyte; needs Java 17) as they are found in memory
	PYTHONPATH=.venv/spark $(PYTEST) contrib/spark

proof: .venv/.installed  ## Run the tests that take minutes
	$(PROOF)

check: .venv/.installed  ## Check style, types and the order of imports
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache

schema: .venv/.installed  ## Write scrapers/storage/schema.sql anew, from the migrations
	.venv/bin/python -m tests.storage.schema

reference: .venv/.installed  ## Write docs/reference/ anew, from the code and the migrations
	.venv/bin/python scripts/reference.py

lock: .venv/.installed  ## Resolve the dependencies anew: pyproject.toml -> requirements*.lock
	$(COMPILE) pyproject.toml --extra dev -o requirements.lock
	$(COMPILE) pyproject.toml --extra cluster -o requirements-cluster.lock
	$(COMPILE) --group peers -o requirements-peers.lock
	$(COMPILE) --group readers -o requirements-readers.lock
	$(COMPILE) --group s3 -o requirements-s3.lock
	$(COMPILE) --group spark -o requirements-spark.lock

clean: down  ## Remove .venv and the caches; the data in .warta/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find scrapers dags tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The lists name all that is needed; left to resolve it, the pip of Python 3.11 fails at lxml[html-clean].
.venv/peers .venv/readers .venv/s3 .venv/spark: .venv/%: requirements-%.lock .venv/.installed
	@echo "Installing what $< lists, for this alone"
	@rm -rf $@
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --target $@ --no-deps --require-hashes -r $<

.venv/.installed: requirements.lock requirements-uv.lock pyproject.toml scripts/bootstrap
	@scripts/bootstrap
