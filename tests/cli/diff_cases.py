"""Hand-made changes, each one edit to a small description, with what `diff` has to say about it.

`user` tells what the edit does to tests/cli/diff/user.py: it "fails" its type checker or its run, it "passes" both, or
only the "service" can tell (a request that it refuses, a value that it no longer gives).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    id: str
    old: str
    new: str
    rules: tuple[str, ...]
    level: str
    user: str


def breaking(id: str, old: str, new: str, *rules: str, user: str = "fails") -> Case:
    return Case(id, old, new, rules, "breaking", user)


def compatible(id: str, old: str, new: str, *rules: str) -> Case:
    return Case(id, old, new, rules, "compatible", "passes")


def documentation(id: str, old: str, new: str, *rules: str) -> Case:
    return Case(id, old, new, rules, "documentation", "passes")


def term(name: str, inner: str, qualifier: str = "") -> str:
    return f'<Annotation Term="{name}" {qualifier}>{inner}</Annotation>'


def restrictions(kind: str, *pairs: tuple[str, str], inner: str = "") -> str:
    values = "".join(f'<PropertyValue Property="{name}" Bool="{value}" />' for name, value in pairs)
    return term(f"Org.OData.Capabilities.V1.{kind}Restrictions", f"<Record>{values}{inner}</Record>")


def described(text: str) -> str:
    return f'<Annotation Term="Org.OData.Core.V1.Description" String="{text}" />'


_REVISION = (
    '<Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>'
    '<PropertyValue Property="Date" Date="2024-01-01" /><PropertyValue Property="Version" String="2024-01/x" />'
    '<PropertyValue Property="Kind" EnumMember="Org.OData.Core.V1.RevisionKind/Deprecated" />'
    '<PropertyValue Property="Description" String="old" />'
    '<PropertyValue Property="RemovalDate" Date="2026-01-01" /></Record></Collection></Annotation>'
)
TITLE = '<Property Name="title" Type="Edm.String" />'
AMOUNT = '<Property Name="amount" Type="Edm.Int32" />'
PRICE = '<Property Name="price" Type="Edm.Double" />'
TAGS = '<Property Name="tags" Type="Collection(Edm.String)" />'
BUYER = '<Property Name="buyer" Type="shop.person" />'
STREET = '<Property Name="street" Type="Edm.String" />'
OPEN = '<Member Name="open" Value="0" />'
CLOSED = '<Member Name="closed" Value="1" />'
COUNT = '<Property Name="count" Type="Edm.Int32" DefaultValue="1" />'
LINES = '<NavigationProperty Name="lines" Type="Collection(shop.line)" ContainsTarget="true" />'
PARENT = '<NavigationProperty Name="parent" Type="shop.order" />'
SETTINGS = '<Singleton Name="settings" Type="shop.settings" />'
ARCHIVES = '<EntitySet Name="archives" EntityType="shop.order" />'
ORDERS = '<EntitySet Name="orders" EntityType="shop.order">'
ORDER = '<EntityType Name="order" BaseType="shop.thing">'
BIG = '<EntityType Name="bigOrder" BaseType="shop.order">'
MANAGER = '<ComplexType Name="manager" BaseType="shop.person">'
REASON = '<Parameter Name="reason" Type="Edm.String" />'
YEAR = '<Parameter Name="year" Type="Edm.Int32" Nullable="false" />'
CANCELLED = f'{REASON}\n        <ReturnType Type="shop.order" />'
CONTAINER = "<EntityContainer"
CREATED = '<Property Name="created" Type="Edm.DateTimeOffset" />'


def within(element: str, inner: str) -> str:
    return element.replace(" />", f">{inner}</{element[1:].split()[0]}>")


def supported(option: str) -> str:
    return f'<Annotation Term="Org.OData.Capabilities.V1.{option}Supported" Bool="false" />'


def about_orders(inner: str) -> str:
    return f'<Annotations Target="shop.container/orders">{inner}</Annotations>{CONTAINER}'


def prop(name: str, type: str, inner: str = "", rest: str = "") -> str:
    start = f'<Property Name="{name}" Type="{type}" {rest}'
    return f"{start}>{inner}</Property>" if inner else f"{start} />"


CASES = (
    # properties
    breaking("property removed", TITLE, "", "property-removed"),
    breaking("property removed from a complex type", STREET, "", "property-removed"),
    breaking("property removed from the root", CREATED, "", "property-removed"),
    breaking("property renamed", TITLE, prop("titles", "Edm.String"), "property-renamed"),
    compatible("property added", TITLE, TITLE + prop("note", "Edm.String"), "property-added"),
    compatible("property added to a complex type", STREET, STREET + prop("zip", "Edm.String"), "property-added"),
    compatible("property of a new kind", TITLE, TITLE + prop("blob", "Edm.Binary"), "property-added"),
    breaking("string becomes number", TITLE, prop("title", "Edm.Int32"), "property-type"),
    breaking("number becomes string", AMOUNT, prop("amount", "Edm.String"), "property-type"),
    breaking("whole becomes fraction", AMOUNT, prop("amount", "Edm.Double"), "property-type"),
    breaking("one becomes many", TITLE, prop("title", "Collection(Edm.String)"), "property-type"),
    breaking("many become one", TAGS, prop("tags", "Edm.String"), "property-type"),
    breaking("complex type changed", BUYER, prop("buyer", "shop.address"), "property-type"),
    breaking("moment becomes day", CREATED, prop("created", "Edm.Date"), "property-type"),
    breaking(
        "enum becomes text", '<Property Name="state" Type="shop.state" />', prop("state", "Edm.String"), "property-type"
    ),
    documentation(
        "no longer nullable", TITLE, prop("title", "Edm.String", rest='Nullable="false"'), "property-not-nullable"
    ),
    documentation(
        "nullable now",
        '<Property Name="id" Type="Edm.String" Nullable="false" />',
        '<Property Name="id" Type="Edm.String" />',
    ),
    Case("default changed", COUNT, COUNT.replace('"1"', '"2"'), ("property-default",), "compatible", "any"),
    Case("default gone", COUNT, prop("count", "Edm.Int32"), ("property-default",), "compatible", "any"),
    compatible("default given", AMOUNT, prop("amount", "Edm.Int32", rest='DefaultValue="7"'), "property-default"),
    documentation(
        "description of a property", TITLE, prop("title", "Edm.String", described("Its title.")), "property-description"
    ),
    compatible("property deprecated", TITLE, prop("title", "Edm.String", _REVISION), "property-deprecated"),
    breaking(
        "property computed",
        TITLE,
        prop("title", "Edm.String", '<Annotation Term="Org.OData.Core.V1.Computed" Bool="true" />'),
        "property-read-only",
    ),
    compatible(
        "same type by another spelling",
        STREET,
        STREET + prop("note", "Edm.String", rest='MaxLength="3"'),
        "property-added",
    ),
    documentation("whole of another size", AMOUNT, prop("amount", "Edm.Int64"), "same-in-python"),
    documentation("fraction of another precision", PRICE, prop("price", "Edm.Decimal"), "same-in-python"),
    # types
    compatible(
        "base inserted",
        '<EntityType Name="line" BaseType="shop.thing">',
        '<EntityType Name="entry" BaseType="shop.thing" /><EntityType Name="line" BaseType="shop.entry">',
        "base-inserted",
        "type-added",
    ),
    compatible(
        "property moved to the base",
        '<EntityType Name="thing">',
        '<EntityType Name="thing"><Property Name="title" Type="Edm.String" />',
        "property-added",
    ),
    compatible(
        "complex type added and used",
        TITLE,
        TITLE + prop("place", "shop.spot"),
        "property-added",
        "type-added",
    ),
    breaking(
        "derived type moved away", BIG, '<EntityType Name="bigOrder" BaseType="shop.thing">', "discriminator-removed"
    ),
    breaking("derived complex type stands alone", MANAGER, '<ComplexType Name="manager">'),
    compatible(
        "derived type added",
        BIG,
        '<EntityType Name="hugeOrder" BaseType="shop.order"><Property Name="x" Type="Edm.Int32" /></EntityType>' + BIG,
        "type-added",
    ),
    documentation("description of a type", ORDER, ORDER + described("An order."), "type-description"),
    documentation("type becomes abstract", MANAGER, MANAGER.replace(">", ' Abstract="true">'), "abstract"),
    breaking("type renamed", '"shop.settings"', '"shop.settingz"', "type-renamed"),
    # enums
    breaking("member removed", CLOSED, "", "member-removed"),
    compatible("member added", CLOSED, CLOSED + '<Member Name="lost" Value="2" />', "member-added"),
    breaking("member renamed", CLOSED, '<Member Name="closes" Value="1" />', "member-renamed"),
    documentation("number of a member", CLOSED, '<Member Name="closed" Value="7" />', "member-number"),
    breaking("flags become one", ' IsFlags="true"', "", "flags-removed"),
    compatible("one becomes flags", '<EnumType Name="state">', '<EnumType Name="state" IsFlags="true">', "flags-added"),
    documentation(
        "description of a member",
        CLOSED,
        f'<Member Name="closed" Value="1">{described("Done.")}</Member>',
        "member-description",
    ),
    compatible(
        "flag added",
        '<Member Name="blue" Value="2" />',
        '<Member Name="blue" Value="2" /><Member Name="green" Value="4" />',
        "member-added",
    ),
    # paths
    breaking("set removed", ARCHIVES, "", "path-removed"),
    compatible("set added", ARCHIVES, ARCHIVES + '<EntitySet Name="drafts" EntityType="shop.order" />', "path-added"),
    breaking("set renamed", ARCHIVES, ARCHIVES.replace("archives", "archived"), "path-renamed"),
    breaking("singleton removed", SETTINGS, "", "path-removed"),
    compatible(
        "singleton added", SETTINGS, SETTINGS + SETTINGS.replace('Name="settings"', 'Name="options"'), "path-added"
    ),
    breaking("navigation property removed", PARENT, "", "path-removed", "property-removed"),
    breaking("contained collection removed", LINES, "", "path-removed", "property-removed"),
    compatible(
        "navigation property added",
        LINES,
        LINES + LINES.replace('"lines"', '"extras"'),
        "path-added",
        "property-added",
    ),
    breaking("collection becomes one", LINES, LINES.replace("Collection(shop.line)", "shop.line"), "property-type"),
    breaking("key changed", '<PropertyRef Name="id" />', '<PropertyRef Name="created" />', "key-changed", user="any"),
    # operations
    breaking("action renamed", '<Action Name="archive"', '<Action Name="archives"', "path-renamed"),
    compatible(
        "action added",
        '<Action Name="archive"',
        '<Action Name="zip" IsBound="true"><Parameter Name="bindingParameter" Type="shop.order" /></Action>'
        '<Action Name="archive"',
        "path-added",
    ),
    breaking("action gives nothing any more", CANCELLED, REASON, "result-removed"),
    breaking("action gives another type", CANCELLED, CANCELLED.replace("shop.order", "shop.line"), "result-type"),
    breaking("action parameter removed", REASON, "", "body-removed"),
    breaking("action parameter changed", REASON, REASON.replace("Edm.String", "Edm.Int32"), "property-type"),
    compatible(
        "action parameter added", REASON, REASON + '<Parameter Name="note" Type="Edm.String" />', "property-added"
    ),
    breaking(
        "action parameter added that has to be given",
        REASON,
        REASON + '<Parameter Name="who" Type="Edm.String" Nullable="false" />',
        "property-added-required",
        user="service",
    ),
    breaking(
        "action parameter has to be given",
        REASON,
        REASON.replace(" />", ' Nullable="false" />'),
        "property-required",
        user="service",
    ),
    breaking(
        "function parameter added",
        YEAR,
        YEAR + '<Parameter Name="unit" Type="Edm.String" />',
        "path-renamed",
    ),
    documentation("function parameter of another size", YEAR, YEAR.replace("Edm.Int32", "Edm.Int64"), "same-in-python"),
    breaking("function parameter renamed", YEAR, YEAR.replace('"year"', '"month"')),
    breaking("function parameter of another type", YEAR, YEAR.replace("Edm.Int32", "Edm.String"), "path-renamed"),
    breaking(
        "function result changed",
        '<ReturnType Type="Edm.Int32" />',
        '<ReturnType Type="Edm.String" />',
        "property-type",
    ),
    breaking("not insertable", ORDERS, ORDERS + restrictions("Insert", ("Insertable", "false")), "operation-removed"),
    breaking("not deletable", ORDERS, ORDERS + restrictions("Delete", ("Deletable", "false")), "operation-removed"),
    breaking("not updatable", ORDERS, ORDERS + restrictions("Update", ("Updatable", "false")), "operation-removed"),
    breaking(
        "not readable",
        SETTINGS,
        within(SETTINGS, restrictions("Read", ("Readable", "false"))),
        "operation-removed",
    ),
    breaking(
        "search not supported",
        CONTAINER,
        about_orders(restrictions("Search", ("Searchable", "false"))),
        "query-removed",
    ),
    breaking(
        "not expandable", CONTAINER, about_orders(restrictions("Expand", ("Expandable", "false"))), "query-removed"
    ),
    breaking("no top", CONTAINER, about_orders(supported("Top")), "query-removed"),
    breaking("no skip", CONTAINER, about_orders(supported("Skip")), "query-removed"),
    documentation(
        "permission changed",
        ORDERS,
        ORDERS
        + restrictions(
            "Read",
            inner='<PropertyValue Property="Permissions"><Collection><Record><PropertyValue Property="SchemeName" '
            'String="DelegatedWork" /><PropertyValue Property="Scopes"><Collection><Record>'
            '<PropertyValue Property="Scope" String="Orders.Read" /></Record></Collection></PropertyValue>'
            "</Record></Collection></PropertyValue>",
        ),
        "permissions",
    ),
    documentation(
        "description of an operation",
        ORDERS,
        ORDERS + restrictions("Read", inner='<PropertyValue Property="Description" String="All orders." />'),
        "operation-description",
    ),
    compatible("operation deprecated", ORDERS, ORDERS + _REVISION, "operation-deprecated"),
)
