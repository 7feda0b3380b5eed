"""Changes an OpenAPI description as its owners do over the years: one small edit at random, told in a line."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

Node = dict[str, Any]
_SCHEMA_KEYS = frozenset(
    ("type", "properties", "allOf", "anyOf", "oneOf", "enum", "items", "$ref", "additionalProperties", "format")
)
_TYPES = ("string", "integer", "number", "boolean", "object", "array")
_FORMATS = ("date", "date-time", "uuid", "int64", "float", "byte", "binary", "duration", "time", "decimal")
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options")


class _Loader(yaml.SafeLoader):
    """Reads YAML 1.2: only true and false are truths, and a day is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag not in ("tag:yaml.org,2002:timestamp", _BOOL)]
    for _BOOL in ("tag:yaml.org,2002:bool",)
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def mutated(text: str, chance: random.Random, edits: int = 1) -> tuple[str, str]:
    """Give a description with some edits, and what they are."""
    root = json.loads(json.dumps(yaml.load(text, _Loader)))
    told = []
    for _ in range(edits):
        found = ""
        while not found:
            found = chance.choice(_EDITS)(root, chance)
        told.append(found)
    return json.dumps(root, indent=1), "; ".join(told)


def _nodes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every mapping and list with its place."""
    if isinstance(value, (dict, list)):
        yield path, value
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _nodes(inner, f"{path}/{key}")


def _mappings(root: Node, *keys: str) -> list[tuple[str, Node]]:
    """Give mappings that have one of some keys, or all of them."""
    found = [(path, node) for path, node in _nodes(root) if isinstance(node, dict)]
    return [(path, node) for path, node in found if not keys or any(key in node for key in keys)]


def _schemas(root: Node) -> list[tuple[str, Node]]:
    inside = [(path, node) for path, node in _mappings(root, *_SCHEMA_KEYS) if path.endswith("/schema")]
    return inside + [(path, node) for path, node in _mappings(root, *_SCHEMA_KEYS) if "/schemas/" in path]


def _operations(root: Node) -> list[tuple[str, Node]]:
    found = [(f"/paths{path}/{verb}", item, verb) for path, item in root.get("paths", {}).items() for verb in _VERBS]
    return [(path, item[verb]) for path, item, verb in found if isinstance(item, dict) and verb in item]


def _drop(root: Node, chance: random.Random) -> str:
    path, node = chance.choice([pair for pair in _nodes(root) if pair[1]])
    if isinstance(node, list):
        place = chance.randrange(len(node))
        del node[place]
        return f"drop {path}/{place}"
    key = chance.choice(sorted(node))
    if path == "" and key in ("openapi", "info", "paths", "components"):
        return ""
    del node[key]
    return f"drop {path}/{key}"


def _drop_named(root: Node, chance: random.Random) -> str:
    """Drop a property, a schema, a path, an operation, a parameter, an answer."""
    names = ("properties", "schemas", "paths", "responses", "content", "mapping", "parameters")
    found = [(path, node) for path, node in _nodes(root) if path.rpartition("/")[2] in names and node]
    if not found:
        return ""
    path, node = chance.choice(found)
    key = chance.randrange(len(node)) if isinstance(node, list) else chance.choice(sorted(node))
    del node[key]
    return f"drop {path}/{key}"


def _add_named(root: Node, chance: random.Random) -> str:
    names = ("properties", "schemas", "paths", "responses", "content", "mapping")
    found = [(path, node) for path, node in _mappings(root) if path.rpartition("/")[2] in names and node]
    if not found:
        return ""
    path, node = chance.choice(found)
    key = chance.choice(sorted(node))
    new = {
        "responses": chance.choice(("202", "404", "4XX", "5XX", "default", "204")),
        "content": chance.choice(("application/json", "text/plain", "application/vnd.x+json", "image/png")),
    }.get(path.rpartition("/")[2], key + chance.choice(("Extra", "X", "2", "_new")))
    if new in node:
        return ""
    node[new] = copy.deepcopy(node[key])
    return f"copy {path}/{key} to {new}"


def _rename(root: Node, chance: random.Random) -> str:
    names = ("properties", "schemas", "paths", "content", "mapping", "responses")
    found = [(path, node) for path, node in _mappings(root) if path.rpartition("/")[2] in names and node]
    if not found:
        return ""
    path, node = chance.choice(found)
    old = chance.choice(sorted(node))
    new = chance.choice((old + "s", old[:-1] + "q", old[:1].upper() + old[1:], f"{old}_of"))
    if path.endswith("/responses"):
        new = chance.choice(("200", "201", "204", "400", "4XX", "default"))
    if path.endswith("/content"):
        new = chance.choice(("application/json", "text/plain", "application/octet-stream"))
    if new in node:
        return ""
    entries = [(new if key == old else key, value) for key, value in node.items()]
    node.clear()
    node.update(entries)
    if path.endswith("/schemas"):
        _refer(root, f"#/components/schemas/{old}", f"#/components/schemas/{new}")
    if path.endswith("/properties") and chance.random() < 0.7:
        for _, owner in _mappings(root, "required"):
            if owner.get("properties") is node and isinstance(owner["required"], list):
                owner["required"] = [new if name == old else name for name in owner["required"]]
    return f"rename {path}/{old} to {new}"


def _refer(root: Node, old: str, new: str) -> None:
    for _, node in _nodes(root):
        for key, value in list(node.items()) if isinstance(node, dict) else enumerate(list(node)):
            if value == old:
                node[key] = new


def _reference(root: Node, chance: random.Random) -> str:
    found = _mappings(root, "$ref")
    if not found:
        return ""
    path, node = chance.choice(found)
    old = node["$ref"]
    if not isinstance(old, str):
        return ""
    alike = [other["$ref"] for _, other in found if str(other["$ref"]).rpartition("/")[0] == old.rpartition("/")[0]]
    node["$ref"] = chance.choice(alike)
    return f"{path}: {old} to {node['$ref']}" if node["$ref"] != old else ""


def _type(root: Node, chance: random.Random) -> str:
    found = [(path, node) for path, node in _schemas(root) if isinstance(node.get("type"), str)]
    if not found:
        return ""
    path, node = chance.choice(found)
    if path.endswith("/@odata.type"):
        return ""
    if chance.random() < 0.3:
        node["format"] = chance.choice(_FORMATS)
        return f"format of {path}: {node['format']}"
    if chance.random() < 0.3:
        inner = dict(node)
        node.clear()
        node.update({"type": "array", "items": inner})
        return f"list at {path}"
    node["type"] = chance.choice(_TYPES)
    node.pop("format", None)
    if node["type"] == "array":
        node.setdefault("items", {"type": "string"})
    return f"type of {path}: {node['type']}"


def _flag(root: Node, chance: random.Random) -> str:
    name = chance.choice(("nullable", "readOnly", "writeOnly", "deprecated", "additionalProperties"))
    found = _schemas(root)
    if name == "deprecated" and chance.random() < 0.6:
        found = [*_operations(root), *_parameters(root)]
    if not found:
        return ""
    path, node = chance.choice(found)
    node[name] = node.get(name) is not True
    return f"{name} of {path}: {node[name]}"


def _parameters(root: Node) -> list[tuple[str, Node]]:
    return [(path, node) for path, node in _mappings(root, "in") if isinstance(node.get("in"), str)]


def _required(root: Node, chance: random.Random) -> str:
    if chance.random() < 0.5:
        found = [(path, node) for path, node in _mappings(root, "in", "content") if not path.endswith("schema")]
        if not found:
            return ""
        path, node = chance.choice(found)
        node["required"] = node.get("required") is not True
        return f"required {path}: {node['required']}"
    found = [(path, node) for path, node in _mappings(root, "properties") if isinstance(node["properties"], dict)]
    found = [(path, node) for path, node in found if node["properties"]]
    if not found:
        return ""
    path, node = chance.choice(found)
    name = chance.choice(sorted(node["properties"]))
    names = [*node.get("required", ())] if isinstance(node.get("required", []), list) else []
    node["required"] = [one for one in names if one != name] if name in names else [*names, name]
    if not node["required"]:
        del node["required"]
    return f"required {path}/{name}"


def _parameter(root: Node, chance: random.Random) -> str:
    found = _parameters(root)
    if not found:
        return ""
    path, node = chance.choice(found)
    kind = chance.randrange(4)
    if kind == 0:
        node["in"] = chance.choice(("query", "header", "cookie"))
        return f"{path} in {node['in']}"
    if kind == 1:
        node["name"] = f"{node.get('name', 'x')}{chance.choice(('s', '-id', '_x'))}"
        return f"{path} is named {node['name']}"
    if kind == 2:
        node["explode"] = node.get("explode") is False
        node["style"] = chance.choice(("form", "spaceDelimited", "pipeDelimited", "deepObject", "simple"))
        return f"{path} style {node['style']}"
    node["schema"] = chance.choice(({"type": "array", "items": {"type": "string"}}, {"enum": ["a", "b"]}))
    return f"{path} schema {node['schema']}"


def _member(root: Node, chance: random.Random) -> str:
    found = [(path, node) for path, node in _mappings(root, "enum") if isinstance(node["enum"], list) and node["enum"]]
    if not found:
        return ""
    path, node = chance.choice(found)
    kind = chance.randrange(3)
    if kind == 0:
        node["enum"].append(chance.choice(("extra", "other one", "x-1")))
    elif kind == 1:
        node["enum"] = chance.sample(node["enum"], len(node["enum"]))
    else:
        node["enum"] = node["enum"][1:] or ["only"]
    return f"members of {path}: {node['enum']}"


def _default(root: Node, chance: random.Random) -> str:
    found = [(path, node) for path, node in _schemas(root) if "$ref" not in node]
    if not found:
        return ""
    path, node = chance.choice(found)
    values = {"integer": (7, 0), "number": (1.5, 0), "boolean": (True, False), "string": ("calm", "")}
    if "default" in node:
        del node["default"]
    else:
        node["default"] = chance.choice(
            node["enum"] if node.get("enum") else values.get(str(node.get("type")), (None,))
        )
    return f"default of {path}: {node.get('default')}"


def _choice(root: Node, chance: random.Random) -> str:
    found = [(path, node, key) for path, node in _mappings(root) for key in ("oneOf", "anyOf", "allOf") if key in node]
    if not found:
        return ""
    path, node, key = chance.choice(found)
    parts = node[key]
    if not isinstance(parts, list) or not parts:
        return ""
    kind = chance.randrange(3)
    if kind == 0:
        node[chance.choice(("oneOf", "anyOf", "allOf"))] = node.pop(key)
    elif kind == 1:
        parts.append({"type": chance.choice(_TYPES[:4])})
    else:
        node[key] = chance.sample(parts, len(parts))
    return f"alternatives of {path}"


def _base(root: Node, chance: random.Random) -> str:
    schemas = root.get("components", {}).get("schemas", {})
    if len(schemas) < 2:
        return ""
    name, other = chance.sample(sorted(schemas), 2)
    if "allOf" in schemas[name]:
        parts = schemas[name]["allOf"]
        schemas[name] = next((part for part in parts if "$ref" not in part), {"type": "object"})
        return f"no base of {name}"
    schemas[name] = {"allOf": [{"$ref": f"#/components/schemas/{other}"}, schemas[name]]}
    return f"base of {name}: {other}"


def _verb(root: Node, chance: random.Random) -> str:
    found = _operations(root)
    if not found:
        return ""
    path, operation = chance.choice(found)
    item = root["paths"][path[6:].rpartition("/")[0]]
    old, new = path.rpartition("/")[2], chance.choice(_VERBS)
    if new in item:
        return ""
    item[new] = item.pop(old) if chance.random() < 0.5 else copy.deepcopy(operation)
    return f"{path} as {new}"


def _server(root: Node, chance: random.Random) -> str:
    if chance.random() < 0.7:
        return ""
    root["servers"] = [{"url": f"https://{chance.choice(('a', 'b'))}.example.com/v2"}]
    return f"server {root['servers'][0]['url']}"


_Edit = Callable[[Node, random.Random], str]
_EDITS: tuple[_Edit, ...] = (
    *(_drop, _drop_named, _drop_named, _add_named, _add_named, _rename, _rename, _reference, _type, _type, _flag),
    *(_required, _parameter, _parameter, _member, _default, _choice, _base, _verb, _server),
)
