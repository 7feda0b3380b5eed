"""Kiota's names, as far as they do not depend on a programming language.

Every client that Kiota writes starts from the same names, made from the segments of the URL and from the keys of
the components; a language then spells them its own way (`graphslice.python.naming`). The rules are measured ones:
where they look odd (a quoted alias keeps its word twice, the `Id` of `appId` goes), code that people have written
depends on it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

HTTP_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
MAX_NAME = 200
"""A folder or class name beyond this is cut and hashed."""

_SYMBOL = re.compile(r"[\"\s!#$%&'()*,./:;<=>?@\[\]\\^`\u2019{}|~-](\w)?")
_DIGITS = re.compile(r"^[0-9]+")
_ALIAS = re.compile(r"=@(\w+)")
_PARAMETER = re.compile(r"(\w+)?(=?)'?\{(\w+)\}'?,?")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_INDEX_EXTENSION = re.compile(r"\.(?:json|yaml|yml|csv|txt)\Z")
_PLAIN_INDEX_EXTENSION = re.compile(r"\{\w+\}\.(?:json|yaml|yml|csv|txt)\Z")
_ID_SUFFIX = re.compile(r"-?id[0-9]?\}?\Z", re.IGNORECASE)
_TRAILING_ID = re.compile(r"id\Z", re.IGNORECASE)
_EXTENSIONS = frozenset({"json", "xml", "csv", "yaml", "yml", "txt"})

_NUMBER_WORDS = (
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
)
_SYMBOL_WORDS = {
    "!": "Exclamation",
    '"': "DoubleQuote",
    "#": "Pound",
    "$": "Dollar",
    "%": "Percent",
    "&": "Ampersand",
    "'": "Apostrophe",
    "(": "LeftParenthesis",
    ")": "RightParenthesis",
    "*": "Asterisk",
    "+": "Plus",
    ",": "Comma",
    "-": "Hyphen",
    ".": "Period",
    "/": "Slash",
    "\\": "BackSlash",
    ":": "Colon",
    ";": "SemiColon",
    "<": "LessThan",
    "=": "Equal",
    ">": "GreaterThan",
    "?": "QuestionMark",
    "~": "Tilde",
    "_": "Underscore",
    # Kiota has no words for these and writes broken modules; the words are ours.
    "@": "At",
    "[": "LeftBracket",
    "]": "RightBracket",
    "^": "Caret",
    "`": "Backtick",
    "\u2019": "Quote",
    "{": "LeftBrace",
    "|": "Pipe",
    "}": "RightBrace",
}


# ------------------------------------------------------------------------------------------------ spelling


def first_upper(text: str) -> str:
    """Give the text with an upper-case first letter; a letter without a one-letter upper case stays."""
    head = text[:1].upper()
    return head + text[1:] if len(head) == 1 else text


def first_lower(text: str) -> str:
    """Give the text with a lower-case first letter."""
    head = text[:1].lower()
    return head + text[1:] if len(head) == 1 else text


def camel_join(text: str, separators: str) -> str:
    """Cut at the separators and join with upper-case first letters; the first piece keeps its own."""
    pieces = [piece for piece in re.split(f"[{re.escape(separators)}]", text) if piece]
    return "".join([*pieces[:1], *map(first_upper, pieces[1:])])


def _follow(match: re.Match[str]) -> str:
    return first_upper(match[1] or "")


@lru_cache(maxsize=1 << 16)
def clean_symbols(text: str) -> str:
    """Drop what no identifier can hold, upper-casing the character behind it, and spell out leading digits.

    Text that is nothing but symbols is spelled with their names, so that only empty text (or blanks) gives "".
    """
    name = "minus_" + text[1:] if text.startswith("-") else text
    name = _SYMBOL.sub(_follow, name.replace("+", "_plus_").lstrip("_")).lstrip("_")
    name = _DIGITS.sub(lambda digits: "".join(_NUMBER_WORDS[int(digit)] for digit in digits[0]), name)
    if name.endswith(("minus_", "plus_")):
        name = name[:-1]
    return name or "".join(_SYMBOL_WORDS.get(sign, "") for sign in text)


@lru_cache(maxsize=1 << 16)
def clean_parameters(segment: str) -> str:
    """Turn the parameters embedded in a segment into words: ``f(a='{a}',b=@b)`` becomes ``fWithAWithB``.

    Names with a dash are no words here and survive, braces and all; so does an alias in quotes.
    """
    text = _ALIAS.sub(r"={\1}", segment)
    text = _PARAMETER.sub(
        lambda hit: ("" if hit[2] else hit[1] or "") + "With" + first_upper(hit[3]),
        text,
    )
    return text.replace("(", "").replace(")", "")


def shorten(name: str) -> str:
    """Cut a folder or class name that is too long for file systems, keeping it unique by a hash of the whole."""
    if len(name) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


# ------------------------------------------------------------------------------------------- path segments


def split_path(path: str) -> tuple[str, ...]:
    """Cut a URL path into its segments; ``/a//b/`` has the segments ``a``, ``""``, ``b`` and ``""``."""
    return tuple(path.removeprefix("/").split("/")) if path not in ("", "/") else ()


def placeholders(text: str) -> tuple[str, ...]:
    """Give the names between the braces of a path or segment, in order."""
    return tuple(_PLACEHOLDER.findall(text))


