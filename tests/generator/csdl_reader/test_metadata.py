"""The committed metadata of this repository: whole, our own words, and true to the document that it was cut from."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphslice.api.model import ApiModel, ObjectType, Operation
from graphslice.csdl import annotations as values
from graphslice.csdl import edm, vocabulary
from graphslice.csdl.annotations import Annotations
from graphslice.csdl.index import Index
from graphslice.csdl.reader import read_document
from graphslice.csdl.resolve import resolve
from graphslice.csdl.trim import trim
from graphslice.slice_file import load_slice

from .conftest import REPOSITORY

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

METADATA = REPOSITORY / "metadata"
CSDL = METADATA / "security-copilot.csdl.xml"
OVERLAY = METADATA / "security-copilot.annotations.xml"
WHOLE = "metadata/graph-v1.0-227538-with-security-copilot.xml"


@pytest.fixture(scope="module")
def committed() -> Index:
    return Index(read_document(str(CSDL), (str(OVERLAY),)))


@pytest.fixture(scope="module")
def model() -> ApiModel:
    wanted = load_slice(METADATA / "security-copilot.toml")
    return resolve(read_document(wanted.description, wanted.annotations), wanted)


def elements(index: Index) -> Iterator[tuple[str, edm.Element]]:
    for declared in index.types.values():
        yield declared.full_name, declared
        members: tuple[edm.Element, ...] = ()
        if isinstance(declared, edm.StructuredType):
            members = (*declared.properties, *declared.navigation)
        elif isinstance(declared, edm.EnumType):
            members = declared.members
        for member in members:
            yield f"{declared.full_name}/{member.name}", member


def operations(model: ApiModel) -> Iterator[tuple[str, Operation]]:
    for item in model.paths:
        for operation in item.operations:
            yield f"{operation.verb} {item.path}", operation


def test_every_type_property_and_member_is_described(committed: Index) -> None:
    found = Annotations(committed)
    bare = [name for name, e in elements(committed) if not values.string(found.lookup(e, name, vocabulary.DESCRIPTION))]
    assert bare == []


def test_the_overlay_speaks_of_nothing_that_is_not_there(committed: Index) -> None:
    known = {name for name, _ in elements(committed)}
    container = committed.container
    assert container is not None
    assert set(Annotations(committed).targets()) <= known | {container.full_name}


def test_every_sentence_is_a_sentence() -> None:
    texts = [
        values.string(annotation.expression)
        for schema in read_document(str(OVERLAY)).schemas
        for group in schema.external
        for annotation in group.annotations
        if annotation.term in (vocabulary.DESCRIPTION, vocabulary.LONG_DESCRIPTION)
    ]
    assert len(texts) > 150
    assert [t for t in texts if not t or not t[0].isupper() or not t.endswith(".") or "  " in t] == []


def test_no_description_stands_in_the_cut_document() -> None:
    assert "Description" not in CSDL.read_text("utf-8")


def test_every_operation_is_described(model: ApiModel) -> None:
    counted = list(operations(model))
    assert len(counted) == 33
    assert [name for name, operation in counted if not operation.description and not name.endswith("$count")] == []


DOCUMENTED = {
    "GET /workspaces",
    "GET /workspaces/{workspace-id}/plugins",
    "GET /workspaces/{workspace-id}/sessions",
    "POST /workspaces/{workspace-id}/sessions",
    "GET /workspaces/{workspace-id}/sessions/{session-id}",
    "PATCH /workspaces/{workspace-id}/sessions/{session-id}",
    "GET /workspaces/{workspace-id}/sessions/{session-id}/prompts",
    "POST /workspaces/{workspace-id}/sessions/{session-id}/prompts",
    "GET /workspaces/{workspace-id}/sessions/{session-id}/prompts/{prompt-id}",
    "GET /workspaces/{workspace-id}/sessions/{session-id}/prompts/{prompt-id}/evaluations",
    "POST /workspaces/{workspace-id}/sessions/{session-id}/prompts/{prompt-id}/evaluations",
    "GET /workspaces/{workspace-id}/sessions/{session-id}/prompts/{prompt-id}/evaluations/{evaluation-id}",
}


def test_twelve_operations_are_documented_with_their_permission_and_role(model: ApiModel) -> None:
    found = {
        name.replace("/security/securityCopilot", ""): operation
        for name, operation in operations(model)
        if operation.documented
    }
    assert set(found) == DOCUMENTED
    for name, operation in found.items():
        scope = "SecurityCopilotWorkspaces." + ("Read.All" if name.startswith("GET") else "ReadWrite.All")
        assert [(p.scheme, p.scopes) for p in operation.permissions] == [
            ("DelegatedWork", (scope,)),
            ("Application", (scope,)),
        ]
        assert operation.roles == ("Security Copilot Contributor",)
        assert operation.documentation.startswith("https://learn.microsoft.com/graph/api/")
    assert model.clouds == ("global",)


def test_what_the_service_sets_is_marked_and_nothing_is_lost_on_the_wire(model: ApiModel) -> None:
    session = model.types["microsoft.graph.security.securityCopilot.session"]
    assert isinstance(session, ObjectType)
    own = [p for p in session.properties if not p.navigation and not p.name.startswith("@")]
    writable = [p.name for p in own if not p.computed]
    assert writable == ["displayName"]
    every = [p for t in model.types.values() for p in getattr(t, "properties", ())]
    assert not any(p.read_only for p in every)


def test_the_overlay_changes_no_path_verb_or_type(model: ApiModel) -> None:
    wanted = load_slice(METADATA / "security-copilot.toml")
    bare = resolve(read_document(wanted.description), wanted)
    assert [(i.path, [o.verb for o in i.operations], i.query) for i in bare.paths] == [
        (i.path, [o.verb for o in i.operations], i.query) for i in model.paths
    ]
    assert Counter(map(type, bare.types.values())) == Counter(map(type, model.types.values()))
    assert list(bare.types) == list(model.types)


def test_trimming_again_gives_the_committed_bytes(shared: Path) -> None:
    wanted = load_slice(METADATA / "security-copilot.toml")
    index = Index(read_document(str(shared / WHOLE), wanted.annotations))
    assert trim(index, resolve(index, wanted)).text == CSDL.read_text("utf-8")


def test_the_provenance_names_the_document_that_was_cut(shared: Path) -> None:
    record = tomllib.loads((METADATA / "PROVENANCE.toml").read_text("utf-8"))[CSDL.name]
    assert record["source_sha256"] == hashlib.sha256((shared / WHOLE).read_bytes()).hexdigest()
    assert record["build"] in WHOLE
