from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    EnumMember,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Operation,
    Origin,
    PathItem,
    PathKind,
    Place,
    Primitive,
    PrimitiveRef,
    Property,
    QueryParameter,
    Result,
)
from graphslice.serve import Address, Seed, running

STRING = PrimitiveRef(Primitive.STRING)
MOMENT = PrimitiveRef(Primitive.DATE_TIME)
SHELF = "/branch/shelves/{shelf-id}"
COLLECTION_OPTIONS = ("$count", "$expand", "$filter", "$orderby", "$search", "$select", "$skip", "$top")


def entity(name: str, *properties: Property, base: str | None = "lib.thing", **more: object) -> ObjectType:
    return ObjectType(
        id=f"lib.{name}",
        name=name,
        place=Place(),
        origin=Origin.ENTITY,
        base=base,
        properties=properties,
        **more,  # type: ignore[arg-type]
    )


def item(path: str, kind: PathKind, target: object, verbs: str, options: tuple[str, ...] = ()) -> PathItem:
    body = Body(kind=BodyKind.MODEL, content_type="application/json")
    operations = tuple(
        Operation(
            verb=verb,
            body=body if verb in {"POST", "PATCH", "PUT"} else None,
            result=Result(type=None if verb == "DELETE" else STRING),
        )
        for verb in verbs.split()
    )
    query = tuple(QueryParameter(name=name, type=STRING) for name in options)
    return PathItem(path=path, kind=kind, target=target, operations=operations, query=query)  # type: ignore[arg-type]


