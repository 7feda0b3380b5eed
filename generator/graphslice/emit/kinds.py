"""The kinds of modules that a client has, and the template of each: a new kind is one more line here.

A template is given one variable, `view`: the view of its module, with every string final. It may loop, test a flag
and print a value, nothing else (tests/generator/emit holds it to that). It starts with the module's docstring; the
comment line above it is `render`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "client": "client.py.jinja",
        "composed": "composed.py.jinja",
        "enum": "enum.py.jinja",
        "model": "model.py.jinja",
        "package": "package.py.jinja",
        "request_builder": "request_builder.py.jinja",
    }
)
"""`ModulePlan.kind` to the file in templates/."""
