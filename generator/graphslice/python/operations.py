"""Operations: the method that sends, the method that only builds the request, and the one that reads all pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphslice.api.model import (
    Body,
    BodyKind,
    ListRef,
    NamedRef,
    ObjectType,
    Operation,
    PathItem,
    Primitive,
    PrimitiveRef,
    TypeRef,
)
from graphslice.api.tree import Node

from . import operations_query, operations_text
from .builder_views import ConfigurationView, MethodView, OperationView, QueryClassView
from .builders_templates import operation_template, options_of, template_literal
from .docstrings import docstring
from .literals import lit
from .models import changes_name
from .operations_query import Keyword, Prepared
from .operations_scope import Scope, constant_name, deprecation_lines, runtime_type
from .types import PRIMITIVES

_CONFIGURATION = ("request_configuration", "Headers and options.")
_CHANGES = ("**changes", "Properties to change, instead of a body.")
_CONTENT_TYPE = ("content_type", "The media type of the body.")
_JSON = "application/json"
_BYTES = PrimitiveRef(Primitive.BINARY)
_WRITERS = {
    BodyKind.MODEL: "_model",
    BodyKind.MULTIPART: "_model",
    BodyKind.SCALAR: "_scalar",
    BodyKind.STREAM: "_stream",
    BodyKind.UNTYPED: "_untyped",
}


@dataclass(frozen=True, slots=True)
class Lowered:
    """The parts of an operation, which stand in different places of the class."""

    view: OperationView
    query: QueryClassView | None
    configuration: ConfigurationView


@dataclass(slots=True)
class _Plan:
    """An operation while it is lowered."""

    scope: Scope
    node: Node
    item: PathItem
    operation: Operation
    keywords: tuple[Keyword, ...]
    setting: tuple[str, ...]
    """The statements that put the keywords into the request."""
    parameters: tuple[str, ...]
    """The keywords as parameters, behind the star."""
    configuration: str
    """The annotation of `request_configuration`, without its default."""
    changes: str = ""
    """Name of the TypedDict that ``**changes`` unpacks, or empty."""
    errors: str = "{}"
    error_names: tuple[str, ...] = ()
    deprecation: tuple[str, ...] = ()

    @property
    def verb(self) -> str:
        return self.operation.verb.lower()


def lower_operation(scope: Scope, node: Node, operation: Operation, *, iterate: bool) -> Lowered:
    """Lower an operation of a node; `iterate` tells whether the name is free for paging."""
    if node.item is None:
        raise ValueError("a node without path item has no operations")
    imports = scope.imports
    verb = operation.verb.lower().capitalize()
    prepared = scope.queries.prepare(options_of(node.item, operation))
    query = None
    base = ""
    name = f"{scope.stem}{verb}QueryParameters"
    if prepared.options:
        base = scope.helper(prepared.standard or "QueryOptions")
        query = scope.queries.query_class(name, base, verb.lower(), prepared, imports)
        if not prepared.standard:
            imports.name("dataclasses", "dataclass")
    changes = _changes(scope, operation)
    errors, error_names = _errors(scope, operation)
    keywords = _keywords(scope, operation, prepared, bool(changes))
    argument = name if query is not None else scope.helper("QueryParameters")
    plan = _Plan(
        scope,
        node,
        node.item,
        operation,
        keywords,
        operations_query.keyword_lines(prepared, keywords, base, name),
        _keyword_parameters(scope, prepared, keywords),
        f"{scope.helper('RequestConfiguration')}[{argument}]",
        changes,
        errors,
        error_names,
        deprecation_lines(scope, operation.deprecation),
    )
    old = f"{scope.helper('DeprecatedConfiguration')}[{argument}]"
    return Lowered(
        OperationView(_executor(plan), _generator(plan), _pager(plan) if iterate else None),
        query,
        ConfigurationView(f"{scope.stem}{verb}RequestConfiguration", old),
    )


# ----------------------------------------------------------------------------------------------------- methods


def _executor(plan: _Plan) -> MethodView:
    scope, operation = plan.scope, plan.operation
    parameters = ["self", *_body_parameters(plan, optional=bool(plan.changes)), _configuration_parameter(plan)]
    arguments = _body_arguments(operation)
    if plan.changes:
        body = scope.annotation(_required_type(operation.body))
        model = scope.table.imported(_named(operation.body), scope.imports)
        parameters[1] = f"body: {body} | None = None"
        arguments = [f"self._changed({model}, body, changes)", *arguments[1:]]
    parameters += plan.parameters
    if plan.changes:
        unpack = scope.imports.typing("typing_extensions", "Unpack")
        parameters.append(f"**changes: {unpack}[{plan.changes}]")
    # A deprecated operation builds its request by itself: the generator would warn a second time.
    info = (
        _build(plan, *arguments[:1])
        if plan.deprecation
        else f"self.to_{plan.verb}_request_information({', '.join([*arguments, 'request_configuration'])})"
    )
    returns, send = _sending(plan)
    lines = (*plan.deprecation, f"info = {info}", *plan.setting, send)
    text = operations_text.executor_docstring(plan.item, operation, _documented(plan), plan.error_names)
    return MethodView(plan.verb, ", ".join(parameters), returns, text, lines)


def _generator(plan: _Plan) -> MethodView:
    parameters = ["self", *_body_parameters(plan, optional=False), _configuration_parameter(plan)]
    returns = plan.scope.helper("RequestInformation")
    text = docstring(f"Build the request of `{plan.verb}`.", indent=8)
    lines = (*plan.deprecation, f"return {_build(plan, *_body_arguments(plan.operation)[:1])}")
    return MethodView(f"to_{plan.verb}_request_information", ", ".join(parameters), returns, text, lines)


def _build(plan: _Plan, body: str = "") -> str:
    """Spell the expression that builds the request."""
    operation = plan.operation
    parts = [lit(operation.verb), lit(operation.accept), "request_configuration"]
    if operation.body is not None:
        parts.append(f"content={_content(operation.body, body)}")
    template = operation_template(plan.node, operation)
    if template is not None:
        wish = f"_{operation.verb}_TEMPLATE"
        literal = template_literal(template, indent=0, used=len(f"{wish} = "))
        parts.append(f"template={constant_name(plan.scope, literal, wish)}")
    return f"self._request({', '.join(parts)})"


def _content(body: Body, expression: str) -> str:
    """Spell what writes a body; models are JSON unless something else is said."""
    writer = _WRITERS[body.kind]
    kind = "content_type" if _asks_for_type(body) else lit(body.content_type or "")
    if writer == "_model" and body.content_type == _JSON:
        return f"self._model({expression})"
    return f"self.{writer}({expression}, {kind})"


def _pager(plan: _Plan) -> MethodView | None:
    item = page_item(plan.scope, plan.operation)
    if item is None or plan.operation.verb != "GET":
        return None
    scope = plan.scope
    page = scope.table.imported(_named_type(plan.operation.result.type), scope.imports)
    parameters = ", ".join(["self", _configuration_parameter(plan), *plan.parameters])
    returns = f"{scope.helper('Pages')}[{scope.annotation(item)}]"
    text = docstring(
        "Read the items of all pages; the arguments are those of `get`.",
        indent=8,
        returns="An asynchronous iterable; its `pages()` gives whole pages.",
    )
    lines = (
        *plan.deprecation,
        "info = self.to_get_request_information(request_configuration)",
        *plan.setting,
        f"return self._pages(info, {page}, {plan.errors})",
    )
    return MethodView("iterate", parameters, returns, text, lines)


def _sending(plan: _Plan) -> tuple[str, str]:
    """Give the annotation of the result and the statement that sends."""
    scope, errors = plan.scope, plan.errors
    ref = plan.operation.result.type
    if ref is None:
        return "None", f"await self._send_nothing(info, {errors})"
    table = scope.table
    if isinstance(ref, NamedRef):
        verb = "_send_enum" if table.is_enum(ref.id) else "_send"
        call = f"{verb}(info, {table.imported(ref.id, scope.imports)}, {errors})"
    elif isinstance(ref, ListRef) and isinstance(ref.item, NamedRef):
        verb = "_send_enum_list" if table.is_enum(ref.item.id) else "_send_list"
        call = f"{verb}(info, {table.imported(ref.item.id, scope.imports)}, {errors})"
    elif isinstance(ref, ListRef) and isinstance(ref.item, PrimitiveRef):
        call = f"_send_primitive_list(info, {runtime_type(scope, ref.item)}, {errors})"
    else:
        # Content of unknown shape comes as it is.
        ref = ref if isinstance(ref, PrimitiveRef) else _BYTES
        call = f"_send_primitive(info, {lit(PRIMITIVES[ref.kind].annotation)}, {errors})"
    return f"{scope.annotation(ref)} | None", f"return await self.{call}"


# -------------------------------------------------------------------------------------------------- parameters


def _body_parameters(plan: _Plan, *, optional: bool) -> list[str]:
    body = plan.operation.body
    if body is None:
        return []
    parameters = [f"body: {_body_annotation(plan.scope, body)}"]
    if _asks_for_type(body):
        parameters.append(f"content_type: {plan.scope.plain('str')}{' | None = None' if optional else ''}")
    return parameters


def _body_annotation(scope: Scope, body: Body) -> str:
    if body.kind is BodyKind.MULTIPART:
        return _multipart(scope)
    if body.kind in (BodyKind.STREAM, BodyKind.UNTYPED) or body.type is None:
        return scope.plain("bytes")
    return scope.annotation(body.type)


def _multipart(scope: Scope) -> str:
    """Spell Kiota's multipart body: it is generic, of any part, and annotations show the bare name as Kiota's do."""
    module = scope.imports.name("kiota_abstractions", "multipart_body")
    return constant_name(scope, f"{module}.MultipartBody[{scope.imports.name('typing', 'Any')}]", "MultipartBody")


def _asks_for_type(body: Body) -> bool:
    return body.kind is BodyKind.STREAM and body.content_type is None


def _body_arguments(operation: Operation) -> list[str]:
    if operation.body is None:
        return []
    return ["body", "content_type"] if _asks_for_type(operation.body) else ["body"]


def _configuration_parameter(plan: _Plan) -> str:
    return f"request_configuration: {plan.configuration} | None = None"


def _keyword_parameters(scope: Scope, prepared: Prepared, found: tuple[Keyword, ...]) -> tuple[str, ...]:
    if not found:
        return ()
    if found is prepared.keywords and prepared.parameters is not None and not scope.hidden:
        return ("*", *prepared.parameters)
    return ("*", *(operations_query.keyword_parameter(one, scope.annotation(one.type)) for one in found))


def _documented(plan: _Plan) -> list[tuple[str, str]]:
    """Give the arguments of the executor with what is said about them."""
    arguments = []
    body = plan.operation.body
    if body is not None:
        arguments.append(("body", body.description or "What is sent."))
        if _asks_for_type(body):
            arguments.append(_CONTENT_TYPE)
    arguments.append(_CONFIGURATION)
    arguments += [(keyword.name, keyword.description) for keyword in plan.keywords]
    if plan.changes:
        arguments.append(_CHANGES)
    return arguments


# ----------------------------------------------------------------------------------------------------- details


def _changes(scope: Scope, operation: Operation) -> str:
    """Give the TypedDict of a PATCH whose body is an object, or an empty string."""
    body = operation.body
    if operation.verb != "PATCH" or body is None or body.kind is not BodyKind.MODEL:
        return ""
    if not isinstance(body.type, NamedRef) or body.type.id not in scope.patched:
        return ""
    table = scope.table
    return scope.imports.typing(table.module(body.type.id), changes_name(table.name(body.type.id)))


def _changed_names(scope: Scope, operation: Operation) -> Iterable[str]:
    declared = scope.table.declared[_named(operation.body)]
    if isinstance(declared, ObjectType):
        for owner in (declared, *scope.table.ancestors(declared)):
            yield from scope.names.of(owner).values()


def _keywords(scope: Scope, operation: Operation, prepared: Prepared, changing: bool) -> tuple[Keyword, ...]:
    if not operation.headers and not changing:
        return prepared.keywords
    taken = _changed_names(scope, operation) if changing else ()
    return operations_query.keywords(prepared.options, operation.headers, taken)


def _errors(scope: Scope, operation: Operation) -> tuple[str, tuple[str, ...]]:
    """Give the expression of an operation's error mapping, and the names of the classes that it may raise."""
    if not operation.errors:
        return "{}", ()
    names = [scope.table.imported(mapping.type, scope.imports) for mapping in operation.errors]
    pairs = zip(operation.errors, names, strict=True)
    mapping = ", ".join(f"{lit(one.status)}: {name}" for one, name in sorted(pairs, key=lambda pair: pair[0].status))
    annotation = ""
    if len(set(names)) > 1:
        # Type checkers take the classes' common type for that of the values, which says too little.
        annotation = f"dict[str, type[{scope.imports.typing('typing', 'Any')}]]"
    return constant_name(scope, f"{{{mapping}}}", "_ERRORS", annotation), tuple(sorted(set(names)))


def page_item(scope: Scope, operation: Operation) -> TypeRef | None:
    """Give the type of the items where an operation answers with a page: `value`, and a link to the next one."""
    ref = operation.result.type
    declared = scope.table.declared.get(ref.id) if isinstance(ref, NamedRef) else None
    if not isinstance(declared, ObjectType):
        return None
    wires = {"value": "value", "@odata.nextLink": "odata_next_link"}
    if any(scope.names.attribute(declared, wire) != name for wire, name in wires.items()):
        return None
    owners: Sequence[ObjectType] = (declared, *scope.table.ancestors(declared))
    types = {prop.name: prop.type for owner in reversed(owners) for prop in owner.properties}
    items = types["value"]
    if not isinstance(items, ListRef) or types["@odata.nextLink"] != PrimitiveRef(Primitive.STRING):
        return None
    return items.item


def _required_type(body: Body | None) -> TypeRef:
    if body is None or body.type is None:
        raise ValueError("a body without type takes no changes")
    return body.type


def _named(body: Body | None) -> str:
    return _named_type(_required_type(body))


def _named_type(ref: TypeRef | None) -> str:
    if not isinstance(ref, NamedRef):
        raise ValueError("only declared types have a module")
    return ref.id
