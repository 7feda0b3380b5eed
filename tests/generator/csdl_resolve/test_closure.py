from __future__ import annotations

import pytest

from graphslice.api.closure import Root, close
from graphslice.api.model import Discriminator, ListRef, NamedRef, ObjectType, Origin, Place, Property, TypeDecl
from graphslice.api.tree_view import branches
from graphslice.api.why import chain
from graphslice.config import Subtypes
from graphslice.diagnostics import GraphsliceError

from .conftest import Resolve


def made(name: str, *holds: str, base: str | None = None, discriminator: tuple[str, ...] = ()) -> ObjectType:
    mapping = Discriminator("kind", tuple((f"#{d}", d) for d in discriminator)) if discriminator else None
    properties = tuple(Property(name=f"p{h}", type=ListRef(NamedRef(h))) for h in holds)
    return ObjectType(
        id=name, name=name, place=Place(), origin=Origin.SCHEMA, base=base, properties=properties, discriminator=mapping
    )


TYPES: dict[str, TypeDecl] = {
    t.id: t
    for t in (
        made("root"),
        made("pet", "owner", base="root", discriminator=("cat", "dog")),
        made("cat", "basket", base="pet"),
        made("dog", base="pet"),
        made("owner", base="root"),
        made("basket"),
        made("stray", base="root"),
    )
}
DERIVED = {"pet": ("cat", "dog"), "root": ("pet", "cat", "dog", "owner", "stray")}


def closed(*roots: Root, subtypes: Subtypes = Subtypes.ALL) -> tuple[set[str], dict[str, str]]:
    found = close(roots, TYPES.get, lambda name: DERIVED.get(name, ()), subtypes)
    return set(found.types), found.dropped


def test_properties_bases_and_subtypes_come_along_and_siblings_of_bases_do_not() -> None:
    kept, _ = closed(Root("pet", "GET /pets", "result"))
    assert kept == {"root", "pet", "cat", "dog", "owner", "basket"}


def test_a_base_alone_does_not_bring_its_subtypes() -> None:
    kept, _ = closed(Root("owner", "GET /owners", "result"))
    assert kept == {"owner", "root"}


def test_reachable_leaves_out_subtypes_that_only_go_in() -> None:
    kept, dropped = closed(Root("pet", "POST /pets", "body"), subtypes=Subtypes.REACHABLE)
    assert kept == {"pet", "root", "owner"}
    assert set(dropped) == {"cat", "dog"}
    kept, dropped = closed(
        Root("pet", "POST /pets", "body"), Root("pet", "GET /pets", "result"), subtypes=Subtypes.REACHABLE
    )
    assert "basket" in kept
    assert not dropped


def test_discriminators_name_kept_types_only() -> None:
    found = close([Root("pet", "x", "body")], TYPES.get, lambda name: ("dog",) if name == "pet" else ())
    pet = found.types["pet"]
    assert isinstance(pet, ObjectType)
    assert pet.discriminator is not None
    assert pet.discriminator.mapping == (("#dog", "dog"),)


def test_a_name_without_a_type_is_noted() -> None:
    _, dropped = closed(Root("ghost", "GET /ghosts", "result"))
    assert "GET /ghosts" in dropped["ghost"]


PETS = """
<EntityType Name="pet" BaseType="g.entity"><Property Name="home" Type="g.home"/></EntityType>
<EntityType Name="tool" BaseType="g.entity"><Property Name="home" Type="g.home"/>
<Property Name="box" Type="g.box"/></EntityType>
<ComplexType Name="home"><Property Name="street" Type="g.street"/></ComplexType><ComplexType Name="street"/>
<ComplexType Name="box"/>
<EntityContainer Name="C"><EntitySet Name="pets" EntityType="g.pet"/>
<EntitySet Name="tools" EntityType="g.tool"/></EntityContainer>
"""


def test_the_chain_that_keeps_a_type_ends_at_an_operation(make: Resolve) -> None:
    model = make(PETS, include=("/pets/{id}",))
    links = chain(model, "street")
    assert [name for name, _ in links] == ["microsoft.graph.street", "microsoft.graph.home", "microsoft.graph.pet"]
    assert links[-1][1].owner == "GET /pets/{pet-id}"
    assert [reason.role for _, reason in links] == ["property street", "property home", "result"]


def test_asking_why_for_a_type_that_is_not_there_says_what_is_near(make: Resolve) -> None:
    with pytest.raises(GraphsliceError, match=r"microsoft\.graph\.street"):
        chain(make(PETS), "stret")


def test_a_branch_costs_its_builders_and_the_types_that_only_it_needs(make: Resolve) -> None:
    root = branches(make(PETS))
    tools = next(b for b in root.walk() if b.path == "/tools")
    assert tools.verbs == ("GET", "POST")
    assert tools.builders == 3  # the set, its count, its items
    # tool, its page and box go with it; entity, home, street, the errors and the shared page stay
    assert tools.own_types == 3
    assert tools.types > tools.own_types
    assert root.own_types == root.types


CHAIN = """
<EntityType Name="a" BaseType="g.entity"><NavigationProperty Name="b" Type="g.b"/></EntityType>
<EntityType Name="b" BaseType="g.entity"><NavigationProperty Name="c" Type="g.c"/></EntityType>
<EntityType Name="c" BaseType="g.entity"/>
<EntityType Name="b1" BaseType="g.b"/><EntityType Name="c1" BaseType="g.c"/>
<EntityContainer Name="C"><Singleton Name="as" Type="g.a"/></EntityContainer>
"""


def test_reachable_follows_one_expanded_navigation_and_no_second(make: Resolve) -> None:
    everything = make(CHAIN, include=("/as",)).types
    assert {"microsoft.graph.b1", "microsoft.graph.c1"} <= everything.keys()
    model = make(CHAIN, include=("/as",), subtypes=Subtypes.REACHABLE)
    assert "microsoft.graph.b1" in model.types
    assert "microsoft.graph.c" in model.types
    assert "microsoft.graph.c1" not in model.types
    assert "microsoft.graph.c1" in model.dropped


def test_a_root_that_everything_derives_from_brings_nothing_by_being_one(make: Resolve) -> None:
    text = CHAIN.replace('Type="g.c"/>', 'Type="g.entity"/>')
    model = make(text + '<EntityType Name="stray" BaseType="g.entity"/>', include=("/as",), subtypes=Subtypes.REACHABLE)
    assert "microsoft.graph.stray" not in model.types


@pytest.mark.parametrize(("names", "kept"), [(None, {"v1", "v2"}), ((), set()), (("microsoft.graph.v1",), {"v1"})])
def test_a_constraint_on_a_property_narrows_what_reachable_brings(
    make: Resolve, names: tuple[str, ...] | None, kept: set[str]
) -> None:
    listed = "".join(f"<String>{name}</String>" for name in names or ())
    term = "Val.DerivedTypeConstraint"
    said = "" if names is None else f'<Annotation Term="{term}"><Collection>{listed}</Collection></Annotation>'
    text = f"""<EntityType Name="a" BaseType="g.entity"><Property Name="v" Type="g.v">{said}</Property></EntityType>
    <ComplexType Name="v"/><ComplexType Name="v1" BaseType="g.v"/><ComplexType Name="v2" BaseType="g.v"/>
    <EntityContainer Name="C"><Singleton Name="as" Type="g.a"/></EntityContainer>"""
    model = make(text, subtypes=Subtypes.REACHABLE)
    assert {name for name in ("v1", "v2") if f"microsoft.graph.{name}" in model.types} == kept
    assert {"microsoft.graph.v1", "microsoft.graph.v2"} <= make(text).types.keys()
