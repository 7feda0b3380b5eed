"""Templates show the shape of a module and decide nothing: this holds them to it."""

from __future__ import annotations

import pytest
from jinja2 import nodes

from graphslice.emit.kinds import TEMPLATES
from graphslice.emit.render import environment

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Name,
    nodes.Getattr,
    nodes.Tuple,
)
MAX_LINES = 120


def source(kind: str) -> str:
    env = environment()
    assert env.loader is not None
    return env.loader.get_source(env, TEMPLATES[kind])[0]


def walk(node: nodes.Node) -> list[nodes.Node]:
    return [node, *(inner for child in node.iter_child_nodes() for inner in walk(child))]


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_templates_only_loop_test_and_print(kind: str) -> None:
    """No filter, call, comparison, assignment, import or arithmetic: those are decisions."""
    tree = environment().parse(source(kind))
    # Another template may stand inside, if it is named in so many words.
    included = [node.template for node in tree.find_all(nodes.Include)]
    assert all(isinstance(name, nodes.Const) and name.value in TEMPLATES.values() for name in included)
    allowed = (*ALLOWED, nodes.Include)
    found = [node for node in walk(tree) if not isinstance(node, allowed) and node not in included]
    assert found == []


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_templates_read_nothing_but_their_view(kind: str) -> None:
    """One variable is given; every other name is bound by a loop."""
    tree = environment().parse(source(kind))
    bound = {
        name.name for node in tree.find_all(nodes.For) for name in walk(node.target) if isinstance(name, nodes.Name)
    }
    read = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    assert read <= bound | {"view"}
    assert all(node.test is None and not node.recursive and not node.else_ for node in tree.find_all(nodes.For))


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_templates_are_short(kind: str) -> None:
    """A template fits on two screens."""
    assert len(source(kind).splitlines()) <= MAX_LINES


def test_every_template_file_has_a_kind() -> None:
    """No template lies about unused, none is missing."""
    assert sorted(environment().list_templates()) == sorted(TEMPLATES.values())
