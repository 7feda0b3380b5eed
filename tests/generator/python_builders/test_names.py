"""Names made from segments: Kiota's, which code out there is written against."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphslice.api import naming as dom
from graphslice.python import naming
from graphslice.python.naming import ClassName, MemberName, ModuleName


@pytest.mark.parametrize(
    ("segment", "previous", "module", "name"),
    [
        ("messages", "", "messages_request_builder", "MessagesRequestBuilder"),
        ("{message-id}", "messages", "message_item_request_builder", "MessageItemRequestBuilder"),
        ("{set-id1}", "sets", "set_item_request_builder", "SetItemRequestBuilder"),
        ("{base-name}", "bases", "base_name_item_request_builder", "BaseNameItemRequestBuilder"),
        ("{application-appId}", "x", "application_app_item_request_builder", "ApplicationAppItemRequestBuilder"),
        ("{userId}", "users", "with_user_item_request_builder", "WithUserItemRequestBuilder"),
        ("{id}", "users", "users_item_request_builder", "UsersItemRequestBuilder"),
        ("{id}.json", "users", "with_id_json_item_request_builder", "WithIdJsonItemRequestBuilder"),
        ("$value", "photo", "content_request_builder", "ContentRequestBuilder"),
        ("Ping()", "", "ping_request_builder", "PingRequestBuilder"),
        ("base", "", "base_request_builder_", "BaseRequestBuilder_"),
        ("item", "", "item__escaped_request_builder", "Item_EscapedRequestBuilder"),
        ("graph.user", "", "graph_user_request_builder", "GraphUserRequestBuilder"),
        ("f(b={b},a='{a}')", "", "f_with_b_with_a_request_builder", "FWithBWithARequestBuilder"),
        ("f(a='@a',b=@b)", "", "fa_a_with_b_request_builder", "FaAWithBRequestBuilder"),
        ("2d", "", "twod_request_builder", "TwodRequestBuilder"),
        ("", "x", "empty_path_segment_request_builder", "EmptyPathSegmentRequestBuilder"),
    ],
)
def test_a_segment_gives_the_class_and_module_of_its_builder(
    segment: str, previous: str, module: str, name: str
) -> None:
    made = naming.class_name(dom.builder_class(segment, previous))

    assert (made, naming.module_of(made).replace("item_escaped", "item__escaped")) == (name, module)


@pytest.mark.parametrize(
    ("segment", "folder"),
    [
        ("callRecords", "call_records"),
        ("cloudPCs", "cloud_p_cs"),
        ("$ref", "ref"),
        ("import", "import_"),
        ("item", "item_escaped"),
        ("{any-id}", "item"),
        ("{any-id}.json", "item"),
        ("models", "models_requests"),
        ("json", "json_escaped"),
        ("*", "asterisk"),
        ("-x", "x"),
        ("{job-id}:stop", "job_id_stop"),
        ("aux", "aux_"),
    ],
)
def test_a_segment_gives_a_folder(segment: str, folder: str) -> None:
    assert naming.folder(dom.folder_segment(segment)) == folder


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("long loaf", "longLoaf"),
        ("+up", "plus_up"),
        ("-down", "minus_down"),
        ("->", "minus"),
        ("=>", "EqualGreaterThan"),
        ("203", "TwoZeroThree"),
        ("__class__", "class__"),
        ("_", "Underscore"),
        ("a_b", "a_b"),
    ],
)
def test_symbols_are_dropped_or_spelled(text: str, clean: str) -> None:
    assert dom.clean_symbols(text) == clean


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("URL", "u_r_l"), ("iOS", "i_o_s"), ("M365", "m365"), ("B2BFoo", "b2_b_foo"), ("Mixed_Case", "mixed_case")],
)
def test_snake_case_knows_no_acronyms(text: str, spelled: str) -> None:
    assert naming.snake(text) == spelled


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = naming.class_name("A" * 250), naming.class_name("A" * 251)

    assert len(one) == len(other) == dom.MAX_NAME
    assert one != other


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("/a/ns.getLog(x={x},y='{y}')", "GetLogWithXWithY"),
        ("/a/{a-id}", "A"),
        ("/a/report.json", "Report"),
        ("/a/{id}.json", "WithId"),
        ("/a/$count", "Count"),
        ("/", ""),
    ],
)
def test_inline_types_are_named_after_the_last_part(path: str, stem: str) -> None:
    assert dom.inline_stem(path) == stem


def test_the_prefix_that_components_share_ignores_case_and_bare_names() -> None:
    keys = ["Microsoft.Graph.user", "microsoft.graph.security.alert", "bare"]

    prefix = dom.common_prefix(keys)

    assert prefix == "microsoft.graph"
    assert dom.model_namespace("microsoft.graph.security.alert", prefix) == ("security",)
    assert dom.model_namespace("Microsoft.Graph.user", prefix) == ()


@given(st.text())
def test_a_name_type_cannot_hold_what_is_no_identifier(text: str) -> None:
    for kind in (ModuleName, ClassName, MemberName):
        name = kind(text)
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert kind(name) == name


@given(st.text(min_size=1))
def test_any_segment_has_a_builder(segment: str) -> None:
    name = naming.class_name(dom.builder_class(segment, "x"))

    assert str(name).isidentifier()
    assert str(naming.module_of(name)).isidentifier()
