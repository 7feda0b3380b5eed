"""PATCH and round trips for any values, through Kiota's factories and through our own."""

from __future__ import annotations

import datetime
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer_factory import JsonSerializationWriterFactory
from sample_client._runtime.codec import NodeFactory, WriterFactory
from sample_client._runtime.days import parse_duration
from sample_client._runtime.model import changes_of
from sample_client._runtime.request import Request
from sample_client._runtime.values import Timestamp, duration_text
from sample_client.models.book import Book
from sample_client.models.genre import Genre
from sample_client.models.size import Size
from sample_client.models.trait import Trait
from stduritemplate import StdUriTemplate

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
STAMP = st.builds(
    lambda moment, digits, zone: f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + digits + zone,
    st.datetimes(min_value=datetime.datetime(1000, 1, 1)),
    st.one_of(st.just(""), st.from_regex(r"\A\.[0-9]{1,9}\Z")),
    st.sampled_from(["Z", "+00:00", "-05:30"]),
)
SIZE = st.fixed_dictionaries({}, optional={"height": st.integers(0, 9), "extra": JSON})
WIRE: dict[str, st.SearchStrategy[Any]] = {
    "id": TEXT,
    "createdDateTime": STAMP,
    "editedDateTime": STAMP,
    "bought": st.dates().map(str),
    "opens": st.from_regex(r"\A([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?\Z"),
    "readingTime": st.sampled_from(["P1D", "PT1.5S", "-P1DT2H", "P1Y2M", "PT0S"]),
    "genre": TEXT,
    "marks": st.lists(TEXT, max_size=3),
    "traits": st.lists(st.sampled_from(["old", "large", "new"]), unique=True).map(",".join),
    "isLent": st.booleans(),
    "notes": JSON,
    "pages": st.integers(-(2**63), 2**63 - 1),
    "price": st.floats(allow_nan=False, allow_infinity=False),
    "serial": st.uuids().map(str),
    "tags": st.lists(st.none() | TEXT, max_size=3),
    "size": SIZE,
    "shelves": st.lists(SIZE, max_size=3),
    "title": TEXT,
    "other": JSON,
}
RAW = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in WIRE.items()})
SET: dict[str, tuple[str, st.SearchStrategy[Any], Any]] = {
    "id": ("id", TEXT, lambda v: v),
    "title": ("title", TEXT, lambda v: v),
    "pages": ("pages", st.integers(-(2**63), 2**63 - 1), lambda v: v),
    "price": ("price", st.floats(allow_nan=False, allow_infinity=False), lambda v: v),
    "is_lent": ("isLent", st.booleans(), lambda v: v),
    "genre": ("genre", st.sampled_from(list(Genre)) | TEXT.map(Genre.of), lambda v: v.value),
    "traits": ("traits", st.lists(st.sampled_from(list(Trait)), min_size=1), lambda v: Trait.joined(v).value),
    "tags": ("tags", st.lists(TEXT, max_size=3), lambda v: v),
    "notes": ("notes", JSON, lambda v: v),
    "bought": ("bought", st.dates(), str),
    "serial": ("serial", st.uuids(), str),
    "reading_time": ("readingTime", st.timedeltas(), duration_text),
    "size": ("size", st.builds(Size, height=st.integers(0, 9)), lambda v: {"height": v.height, "unit": "cm"}),
    "edited_date_time": (
        "editedDateTime",
        st.datetimes(timezones=st.just(datetime.timezone.utc)),
        lambda v: v.isoformat(),
    ),
}
CHANGES = st.fixed_dictionaries({}, optional={name: st.none() | values for name, (_, values, _) in SET.items()})
FACTORIES = [(JsonParseNodeFactory(), JsonSerializationWriterFactory()), (NodeFactory(), WriterFactory())]
both = pytest.mark.parametrize(("nodes", "writers"), FACTORIES, ids=["stock", "own"])


def parsed(nodes: Any, raw: Any) -> Book:
    book: Book = nodes.get_root_parse_node("application/json", json.dumps(raw).encode()).get_object_value(Book)
    return book


def written(writers: Any, value: Any) -> Any:
    writer = writers.get_serialization_writer("application/json")
    writer.write_object_value(None, value)
    return json.loads(writer.get_serialized_content())


@both
@settings(max_examples=80, deadline=None)
@given(raw=RAW)
def test_what_was_read_is_there_again(nodes: Any, writers: Any, raw: dict[str, Any]) -> None:
    book = parsed(nodes, raw)
    assert json.dumps(book.to_dict()) == json.dumps(raw)
    sent = {name: value for name, value in raw.items() if name not in ("id", "createdDateTime")}
    assert written(writers, book) == sent
    assert written(writers, book) == sent
    assert Book.from_dict(book.to_dict()) == book


@both
@settings(max_examples=80, deadline=None)
@given(raw=RAW, changes=CHANGES.filter(bool))
def test_a_patch_is_what_was_set(nodes: Any, writers: Any, raw: dict[str, Any], changes: dict[str, Any]) -> None:
    expected = {SET[name][0]: None if value is None else SET[name][2](value) for name, value in changes.items()}
    book = parsed(nodes, raw)
    for name, value in changes.items():
        setattr(book, name, value)
    assert written(writers, changes_of(book)) == expected
    assert written(writers, changes_of(Book(**changes))) == expected


@settings(max_examples=150, deadline=None)
@given(STAMP)
def test_timestamps_keep_their_text(text: str) -> None:
    stamp = Timestamp.parse(text)
    assert stamp.isoformat() == text
    assert stamp.utcoffset() is not None


@settings(max_examples=150, deadline=None)
@given(st.timedeltas())
def test_durations_are_spelled_as_they_are_read(length: datetime.timedelta) -> None:
    again = parse_duration(duration_text(length))
    assert math.isclose(again.total_seconds(), length.total_seconds(), rel_tol=1e-12, abs_tol=2e-6)


TEMPLATE = "{+baseurl}/{+rest}/{shelf%2Did}/$count(x='{n}'){?%24filter,%24select,ids*,top}"
VALUE = st.none() | TEXT | st.integers() | st.booleans()


@settings(max_examples=150, deadline=None)
@given(
    # The library lets other characters through as they are, which no URL may have.
    rest=st.text(
        st.characters(codec="ascii", exclude_categories=("Cc",), exclude_characters='%?#\\"<>^`{|} '), max_size=9
    ),
    shelf=VALUE,
    n=TEXT.filter(lambda t: "'" not in t),
    filter_=VALUE,
    select=VALUE | st.lists(TEXT, max_size=3),
    ids=st.lists(TEXT),
)
def test_urls_are_expanded_as_kiotas_library_does(
    rest: str, shelf: Any, n: str, filter_: Any, select: Any, ids: Any
) -> None:
    request = Request(None, TEMPLATE, {"baseurl": "https://library/v1", "rest": rest, "shelf%2Did": shelf, "n": n})
    request.query_parameters = {"%24filter": filter_, "%24select": select, "ids": ids}
    data = {**request.path_parameters, **request.query_parameters}
    assert request.url == StdUriTemplate.expand(TEMPLATE, data)
