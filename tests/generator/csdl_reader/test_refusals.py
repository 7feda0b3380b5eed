from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphslice.csdl.reader import parse_document, read_document
from graphslice.diagnostics import Diagnostic, GraphsliceError

from .conftest import ENTITY, edmx


def refused(data: bytes | str, *overlays: str) -> Diagnostic:
    with pytest.raises(GraphsliceError) as caught:
        parse_document(
            data.encode() if isinstance(data, str) else data,
            "shop.xml",
            [(edmx(overlay).encode(), "over.xml") for overlay in overlays],
        )
    (diagnostic,) = caught.value.diagnostics
    assert caught.value.exit_code == 2
    assert "\n" not in str(diagnostic)
    return diagnostic


LINED = [
    # What stands in the second line of the document, the code, and a word of the message or the cure.
    ("<ComplexType/>", "CSDL020", "Name"),
    ('<ComplexType Name=""/>', "CSDL020", "Name"),
    ('<ComplexType Name="a b"/>', "CSDL021", "simple identifier"),
    ('<ComplexType Name="1a"/>', "CSDL021", "simple identifier"),
    ('<ComplexType Name="a-b"/>', "CSDL021", "simple identifier"),
    (f'<ComplexType Name="{"a" * 129}"/>', "CSDL021", "128"),
    ('<ComplexType Name="displ\u0430yName"/>', "CSDL021", "one script"),
    ('<ComplexType Name="ﬁle"/>', "CSDL021", "simple identifier"),
    ('<ComplexType Name="a\u200db"/>', "CSDL021", "simple identifier"),
    ('<ComplexType Name="c"><Property Name="p-" Type="Edm.String"/></ComplexType>', "CSDL021", "property"),
    ('<ComplexType Name="c"><Property Name="p" Type="nowhere.T"/></ComplexType>', "CSDL030", "nowhere.T"),
    ('<ComplexType Name="c"><Property Name="p" Type="shop.entty"/></ComplexType>', "CSDL030", "did you mean"),
    ('<ComplexType Name="c"><Property Name="p"/></ComplexType>', "CSDL028", "no type"),
    ('<ComplexType Name="c"><Property Name="p" Type="Edm.Text"/></ComplexType>', "CSDL030", "Edm.Text"),
    (
        '<ComplexType Name="c"><Property Name="p" Type="Collection(Collection(Edm.Int32))"/></ComplexType>',
        "CSDL029",
        "",
    ),
    ('<ComplexType Name="c" BaseType="s.c"/>', "CSDL031", "derives from itself"),
    ('<ComplexType Name="c" BaseType="s.d"/><ComplexType Name="d" BaseType="s.c"/>', "CSDL031", "shop.c > shop.d"),
    ('<ComplexType Name="c" BaseType="s.gone"/>', "CSDL030", "s.gone"),
    ('<EnumType Name="e"/><ComplexType Name="c" BaseType="s.e"/>', "CSDL030", "s.e"),
    ('<ComplexType Name="c"/><EnumType Name="c"/>', "CSDL014", "twice"),
    ('<EnumType Name="e"><Member Name="a"/><Member Name="a"/></EnumType>', "CSDL025", "twice"),
    ('<EnumType Name="e"><Member Name="a" Value="1.5"/></EnumType>', "CSDL042", "1.5"),
    (f'<EnumType Name="e"><Member Name="a" Value="{2**63}"/></EnumType>', "CSDL042", "64 bits"),
    ('<EnumType Name="e" UnderlyingType="Edm.String"/>', "CSDL041", "Edm.Int32"),
    ('<TypeDefinition Name="t" UnderlyingType="s.t"/>', "CSDL034", "primitive"),
    ('<EntityType Name="c"><Key><PropertyRef Name="k"/></Key></EntityType>', "CSDL033", "'k'"),
    ('<Action Name="a" IsBound="true"/>', "CSDL043", "bound"),
    (
        '<Action Name="a"><Parameter Name="p" Type="Edm.Int32"/><Parameter Name="p" Type="Edm.Int32"/></Action>',
        "CSDL026",
        "",
    ),
    ('<Function Name="f"><ReturnType Type="s.gone"/></Function>', "CSDL030", "result of 'f'"),
    ('<EntityContainer Name="C"><EntitySet Name="s" EntityType="s.gone"/></EntityContainer>', "CSDL030", "s.gone"),
    ('<EntityContainer Name="C"><Singleton Name="{+x}" Type="s.entity"/></EntityContainer>', "CSDL021", "singleton"),
    ('<EntityContainer Name="C"><ActionImport Name="i" Action="s.gone"/></EntityContainer>', "CSDL035", "s.gone"),
    (
        '<EntityContainer Name="C"><Singleton Name="x" Type="s.entity"/><EntitySet Name="x" EntityType="s.entity"/>'
        "</EntityContainer>",
        "CSDL027",
        "twice",
    ),
    ('<EntityContainer Name="C"/><EntityContainer Name="D"/>', "CSDL015", "two entity containers"),
    ("<!DOCTYPE x>", "CSDL004", "not well-formed"),
    ("<?php hello?>", "CSDL006", "processing instruction"),
    ("<ComplexType Name='c'", "CSDL004", "not well-formed"),
    ("<ComplexType Name='c\x01'/>", "CSDL004", "not well-formed"),
]


