"""The lines of request builders: where they send to, what their methods take, give and send, where they lead."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from copy import copy

from graphslice.diff.surface_source import ClassSource, Line, annotation, constant, last_name, text_of
from graphslice.python.operations_query import STANDARD_OPTIONS, SYSTEM_OPTIONS

Find = Callable[[str], ClassSource | None]
_SENDS = {
    "_send": "send_async",
    "_send_list": "send_collection_async",
    "_send_primitive": "send_primitive_async",
    "_send_primitive_list": "send_collection_of_primitive_async",
    "_send_enum": "send_primitive_async",
    "_send_enum_list": "send_collection_of_primitive_async",
    "_send_nothing": "send_no_response_content_async",
}
"""The methods of the runtime to those of the adapter that they call."""
_UNNAMED = ("_send_enum", "_send_enum_list")
"""These ask the adapter for text."""
_ASKED_TYPE = "x/y"
"""Stands for the media type that the caller names."""
_JSON = "application/json"
"""The media type of a model where the call names none."""


def builder_lines(found: ClassSource, find: Find) -> Iterator[Line]:
    """Give the lines of a request builder."""
    template = text_of(found.assigned("_template"))
    yield Line(found.label, "", "builder", template)
    for item in found.node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _function(found, item, template, find)
        elif isinstance(item, ast.ClassDef) and item.name.endswith("QueryParameters"):
            yield from _query(found, item)
        elif isinstance(item, ast.Assign) and isinstance(item.value, ast.Name):
            yield from _alias(found, item, template, find)


def client_lines(found: ClassSource, find: Find) -> Iterator[Line]:
    """Give the lines of the client's class; its constructor is the runtime's."""
    settings = found.assigned("_settings")
    if isinstance(settings, ast.Call):
        base = next((text_of(word.value) for word in settings.keywords if word.arg == "base_url"), "")
        if base:
            yield Line(found.label, "", "base", base)
    yield Line(found.label, "", "client", "")
    template = text_of(found.assigned("_template"))
    for item in found.node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _function(found, item, template, find)


def _function(
    found: ClassSource, item: ast.FunctionDef | ast.AsyncFunctionDef, template: str, find: Find
) -> Iterator[Line]:
    name = item.name
    if name.startswith("_"):
        return
    if any(isinstance(decorator, ast.Name) and decorator.id == "property" for decorator in item.decorator_list):
        yield Line(found.label, name, "nav", f"{name} -> {annotation(item.returns)}")
        return
    shown = f"{name}({','.join(_parameters(item.args))}) -> {annotation(item.returns)}"
    yield Line(found.label, name, "method", shown)
    if isinstance(item, ast.AsyncFunctionDef):
        sent = _sent(found, item)
    elif name.startswith("to_") and name.endswith("_request_information"):
        sent = _built(found, item, template)
    elif name.startswith(("by_", "with_")) and name != "with_url":
        sent = f"sets {','.join(sorted(_set(found, item, find)))}"
    else:
        sent = ""
    if sent:
        yield Line(found.label, name, "send", f"{name} {sent}")


def _alias(found: ClassSource, item: ast.Assign, template: str, find: Find) -> Iterator[Line]:
    """Give the lines of a member that is another one under a second name."""
    same = found.method(last_name(item.value))
    if same is not None:
        second = copy(same)
        second.name = last_name(item.targets[0])
        yield from _function(found, second, template, find)


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    plain = [*arguments.posonlyargs, *arguments.args]
    required = len(plain) - len(arguments.defaults)
    for number, one in enumerate(plain[1:], 1):
        yield f"{one.arg}:{annotation(one.annotation)}" + ("=?" if number >= required else "")
    if arguments.vararg:
        yield f"*{arguments.vararg.arg}:{annotation(arguments.vararg.annotation)}"
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield f"{one.arg}:{annotation(one.annotation)}" + ("=?" if default is not None else "")
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}:{annotation(arguments.kwarg.annotation)}"


def _calls(item: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Give the calls of the builder's own methods inside a function."""
    for node in ast.walk(item):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def _sent(found: ClassSource, item: ast.AsyncFunctionDef) -> str:
    for name, call in _calls(item):
        if name in _SENDS:
            kind = call.args[1] if len(call.args) > 2 else None
            factory = "" if kind is None else text_of(kind) or found.module.original(kind)
            errors = ",".join(sorted(_errors(found, call.args[-1])))
            return f"{_SENDS[name]} factory={'str' if name in _UNNAMED else factory} errors={errors}"
    return ""


