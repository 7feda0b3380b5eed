from __future__ import annotations

from collections.abc import Callable

from graphslice.csdl import edm
from graphslice.csdl.index import Index

from .conftest import ENTITY

Make = Callable[..., Index]

ANIMALS = f"""{ENTITY}
<EntityType Name="cat" BaseType="s.animal"><Property Name="id" Type="Edm.Int32"/>
  <NavigationProperty Name="kittens" Type="Collection(s.cat)"/></EntityType>
<EntityType Name="animal" BaseType="s.entity"><Property Name="legs" Type="Edm.Int32"/>
  <NavigationProperty Name="home" Type="s.entity"/></EntityType>
<EntityType Name="dog" BaseType="s.animal"/>
<EntityType Name="puppy" BaseType="s.dog"/>
<EnumType Name="fur"/><TypeDefinition Name="kilo" UnderlyingType="Edm.Double"/>
<Action Name="feed" IsBound="true"><Parameter Name="a" Type="s.animal"/></Action>
<Action Name="feed" IsBound="true"><Parameter Name="a" Type="Collection(s.animal)"/></Action>
<Function Name="count"><ReturnType Type="Edm.Int32"/></Function>
"""


def structured(index: Index, name: str) -> edm.StructuredType:
    found = index.structured(f"shop.{name}")
    assert found is not None
    return found


def test_types_are_found_by_full_name_and_kind(index: Make) -> None:
    animals = index(ANIMALS)
    assert animals.type("shop.fur") is not None and animals.type("Edm.String") is None and animals.type("fur") is None
    assert animals.enum("shop.fur") is not None and animals.enum("shop.cat") is None
    assert animals.definition("shop.kilo") is not None and animals.structured("shop.kilo") is None
    assert animals.structured(None) is None
    assert list(animals.types) == [f"shop.{n}" for n in ("entity", "cat", "animal", "dog", "puppy", "fur", "kilo")]


def test_descent_runs_nearest_first_and_down_in_document_order(index: Make) -> None:
    animals = index(ANIMALS)
    assert [t.name for t in animals.bases(structured(animals, "puppy"))] == ["dog", "animal", "entity"]
    assert [t.name for t in animals.derived("shop.entity")] == ["cat", "animal", "dog", "puppy"]
    assert [t.name for t in animals.derived("shop.dog")] == ["puppy"]
    assert animals.derived("shop.puppy") == ()
    assert animals.is_a(structured(animals, "puppy"), "shop.animal")
    assert not animals.is_a(structured(animals, "cat"), "shop.dog")


def test_members_are_inherited_and_a_redeclared_one_is_the_bases(index: Make) -> None:
    animals = index(ANIMALS)
    cat = structured(animals, "cat")
    assert [(p.name, p.type.name) for p in animals.properties(cat)] == [("id", "Edm.String"), ("legs", "Edm.Int32")]
    assert [(p.name, p.owner) for p in animals.navigation(cat)] == [("home", "shop.animal"), ("kittens", "shop.cat")]
    declaring = animals.declares(cat, "legs")
    assert declaring is not None and declaring.name == "animal"
    assert animals.declares(cat, "wings") is None
    key = animals.keys(cat)
    assert key is not None and key.name == "entity"


def test_operations_are_found_by_name_and_by_exact_binding(index: Make) -> None:
    animals = index(ANIMALS)
    assert [o.parameters[0].type.collection for o in animals.operations("shop.feed")] == [False, True]
    assert [o.name for o in animals.operations_bound_to("shop.animal", collection=True)] == ["feed"]
    assert animals.operations_bound_to("shop.cat", collection=False) == ()
    assert animals.bindings == {"shop.animal", "Collection(shop.animal)"}
    assert len(animals.all_operations) == 3


def test_only_what_is_asked_for_is_built(index: Make) -> None:
    animals = index(ANIMALS)
    animals.derived("shop.dog")
    types = animals.schemas[0].types
    assert isinstance(types, edm.Deferred)
    assert sorted(types._items) == [4]


CONTAINERS = (
    f"""{ENTITY}<EntityContainer Name="Base"><EntitySet Name="a" EntityType="s.entity"/>
    <Singleton Name="one" Type="s.entity"/></EntityContainer>""",
    """<Schema Namespace="more" xmlns="http://docs.oasis-open.org/odata/ns/edm">
    <EntityContainer Name="All" Extends="s.Base"><EntitySet Name="b" EntityType="s.entity"/>
    </EntityContainer></Schema>""",
)


def test_an_extended_container_brings_its_children_first(index: Make) -> None:
    both = index(*CONTAINERS)
    assert both.container is not None
    assert both.container.full_name == "more.All"
    assert list(both.sources) == ["a", "b", "one"]


def test_a_container_may_extend_one_that_is_not_here(index: Make) -> None:
    alone = index(
        f'{ENTITY}<EntityContainer Name="C" Extends="x.Y"><Singleton Name="o" Type="s.entity"/></EntityContainer>'
    )
    assert list(alone.sources) == ["o"]


def test_a_document_without_container_has_no_sources(index: Make) -> None:
    bare = index(ENTITY)
    assert bare.container is None and bare.sources == {} and bare.imports == {}


def test_aliases(index: Make) -> None:
    both = index(*CONTAINERS)
    assert both.alias_of("shop") == "s" and both.alias_of("more") == ""
    assert (
        both.expand("s.entity") == "shop.entity" and both.expand("more.All") == "more.All" and both.expand("s") == "s"
    )