@pytest.mark.parametrize(
    ("written", "code", "word"), LINED, ids=[f"{code}-{i}" for i, (_, code, _) in enumerate(LINED)]
)
def test_a_fault_names_its_line_and_its_cure(written: str, code: str, word: str) -> None:
    found = refused(edmx(ENTITY.replace("\n", "") + "\n" + written))
    assert found.code == code
    assert found.location.file == "shop.xml"
    assert found.location.line in ((1, 2) if code == "CSDL031" else (2,))
    assert word in f"{found.message} {found.hint}"
    assert found.hint


DEFAULTS = [
    ("Edm.Int32", "2147483648"),
    ("Edm.Int32", "1+1"),
    ("Edm.Int32", "٣"),
    ("Edm.Byte", "-1"),
    ("Edm.SByte", "200"),
    ("Edm.Boolean", "yes"),
    ("Edm.Double", "1e"),
    ("Edm.Decimal", "0x10"),
    ("Edm.Single", "__import__('os')"),
]


@pytest.mark.parametrize(("kind", "text"), DEFAULTS)
def test_a_default_must_be_a_value_of_its_type(kind: str, text: str) -> None:
    found = refused(
        edmx(f'<ComplexType Name="c"><Property Name="p" Type="{kind}" DefaultValue="{text}"/></ComplexType>')
    )
    assert (found.code, kind in found.message) == ("CSDL040", True)


ACCEPTED = [
    ("Edm.Boolean", "TRUE"),
    ("Edm.Int64", "9000000000"),
    ("Edm.Int16", "-5"),
    ("Edm.Double", "-INF"),
    ("Edm.Double", "1.5E-3"),
    ("Edm.Decimal", "2.50"),
    ("Edm.String", 'a"""\\ {x}'.replace('"', "&quot;")),
    ("Edm.Date", "2020-02-29"),
    ("Edm.Int32", ""),
]


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
def test_defaults_that_are_read(kind: str, text: str) -> None:
    parse_document(
        edmx(f'<ComplexType Name="c"><Property Name="p" Type="{kind}" DefaultValue="{text}"/></ComplexType>').encode(),
        "x",
    )


