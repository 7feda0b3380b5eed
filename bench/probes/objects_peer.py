"""Microseconds per parsed object, with the peer, through the parse node of its own client."""

import json
import time

import payload
from kiota_abstractions.api_client_builder import enable_backing_store_for_parse_node_factory
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from msgraph_beta.generated.models.security.security_copilot.session_collection_response import (
    SessionCollectionResponse,
)

factory = enable_backing_store_for_parse_node_factory(JsonParseNodeFactory())


def parse(content: bytes) -> object:
    return factory.get_root_parse_node("application/json", content).get_object_value(SessionCollectionResponse)


started = time.perf_counter()
parse(json.dumps({"value": [payload.session()]}).encode())
first = (time.perf_counter() - started) * 1000
parse(json.dumps({"value": [payload.session(1, prompts=1)]}).encode())
started = time.perf_counter()
page = parse(payload.PAGE)
assert len(page.value) == 100
print(json.dumps({"first": first, "stock": (time.perf_counter() - started) / payload.OBJECTS * 1e6}))
