"""Raw pages in an S3 server on this machine; `make test-s3` runs it, without its library it is skipped."""

from datetime import timedelta

import pytest

from scrapers import config
from scrapers.storage.object_store import object_store
from scrapers.storage.snapshots import sweep_orphans
from tests.storage.test_object_store import all_read, keep, places  # noqa: F401
from tests.storage.test_snapshots import pages

server = pytest.importorskip("moto.server")
boto3 = pytest.importorskip("boto3")


@pytest.fixture
def bucket(monkeypatch):
    """Return the client of an empty bucket, in which raw pages are kept."""
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    endpoint = "http://{}:{}".format(*running.get_host_and_port())
    for name, value in {"AWS_ENDPOINT": endpoint, "AWS_ALLOW_HTTP": "true", "AWS_ACCESS_KEY_ID": "key",
                        "AWS_SECRET_ACCESS_KEY": "hidden", "AWS_REGION": "us-east-1"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket="warta")
    monkeypatch.setattr(config, "SNAPSHOTS", f"s3://warta/{running.get_host_and_port()[1]}")
    yield client
    running.stop()


def names(client):
    """Return the names below the folder of this test, in order."""
    folder = config.SNAPSHOTS.removeprefix("s3://warta/") + "/"
    found = client.list_objects_v2(Bucket="warta", Prefix=folder).get("Contents", [])
    return sorted(one["Key"].removeprefix(folder) for one in found)


def test_bytes_are_in_the_bucket_and_the_row_names_them(database, keep, bucket):  # noqa: F811
    bodies = list(pages("lama", range(12)))

    keep(bodies)

    assert names(bucket) == places(database)
    assert all_read(database, bodies)


def test_what_no_row_names_is_swept(database, keep, bucket):  # noqa: F811
    keep([b"<html>one"])
    object_store().put([(bytes(32), b"nobody's")])

    assert sweep_orphans(database) == 0
    assert sweep_orphans(database, age=timedelta(seconds=-5)) == 1
    assert all_read(database, [b"<html>one"])


def test_crawl_keeps_raw_pages_in_the_bucket(commands, database, bucket):
    commands.environment["WARTA_SNAPSHOTS"] = config.SNAPSHOTS

    crawl = commands.crawl("seed", "-a", "limit=3")

    assert crawl.code == 0, crawl.err
    assert names(bucket) == places(database)
    assert "hidden" not in crawl.err
