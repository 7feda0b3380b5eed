"""What documentation says about things that should no longer be used."""

from __future__ import annotations

from graphslice.api.model import Deprecation


def deprecation_notice(deprecation: Deprecation) -> str:
    """Put a deprecation into a sentence or two, from the parts that are known."""
    since = f" since {deprecation.date}" if deprecation.date else ""
    if deprecation.version:
        since += f" (version {deprecation.version})"
    until = f", to be removed on {deprecation.removal_date}" if deprecation.removal_date else ""
    reason = f" {deprecation.description.strip()}" if deprecation.description.strip() else ""
    return f"Deprecated{since}{until}.{reason}"


def with_deprecation(description: str, deprecation: Deprecation | None) -> str:
    """Give a description with the notice of deprecation as its last paragraph."""
    if deprecation is None:
        return description
    notice = deprecation_notice(deprecation)
    return f"{description}\n\n{notice}" if description.strip() else notice
