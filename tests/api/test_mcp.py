"""`warta mcp`, driven by the official client, as assistants do."""

import sys
import time

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from scrapers.api import tokens
from scrapers.api.mcp_server import build
from scrapers.config import ROOT
from scrapers.local.ports import free_port


@pytest.fixture
def corpus(edited_and_copied):
    """Return the ids of an edited article and its copy."""
    return edited_and_copied()


async def assert_reads_the_corpus(client, first, copy):
    """Do what an assistant does, and hold what it gets."""
    names = {tool.name for tool in (await client.list_tools()).tools}
    found = (await client.call_tool("search", {"query": "batam"})).structured_content
    article = (await client.call_tool("read_article", {"article_id": first})).structured_content
    edits = (await client.call_tool("read_edits", {"article_id": first})).structured_content
    copies = (await client.call_tool("read_copies", {"article_id": copy})).structured_content
    wrong = await client.call_tool("read_article", {"article_id": 999})

    assert names == {"search", "read_article", "read_edits", "read_copies", "list_edits", "list_outlets"}
    assert [hit["article_id"] for hit in found["items"]] == [first]
    assert article["article_body"] == ["Kapal itu disita di Batam."]
    assert edits["items"][0]["revision"] == 2
    assert [member["article_id"] for member in copies["items"]] == [first, copy]
    assert wrong.is_error
    assert "no article has the number 999" in wrong.content[0].text


def test_assistant_reads_the_corpus_through_standard_input(commands, corpus):
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "scrapers", "mcp"], cwd=ROOT, env=commands.environment
    )

    async def talk():
        async with Client(server) as client:
            await assert_reads_the_corpus(client, *corpus)

    anyio.run(talk)


def test_assistant_reads_the_corpus_over_http_with_a_token_alone(commands, corpus, database, tmp_path):
    token = tokens.add(database, "assistant", "read", by="test")
    feeds = tokens.add(database, "reader", "feeds", by="test")
    port = free_port(tmp_path / "mcp", 18970)
    server = commands.start("scrapers", "mcp", "--http", "--port", str(port))
    url = f"http://127.0.0.1:{port}/mcp"

    async def talk():
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            await assert_reads_the_corpus(client, *corpus)

    try:
        wait_for(url)
        anyio.run(talk)
        for given in ({}, {"Authorization": f"Bearer {feeds}"}, {"Authorization": "Bearer warta_wrong"}):
            assert httpx.post(url, json={}, headers=given).status_code == 401
        assert (
            httpx.post(url, json={}, headers={"Authorization": f"Bearer {token}", "Host": "evil.test"}).status_code
            >= 400
        )
    finally:
        server.kill()
        server.communicate()


def wait_for(url):
    for _ in range(300):
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(url)


def test_every_tool_says_what_it_does_and_that_it_only_reads():
    tools = anyio.run(build().list_tools)

    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