def _errors(found: ClassSource, node: ast.expr) -> Iterator[str]:
    table = found.module.constants.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(table, ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            yield f"{text_of(key)}:{found.module.original(value)}"


def _built(found: ClassSource, item: ast.FunctionDef, template: str) -> str:
    call = next((call for name, call in _calls(item) if name == "_request"), None)
    if call is None or len(call.args) < 2:
        return ""
    words = {word.arg: word.value for word in call.keywords}
    own = words.get("template")
    if isinstance(own, ast.Name):
        own = found.module.constants.get(own.id)
    asked = text_of(own) if own is not None else template
    content = words.get("content")
    body = ""
    if isinstance(content, ast.Call):
        body = _content_type(content, item)
    shown = "same" if asked == template else asked
    return f"{constant(call.args[0])} accept={text_of(call.args[1])} content={body} template={shown}"


def _content_type(content: ast.Call, item: ast.FunctionDef) -> str:
    kind = content.args[1] if len(content.args) > 1 else ast.Constant(_JSON)
    if isinstance(kind, ast.Name):
        return _ASKED_TYPE
    text = str(constant(kind) or "")
    several = any(one.arg == "body" and annotation(one.annotation).startswith("list[") for one in item.args.args)
    if text.startswith("multipart/") and last_name(content.func) == "_model" and not several:
        # What divides the parts of a form is chosen anew with every request.
        return f"{text.partition(';')[0]}; boundary=*"
    return re.sub(r"boundary=[^;,]+", "boundary=*", text)


def _set(found: ClassSource, item: ast.FunctionDef, find: Find) -> Iterator[str]:
    """Give the path parameters that a way to another builder sets, with the arguments that they are set to."""
    for name, call in _calls(item):
        if name == "_with_id" and len(call.args) > 1:
            yield f"{text_of(call.args[0])}=v-{last_name(call.args[1])}"
    made = next((node.value for node in item.body if isinstance(node, ast.Return)), None)
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name) or not made.keywords:
        return
    target = find(found.resolve(made.func.id)[1])
    keys = dict(_embedded(target)) if target is not None else {}
    for word in made.keywords:
        if word.arg in keys:
            yield f"{keys[word.arg]}=v-{last_name(word.value)}"


def _embedded(target: ClassSource) -> Iterator[tuple[str, str]]:
    """Give the arguments of a builder's constructor, and the path parameter that each becomes."""
    for item in target.node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            for node in ast.walk(item):
                if isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values, strict=True):
                        yield last_name(value), text_of(key)


def _query(found: ClassSource, item: ast.ClassDef) -> Iterator[Line]:
    inner = ClassSource(found.label, found.module, item)
    standard = next((name for runtime, name in inner.bases if runtime and name in STANDARD_OPTIONS), "")
    for name in STANDARD_OPTIONS[standard] if standard else ():
        shown = annotation(ast.parse(f"{SYSTEM_OPTIONS[f'${name}'][0]} | None", mode="eval").body)
        yield Line(found.label, name, "query", f"{item.name} {name} {shown} as %24{name}")
    names = inner.assigned("_wire_names")
    wire: dict[str, str] = {}
    if isinstance(names, ast.Dict):
        wire = {text_of(key): text_of(value) for key, value in zip(names.keys, names.values, strict=True)}
    for one in inner.annotated():
        name = last_name(one.target)
        shown = annotation(one.annotation)
        if not shown.startswith("ClassVar"):
            yield Line(found.label, name, "query", f"{item.name} {name} {shown} as {wire.get(name, name)}")
