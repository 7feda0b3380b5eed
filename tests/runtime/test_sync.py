"""The blocking face, over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from sample_client.library_client import LibraryClient
from sample_client.models.library_error import LibraryError

SHELF = '{"id": "1", "displayName": "y"}'


@pytest.fixture
def client(service: Any, credential: Any) -> Iterator[LibraryClient]:
    """A client of a service that runs in another thread, as services do."""
    started, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with service.running():
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    made = LibraryClient(credentials=credential, base_url=service.url)
    yield made
    with contextlib.suppress(RuntimeError):
        made.sync.close()
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def test_calls_block_and_give_results(client: LibraryClient, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF), reply(204), reply(404, '{"error": {"message": "gone"}}')]
    item = client.sync.shelves.by_shelf_id("1")
    shelf = item.patch(display_name="y")
    assert shelf is not None and shelf.display_name == "y"
    assert item.delete() is None  # type: ignore[func-returns-value]
    with pytest.raises(LibraryError, match="gone"):
        item.get()
    assert [seen.method for seen in service.seen] == ["PATCH", "DELETE", "GET"]


def test_pages_are_read_in_a_plain_for(client: LibraryClient, service: Any, reply: Any) -> None:
    link = f"{service.url}/shelves?$skip=1"
    service.replies = [
        reply(body=json.dumps({"value": [{"id": "0"}], "@odata.nextLink": link})),
        reply(body='{"value": [{"id": "1"}]}'),
    ]
    assert [shelf.id for shelf in client.sync.shelves.iterate(top=1)] == ["0", "1"]


def test_a_run_over_pages_may_end_early(client: LibraryClient, service: Any, reply: Any) -> None:
    service.replies = [reply(body=json.dumps({"value": [{"id": "0"}], "@odata.nextLink": f"{service.url}/x"}))]
    assert next(iter(client.sync.shelves.iterate())).id == "0"
    assert len(service.seen) == 1


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_a_client_that_is_forgotten_leaves_nothing_open(
    client: LibraryClient, service: Any, reply: Any, credential: Any, transport: str
) -> None:
    service.replies = [reply(body=SHELF)]
    threads = set(threading.enumerate())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        forgotten = LibraryClient(credentials=credential, base_url=service.url, transport=transport)
        forgotten.sync.shelves.by_shelf_id("1").get()
        del forgotten
        gc.collect()
        gc.collect()
    assert set(threading.enumerate()) == threads
    assert [str(one.message) for one in caught] == []


def test_it_works_where_a_loop_runs_already(client: LibraryClient, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]

    async def notebook() -> Any:
        blocking = client.sync.shelves.by_shelf_id("1").get()
        awaited = await client.shelves.by_shelf_id("1").get()
        return blocking, awaited

    blocking, awaited = asyncio.run(notebook())
    assert blocking == awaited and blocking is not None


def test_threads_share_it(client: LibraryClient, service: Any, reply: Any, credential: Any) -> None:
    service.replies = [reply(body=SHELF)]
    found: list[Any] = []

    def work() -> None:
        found.append(client.sync.shelves.by_shelf_id("1").get())

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10 and len(credential.asked) == 1


def test_with_response_and_with(client: LibraryClient, service: Any, reply: Any) -> None:
    service.replies = [reply(200, SHELF, headers={"request-id": "r"})]
    with client.sync as blocking:
        response = blocking.with_response(lambda: blocking.shelves.by_shelf_id("1").get())
        assert (response.status, response.request_id) == (200, "r")


def test_one_face_for_one_client(client: LibraryClient) -> None:
    assert client.sync is client.sync


def test_documentation_and_names_are_those_of_the_methods(client: LibraryClient) -> None:
    method = client.sync.shelves.get
    assert method.__doc__ == "Read the shelves."
    assert method.__name__ == "get"


def test_a_blocking_call_inside_the_clients_own_loop_says_so(client: LibraryClient, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    runner: Any = client.sync._runner

    async def inside() -> None:
        with pytest.raises(RuntimeError, match="wait for itself"):
            client.sync.shelves.by_shelf_id("1").get()

    runner.run(inside())