def library() -> ApiModel:
    """A small API with everything that the emulator makes a difference of."""
    types = (
        entity("thing", Property(name="id", type=STRING, nullable=False), base=None, abstract=True, keys=("id",)),
        entity(
            "branch",
            Property(name="motto", type=STRING),
            Property(name="shelves", type=ListRef(NamedRef("lib.shelf")), navigation=True, contained=True),
        ),
        entity(
            "shelf",
            Property(name="label", type=STRING),
            Property(name="books", type=ListRef(NamedRef("lib.book")), navigation=True, contained=True),
            Property(name="readers", type=ListRef(NamedRef("lib.person")), navigation=True),
            Property(name="keeper", type=NamedRef("lib.person"), navigation=True),
        ),
        entity(
            "book",
            Property(name="title", type=STRING),
            Property(name="pages", type=PrimitiveRef(Primitive.INT32), nullable=False),
            Property(name="genre", type=NamedRef("lib.genre"), nullable=False),
            Property(name="binding", type=NamedRef("lib.binding")),
            Property(name="tags", type=ListRef(STRING), nullable=False),
            Property(name="isbn", type=STRING, immutable=True),
            Property(name="made", type=MOMENT, nullable=False, computed=True, immutable=True),
            Property(name="touched", type=MOMENT, nullable=False, computed=True),
            Property(name="returned", type=MOMENT, nullable=False, computed=True),
        ),
        entity("atlas", Property(name="maps", type=PrimitiveRef(Primitive.INT64)), base="lib.book"),
        entity("person", Property(name="name", type=STRING)),
        entity(
            "badge",
            Property(name="code", type=STRING, nullable=False),
            Property(name="colour", type=STRING),
            base=None,
            keys=("code",),
        ),
        entity(
            "seat",
            Property(name="row", type=STRING, nullable=False),
            Property(name="number", type=PrimitiveRef(Primitive.INT32), nullable=False),
            Property(name="note", type=STRING),
            base=None,
            keys=("row", "number"),
        ),
        ObjectType(
            id="lib.binding",
            name="binding",
            place=Place(),
            origin=Origin.COMPLEX,
            properties=(
                Property(name="cover", type=STRING),
                Property(name="glued", type=PrimitiveRef(Primitive.BOOLEAN), nullable=False),
            ),
        ),
        EnumType(
            id="lib.genre",
            name="genre",
            place=Place(),
            origin=Origin.ENUM,
            members=(EnumMember(name="novel", value="novel"), EnumMember(name="essay", value="essay")),
        ),
    )
    books = ListRef(NamedRef("lib.book"))
    return ApiModel(
        paths=(
            item("/branch", PathKind.SINGLETON, NamedRef("lib.branch"), "GET PATCH", ("$select", "$expand")),
            item(
                "/branch/shelves",
                PathKind.NAVIGATION,
                ListRef(NamedRef("lib.shelf")),
                "GET POST",
                COLLECTION_OPTIONS,
            ),
            item(
                "/branch/shelves/{shelf-id}",
                PathKind.NAVIGATION,
                NamedRef("lib.shelf"),
                "GET PATCH DELETE",
                ("$select", "$expand"),
            ),
            item("/branch/shelves/{shelf-id}/keeper", PathKind.NAVIGATION, NamedRef("lib.person"), "GET"),
            item("/branch/shelves/{shelf-id}/books", PathKind.NAVIGATION, books, "GET POST", COLLECTION_OPTIONS),
            item("/branch/shelves/{shelf-id}/books/$count", PathKind.COUNT, None, "GET", ("$filter", "$search")),
            item("/branch/shelves/{shelf-id}/books/lib.atlas", PathKind.CAST, ListRef(NamedRef("lib.atlas")), "GET"),
            item(
                "/branch/shelves/{shelf-id}/books/{book-id}",
                PathKind.NAVIGATION,
                NamedRef("lib.book"),
                "GET PATCH DELETE",
                ("$select", "$expand"),
            ),
            item("/branch/shelves/{shelf-id}/books/{book-id}/scan", PathKind.MEDIA, None, "GET PUT DELETE"),
            item("/branch/shelves/{shelf-id}/books/{book-id}/lib.lend", PathKind.ACTION, None, "POST"),
            item("/badges", PathKind.ENTITY_SET, ListRef(NamedRef("lib.badge")), "GET POST", COLLECTION_OPTIONS),
            item("/badges/{badge-code}", PathKind.ENTITY, NamedRef("lib.badge"), "GET"),
            item("/badges(colour='{colour}')", PathKind.ENTITY, NamedRef("lib.badge"), "GET PATCH"),
            item("/seats", PathKind.ENTITY_SET, ListRef(NamedRef("lib.seat")), "GET POST"),
            item("/seats/row='{row}',number={number}", PathKind.ENTITY, NamedRef("lib.seat"), "GET PATCH DELETE"),
            item("/people", PathKind.ENTITY_SET, ListRef(NamedRef("lib.person")), "GET POST"),
            item("/people/{person-id}", PathKind.ENTITY, NamedRef("lib.person"), "GET PATCH DELETE"),
            item(f"{SHELF}/readers", PathKind.NAVIGATION, ListRef(NamedRef("lib.person")), "GET"),
            item(f"{SHELF}/readers/$ref", PathKind.REF, ListRef(NamedRef("lib.person")), "GET POST DELETE"),
            item(f"{SHELF}/readers/{{person-id}}/$ref", PathKind.REF, NamedRef("lib.person"), "DELETE"),
            item(f"{SHELF}/keeper/$ref", PathKind.REF, NamedRef("lib.person"), "GET PUT DELETE"),
        ),
        types={declared.id: declared for declared in types},
    )


SEED = Seed(
    data={
        "/branch": {"motto": "Read"},
        "/branch/shelves": [
            {
                "id": "a",
                "label": "First",
                "keeper": {"id": "k", "name": "Ada"},
                "books": [
                    {"id": "1", "title": "Emma", "pages": 474, "tags": ["old"]},
                    {"id": "2", "title": "Essays", "pages": 120, "genre": "essay"},
                    {"id": "3", "title": "O'Neill", "pages": 300, "binding": {"cover": "red"}},
                    {"@odata.type": "#lib.atlas", "id": "4", "title": "World", "pages": 90, "maps": 12},
                ],
            },
            {"id": "b", "label": "Second"},
        ],
    },
    defaults={"lib.book": {"returned": "0001-01-01T00:00:00Z"}},
)


@pytest.fixture
def model() -> ApiModel:
    return library()


@pytest.fixture
def seed() -> Seed:
    return SEED


@pytest.fixture
def library_service(model: ApiModel) -> Iterator[Address]:
    with running(model, base_url="https://library.example/v1", seed=SEED) as address:
        yield address


Connect = Callable[[Address], httpx.Client]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Gives a plain HTTP client that has a token."""
    clients: list[httpx.Client] = []

    def make(address: Address) -> httpx.Client:
        client = httpx.Client(
            base_url=address.base_url, headers={"Authorization": "Bearer canary"}, trust_env=False, timeout=20
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def http(library_service: Address, connect: Connect) -> httpx.Client:
    return connect(library_service)