@lru_cache(maxsize=1 << 16)
def is_index(segment: str) -> bool:
    """Tell whether the segment is one parameter and nothing else, a file extension apart: ``{id}``, ``{id}.json``."""
    bare = _INDEX_EXTENSION.sub("", segment)
    return bare.startswith("{") and bare.endswith("}") and bare.count("{") == 1


def has_embedded_parameters(segment: str) -> bool:
    """Tell whether the segment holds parameters among other text: ``f(a={a})``, ``{id}:stop``."""
    return bool(placeholders(segment)) and not is_index(segment)


@lru_cache(maxsize=1 << 16)
def folder_segment(segment: str) -> str:
    """Give the namespace segment of a path segment; "" where it adds none (an empty segment)."""
    if is_index(segment):
        return "item"
    text = "Item_Escaped" if segment.lower() == "item" else segment
    pieces = [clean_parameters(piece) for piece in re.split(r"[.$-]", text) if piece]
    name = "".join([*pieces[:1], *map(first_upper, pieces[1:])])
    if not name and text:
        return clean_symbols(text)
    if name in _EXTENSIONS:
        name += "Escaped"
    name = clean_symbols(name)
    return f"{name}Requests" if name.lower() == "models" else name


def _segment_words(segment: str, previous: str, *, strip_extension: bool) -> list[str]:
    raw = clean_parameters(segment).replace("$value", "Content")
    if _PLAIN_INDEX_EXTENSION.search(raw):
        raw = _INDEX_EXTENSION.sub("", raw)
    if is_index(segment):
        bare = _ID_SUFFIX.sub("", raw)
        raw = first_upper(previous) if bare == "With" and bare != raw else bare
    words = [word for word in raw.split(".") if word]
    if strip_extension and len(words) > 1:
        words = [word for word in words if word.lower() not in _EXTENSIONS]
    return words


def _joined(segment: str, previous: str) -> str:
    words = _segment_words(segment, previous, strip_extension=False)
    return "".join([*words[:1], *map(first_upper, words[1:])])


@lru_cache(maxsize=1 << 16)
def navigation_name(segment: str, previous: str = "") -> str:
    """Give the raw name of the member that leads to a literal segment; `previous` is the segment before it."""
    if not segment:
        return "EmptyPathSegment"
    name = clean_symbols(_joined(segment, previous))
    return f"{name}Path" if name.lower() in HTTP_VERBS else name


@lru_cache(maxsize=1 << 16)
def builder_class(segment: str, previous: str = "") -> str:
    """Give the raw class name of the request builder of a segment."""
    if not segment:
        return "EmptyPathSegmentRequestBuilder"
    if is_index(segment):
        return clean_symbols(_joined(segment, previous) + "ItemRequestBuilder")
    name = "Item_Escaped" if segment.lower() == "item" else _joined(segment, previous)
    return clean_symbols(name + "RequestBuilder")


def inline_stem(path: str) -> str:
    """Give what the names of a path's inline bodies and responses start with.

    ``/a/ns.f(x={x})`` gives ``FWithX``: the last dotted part of the last segment, so that ``<stem>GetResponse``,
    ``<stem>PostRequestBody`` and the like are what Kiota calls them.
    """
    segments = split_path(path)
    if not segments:
        return ""
    previous = segments[-2] if len(segments) > 1 else ""
    words = _segment_words(segments[-1], previous, strip_extension=True)
    return first_upper(clean_symbols(words[-1])) if words else ""


def index_name(segment: str) -> str:
    """Give the raw name of an index, as in ``by_<name>`` and its argument: ``{message-id}`` gives ``messageId``."""
    return clean_symbols(segment)


def merged_index(segments: Iterable[str]) -> str:
    """Give the one segment for several indexes of a node: ``{user-id}`` for ``{userId}`` and ``{who}``.

    The first of them, ignoring case, gives the name. One segment stays as it is.
    """
    ordered = sorted(segments, key=lambda segment: (segment.upper(), segment))
    if len(ordered) == 1:
        return ordered[0]
    return "{" + _TRAILING_ID.sub("", clean_symbols(ordered[0].strip("{}"))) + "-id}"


# ---------------------------------------------------------------------------------------------- components


def common_prefix(keys: Iterable[str]) -> str:
    """Give the dotted prefix that all components with a namespace share, ignoring case.

    Kiota compares text, not segments, and takes the spelling of the deepest namespace met first.
    """
    namespaces: dict[str, str] = {}
    for key in keys:
        namespace = ".".join([part for part in key.split(".") if part][:-1])
        if namespace:
            namespaces.setdefault(namespace.lower(), namespace)
    if not namespaces:
        return ""
    deepest = max(namespaces.values(), key=lambda namespace: namespace.count("."))
    prefix = ""
    for part in deepest.split("."):
        longer = f"{prefix}.{part}" if prefix else part
        if not all(namespace.startswith(longer.lower()) for namespace in namespaces):
            break
        prefix = longer
    return prefix


def model_namespace(key: str, prefix: str, client_class: str = "") -> tuple[str, ...]:
    """Give the namespace parts of a component below the models, raw, without the prefix that all components share."""
    parts = [part for part in key.split(".") if part][:-1]
    shared = [part for part in prefix.split(".") if part]
    if [part.lower() for part in parts[: len(shared)]] == [part.lower() for part in shared]:
        parts = parts[len(shared) :]
    if client_class and parts and parts[0].lower() == client_class.lower():
        parts = parts[1:]
    return tuple(parts)
