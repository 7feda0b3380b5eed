from __future__ import annotations

import pytest

from graphslice.diagnostics import GraphsliceError

from .conftest import Resolve

RING = """
<EntityType Name="a" BaseType="g.entity">{links}</EntityType>
<EntityContainer Name="C"><EntitySet Name="as" EntityType="g.a"/>
<EntitySet Name="few" EntityType="g.entity"/></EntityContainer>
"""
LINK = '<NavigationProperty Name="n{0}" Type="Collection(g.a)" ContainsTarget="true"/>'
KNOT = RING.format(links="".join(LINK.format(n) for n in range(8)))


def test_each_navigation_property_stands_once_on_a_path(make: Resolve) -> None:
    model = make(RING.format(links=LINK.format(0) + LINK.format(1)))
    paths = {item.path for item in model.paths}
    assert "/as/{a-id}/n0/{a-id1}/n1/{a-id2}" in paths
    assert not any(path.count("/n0") > 1 for path in paths)


def test_an_expansion_without_end_stops_and_shows_where_it_grows(make: Resolve) -> None:
    with pytest.raises(GraphsliceError) as caught:
        make(KNOT, path_limit=500)
    (finding,) = caught.value.diagnostics
    assert "more than 500 paths" in finding.message
    assert "/as/{a-id}" in finding.message
    assert "path_limit" in finding.hint


def test_a_pattern_beside_the_knot_is_not_held_up_by_it(make: Resolve) -> None:
    model = make(KNOT, include=("/as/{id}/n3/{id}", "/few"), path_limit=50)
    assert {item.path for item in model.paths} == {"/as/{a-id}/n3/{a-id1}", "/few"}


def test_complex_values_that_lead_back_to_themselves_stop(make: Resolve) -> None:
    with pytest.raises(GraphsliceError, match="SLICE010"):
        make(
            """<ComplexType Name="c"><NavigationProperty Name="back" Type="g.a"/></ComplexType>
            <EntityType Name="a" BaseType="g.entity"><Property Name="v" Type="g.c">
            <Annotation Term="Cap.ReadRestrictions"><Record><PropertyValue Property="Readable" Bool="true"/>
            </Record></Annotation>
            </Property></EntityType><EntityContainer Name="C"><Singleton Name="one" Type="g.a"/></EntityContainer>"""
        )


def test_a_pattern_that_fits_nothing_is_an_error_with_the_way_out(make: Resolve) -> None:
    with pytest.raises(GraphsliceError) as caught:
        make(KNOT, include=("/As/**",))
    (finding,) = caught.value.diagnostics
    assert finding.code == "SLICE011"
    assert "/As/**" in finding.message
    assert "/as" in finding.hint


def test_one_pattern_of_several_that_fits_nothing_is_a_warning(make: Resolve) -> None:
    model = make(KNOT, include=("/few", "/gone"))
    assert [d.code for d in model.diagnostics] == ["SLICE012"]


def test_a_pattern_of_a_verb_that_a_path_lacks_is_answered_with_those_that_it_has(make: Resolve) -> None:
    with pytest.raises(GraphsliceError) as caught:
        make(KNOT, include=("/few#TRACE,PUT",))
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.message) == ("SLICE011", "no path of the document fits /few#PUT,TRACE")
    assert finding.hint == "/few has GET, POST"
    (warning,) = make(KNOT, include=("/few", "/few/$count#POST")).diagnostics
    assert warning.hint == "/few/$count has GET"


def test_a_document_without_container_says_so(make: Resolve) -> None:
    with pytest.raises(GraphsliceError, match="no entity container"):
        make("")


def test_a_slip_of_the_pen_deep_in_a_pattern_is_answered_with_what_stands_there(make: Resolve) -> None:
    with pytest.raises(GraphsliceError) as caught:
        make(RING.format(links=LINK.format("otes")), include=("/as/{id}/notse/**",))
    assert "/as/{a-id}/notes" in caught.value.diagnostics[0].hint