WHOLE = [
    (b"", "CSDL002"),
    (b" \n ", "CSDL002"),
    (b"<!DOCTYPE html><html/>", "CSDL011"),
    (b"<html/>", "CSDL011"),
    (b"<Schema Namespace='a' xmlns='http://docs.oasis-open.org/odata/ns/edm'/>", "CSDL011"),
    (b"<edmx:Edmx xmlns:edmx='http://schemas.microsoft.com/ado/2007/06/edmx' Version='1.0'/>", "CSDL011"),
    (edmx("", version="9.9").encode(), "CSDL012"),
    (b"<edmx:Edmx Version='4.0' xmlns:edmx='http://docs.oasis-open.org/odata/ns/edmx'/>", "CSDL013"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "CSDL005"),
    (b'<?xml version="1.0" encoding="utf-7"?><a/>', "CSDL003"),
    (b"\xff\xfe<\x00a", "CSDL003"),
    (b"\xff", "CSDL004"),
    (edmx("<!-- " + "x" * (64 * 1024 * 1024) + " -->").encode(), "CSDL001"),
    (edmx("<a>" * 200 + "</a>" * 200).encode(), "CSDL008"),
    (edmx("<a " + " ".join(f"b{i}=''" for i in range(65)) + "/>").encode(), "CSDL007"),
    (edmx("<a/>" * 1_000_001).encode(), "CSDL001"),
    (edmx("".join(f"<Property Name='p{i}' Type='Edm.Int32'/>" for i in range(5001))).encode(), None),
    (
        edmx(
            "<ComplexType Name='c'>"
            + "".join(f"<Property Name='p{i}' Type='Edm.Int32'/>" for i in range(5001))
            + "</ComplexType>"
        ).encode(),
        "CSDL009",
    ),
    (
        edmx(
            "".join(f'<ComplexType Name="c{i}" BaseType="s.c{i + 1}"/>' for i in range(70))
            + '<ComplexType Name="c70"/>'
        ).encode(),
        "CSDL032",
    ),
]


@pytest.mark.parametrize(("data", "code"), WHOLE, ids=[f"{code}-{i}" for i, (_, code) in enumerate(WHOLE)])
def test_whole_documents_that_are_refused(data: bytes, code: str | None) -> None:
    if code is None:
        parse_document(data, "x")
    else:
        assert refused(data).code == code


SCHEMA = '<Schema Namespace="{}" Alias="{}" xmlns="http://docs.oasis-open.org/odata/ns/edm"/>'


@pytest.mark.parametrize(
    ("schemas", "code"),
    [
        ((SCHEMA.format("a..b", "x"),), "CSDL022"),
        ((SCHEMA.format("a/b", "x"),), "CSDL022"),
        ((SCHEMA.format("other", "s"),), "CSDL023"),
        ((SCHEMA.format("other", "shop"),), "CSDL023"),
        ((SCHEMA.format("other", "Edm"),), "CSDL021"),
        ((SCHEMA.format("other", "a.b"),), "CSDL021"),
    ],
)
def test_namespaces_and_aliases_that_could_mislead(schemas: tuple[str, ...], code: str) -> None:
    assert refused(edmx("", *schemas)).code == code


def test_a_fault_in_an_overlay_names_the_overlay() -> None:
    found = refused(edmx(ENTITY), '<ComplexType Name="c"><Property Name="p" Type="nowhere.T"/></ComplexType>')
    assert (found.code, found.location.file) == ("CSDL030", "over.xml")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (str(tmp_path / "none.xml"), str(tmp_path), "a\0b"):
        with pytest.raises(GraphsliceError) as caught:
            read_document(path)
        assert caught.value.diagnostics[0].code == "CSDL010"


def test_the_hostile_corpus(shared: Path) -> None:
    """What the reader alone decides; cases that only names or output decide pass it."""
    later = {"41-enum-first-letter-collision.xml", "34-name-collision-types.xml", "33-name-collision-case.xml"}
    cases = [
        c for c in json.loads((shared / "hostile/manifest.json").read_text("utf-8"))["cases"] if c["format"] == "csdl"
    ]
    assert len(cases) >= 40
    wrong = []
    for case in cases:
        try:
            document = read_document(str(shared / "hostile" / case["file"]))
            for schema in document.schemas:
                assert (*schema.types, *schema.operations, *schema.external) is not None
            got = "ok-and-harmless"
        except GraphsliceError as fault:
            got = "error"
            assert all(d.location.file and d.hint for d in fault.diagnostics), case["file"]
        if got not in (case["outcome"], case.get("also_acceptable")) and case["file"] not in later:
            wrong.append((case["file"], got))
    assert wrong == []


def test_every_small_document_is_read(shared: Path) -> None:
    files = sorted((shared / "csdl").glob("*.xml"))
    assert len(files) >= 40
    for file in files:
        for schema in read_document(str(file)).schemas:
            assert (*schema.types, *schema.operations, *schema.external) is not None
