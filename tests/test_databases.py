import pytest

# All that plans follow, and what the next rows get.
STATE = """
    SELECT relname, relkind, reltuples, relallvisible, relkind <> 'i' AND pg_relation_size(oid) > 0 AS has_rows,
        CASE relkind WHEN 'i' THEN pg_relation_size(oid) > 24576 END AS is_large
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT sequencename, 'S', last_value, NULL, NULL, NULL FROM pg_sequences
    ORDER BY 1
"""
FILL = """
    INSERT INTO runs (run_id, outlet, kind, requested_by)
    SELECT gen_random_uuid(), 'seed', 'crawl', repeat('x', 100) FROM generate_series(1, 2000);
    INSERT INTO feeds (outlet, url, kind) SELECT 'seed', 'https://a.example/' || n, 'rss' FROM generate_series(1, 5) n;
"""


@pytest.fixture
def lent(databases):
    """Return a connection to a database that was lent."""
    return databases.connection(databases.lend())


def test_database_that_was_filled_is_lent_again_as_a_new_one(databases, lent):
    name, state = lent.info.dbname, lent.execute(STATE).fetchall()
    lent.execute(FILL, prepare=False)
    filled = lent.execute(STATE).fetchall()

    databases.take_back(name)

    assert filled != state
    assert lent.execute(STATE).fetchall() == state
    assert databases.lend() == name


@pytest.mark.parametrize("change", ["ALTER TABLE pages ADD more text", "ANALYZE migrations", "DROP VIEW ledger_faults"])
def test_database_whose_schema_or_statistics_were_changed_is_not_lent_again(databases, lent, change):
    name = lent.info.dbname

    lent.execute(change)
    databases.take_back(name)

    assert databases.lend() != name
