"""Microseconds per parsed object: Kiota's own JSON factory, ours, and json.loads."""

import json
import time

import payload
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory

from msgraph_security_copilot._runtime.adapter import NodeFactory
from msgraph_security_copilot.models.security.security_copilot.session_collection_response import (
    SessionCollectionResponse,
)


def best(run: object, times: int = 9) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        found.append(time.perf_counter() - started)
    return sorted(found)[len(found) // 2] / payload.OBJECTS * 1e6


def parse(factory: object) -> object:
    node = factory.get_root_parse_node("application/json", payload.PAGE)
    page = node.get_object_value(SessionCollectionResponse)
    assert len(page.value) == 100 and len(page.value[99].prompts) == 5
    return page


stock, ours = JsonParseNodeFactory(), NodeFactory()
started = time.perf_counter()
one = stock.get_root_parse_node("application/json", json.dumps({"value": [payload.session()]}).encode())
one.get_object_value(SessionCollectionResponse)
first = (time.perf_counter() - started) * 1000
parse(stock)
parse(ours)
print(
    json.dumps(
        {
            "first": first,
            "stock": best(lambda: parse(stock)),
            "own": best(lambda: parse(ours)),
            "json": best(lambda: json.loads(payload.PAGE)),
        }
    )
)
