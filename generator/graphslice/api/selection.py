"""Which paths and verbs a slice asks for: Kiota's globs, and the question that keeps an expansion from running away.

A pattern is ``glob`` or ``glob#VERB,VERB``. ``*`` stands for anything within a segment, ``**`` for anything across
segments, ``?`` for one character, ``[a-z]`` for one of several, and a whole segment in braces for any other segment in
braces, whatever the name in it. Letter case counts.

CSDL describes a graph with endless paths, so it is not expanded and then filtered: `Selection.reaches` tells
before a step is taken whether anything at or below a prefix can be wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphslice.config import Slice

VERBS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
_SPECIAL = re.compile(r"[*?\[{]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One glob, with the verbs it is about; no verbs at all: the whole path (a *plain* pattern)."""

    glob: str
    verbs: tuple[str, ...]
    plain: bool
    whole: re.Pattern[str]
    steps: tuple[str | re.Pattern[str] | None, ...]
    """One matcher a segment: literal text, an expression, or None for one that crosses segments."""

    def __str__(self) -> str:
        """Spell the pattern as it is given."""
        return self.glob if self.plain else f"{self.glob}#{','.join(self.verbs)}"

    def matches(self, path: str) -> bool:
        """Tell whether the glob stands for this path."""
        return self.whole.fullmatch(path) is not None

    def reaches(self, segments: Sequence[str]) -> bool:
        """Tell whether the glob stands for a path that begins with these segments."""
        if len(segments) > len(self.steps) and None not in self.steps:
            return False
        for step, segment in zip(self.steps, segments, strict=False):
            if step is None:
                return True
            if (step != segment) if isinstance(step, str) else (step.fullmatch(segment) is None):
                return False
        return True

    def swallows(self, segments: Sequence[str]) -> bool:
        """Tell whether the glob, one that `has_branch`, stands for everything below the path of these segments."""
        depth = len(self.steps) - 1
        return depth <= len(segments) and self.reaches(segments[:depth])

    @property
    def has_branch(self) -> bool:
        """Tell whether the glob is a path of plain segments and everything below it."""
        return self.glob.endswith("/**") and None not in self.steps[:-1]


def parse_pattern(text: str) -> Pattern:
    """Read one pattern; unknown verbs are kept and match nothing."""
    glob, has_verbs, listed = text.partition("#")
    verbs = tuple(sorted({verb.strip().upper() for verb in listed.split(",")} & set(VERBS))) if has_verbs else ()
    segments = glob.split("/")
    steps = tuple(_step(segment) for segment in segments)
    return Pattern(glob, verbs, not has_verbs, re.compile(_whole(segments), re.DOTALL), steps)


def _step(segment: str) -> str | re.Pattern[str] | None:
    if "**" in segment:
        return None
    return re.compile(_expression(segment), re.DOTALL) if _SPECIAL.search(segment) else segment


def _whole(segments: Sequence[str]) -> str:
    """Join the segments; ``**`` between slashes stands for no segment, too, but at the end it needs the slash."""
    parts: list[str] = []
    for place, segment in enumerate(segments):
        last = place == len(segments) - 1
        if segment == "**":
            parts.append(".*" if last else "(?:.*/)?")
        else:
            parts.append(_expression(segment) + ("" if last else "/"))
    return "".join(parts)


def _expression(segment: str) -> str:
    if segment.startswith("{") and segment.endswith("}"):
        return r"\{[^/]*\}"
    parts: list[str] = []
    place = 0
    while place < len(segment):
        rest = segment[place:]
        if found := re.match(r"\*\*+|\*|\?|\[!?[^\]/]+\]", rest):
            parts.append(_wildcard(found[0]))
            place += len(found[0])
        else:
            parts.append(re.escape(rest[0]))
            place += 1
    return "".join(parts)


def _wildcard(token: str) -> str:
    if token.startswith("["):
        negated = token.startswith("[!")
        inner = re.sub(r"([\\\]\[^&~|])", r"\\\1", token[2 if negated else 1 : -1])
        return f"[{'^' if negated else ''}{inner}]"
    return {"*": "[^/]*", "?": "[^/]"}.get(token, ".*")


class Selection:
    """The patterns of one slice, put together with Kiota's order of precedence."""

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        """Take the patterns as the user wrote them."""
        self.include = _grouped(include)
        self.exclude = _grouped(exclude)
        self._plain_in = tuple(p for p in self.include if p.plain)
        self._verbs_in = tuple(p for p in self.include if not p.plain)
        self._plain_out = tuple(p for p in self.exclude if p.plain)
        self._verbs_out = tuple(p for p in self.exclude if not p.plain)
        self._branches_out = tuple(p for p in self._plain_out if p.has_branch)
        self._answers: dict[str, bool] = {}

    @classmethod
    def of(cls, wanted: Slice) -> Selection:
        """Make the selection of a slice."""
        return cls(wanted.include, wanted.exclude)

    def verbs(self, path: str, offered: Iterable[str]) -> tuple[str, ...]:
        """Give those of the verbs that a path offers which the slice wants, in their order."""
        listed = [p for p in self._verbs_in if p.matches(path)]
        plainly = any(p.matches(path) for p in self._plain_in)
        outside = (bool(self._plain_in) and not plainly) or any(p.matches(path) for p in self._plain_out)
        if outside and not listed:
            return ()
        kept = tuple(offered)
        if self._verbs_in and not plainly:
            kept = tuple(verb for verb in kept if any(verb in p.verbs for p in listed))
        hit = [p for p in self._verbs_out if p.matches(path)]
        return tuple(verb for verb in kept if not any(verb in p.verbs for p in hit)) if hit else kept

    def keeps(self, path: str, verb: str) -> bool:
        """Tell whether the slice wants one operation."""
        return bool(self.verbs(path, (verb,)))

    def reaches(self, prefix: str) -> bool:
        """Tell whether the path of this text, or any path below it, can be wanted."""
        found = self._answers.get(prefix)
        if found is None:
            found = self._answers[prefix] = self._reaches(prefix)
        return found

    def _reaches(self, prefix: str) -> bool:
        segments = prefix.split("/")
        if self.include and not any(p.reaches(segments) for p in self.include):
            return False
        if self._verbs_in and any(p.reaches(segments) for p in self._verbs_in):
            return True
        # A path below an excluded branch is never reached: its own text lies below the branch's root.
        return not any(p.swallows(segments[:-1]) for p in self._branches_out)

    def unmatched(self, paths: Iterable[str]) -> tuple[Pattern, ...]:
        """Give the include patterns that stand for none of these paths."""
        left = list(self.include)
        for path in paths:
            if not left:
                break
            left = [p for p in left if not p.matches(path)]
        return tuple(left)


def _grouped(texts: Iterable[str]) -> tuple[Pattern, ...]:
    """Read patterns; one glob given twice is one pattern with all the verbs, plain only if neither has any."""
    found: dict[str, Pattern] = {}
    for text in texts:
        new = parse_pattern(text)
        old = found.get(new.glob)
        if old is None:
            found[new.glob] = new
        elif not new.plain or not old.plain:
            verbs = tuple(sorted({*old.verbs, *new.verbs}))
            found[new.glob] = Pattern(new.glob, verbs, False, new.whole, new.steps)
    return tuple(found.values())
