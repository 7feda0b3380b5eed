"""Collections that arrive page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
MAX_PAGES = 10_000


class Page(Protocol[T]):
    """What one page looks like, whatever its class."""

    value: list[T] | None
    """The items of this page."""
    odata_next_link: str | None
    """Where the next page is; None after the last."""


class Pages(Generic[T]):
    """The items of a collection, over all its pages, read as they are asked for.

    `async for item in pages` gives items, `async for page in pages.pages()` whole pages. Next links are followed
    exactly as the service wrote them; one that was met before ends the run with an error, as does one to another host.
    """

    def __init__(self, fetch: Callable[[str | None], Awaitable[Page[T] | None]]) -> None:
        """Keep the function that reads one page: the first without a link, the others by their link."""
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        """Give one item after the other."""
        async for page in self.pages():
            for item in page.value or ():
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Give one page after the other, empty ones too."""
        from .errors import PagingError

        link: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            try:
                page = await self._fetch(link)
            except Exception as error:
                # Whoever reads on later needs the place at which this run broke off.
                error.__dict__["resume_link"] = link
                raise
            if page is None:
                return
            yield page
            link = _link(page)
            if link is None:
                return
            if not link.strip():
                raise PagingError("The service sent a next link that is no URL.", link)
            if link in seen:
                raise PagingError("The service sent the same next link twice; reading on would never end.", link)
            seen.add(link)
        raise PagingError(f"More than {MAX_PAGES} pages.", link)


def _link(page: Page[T]) -> str | None:
    """Give a page's next link; what is no text was kept aside when the page was read, and must not end the run."""
    kept = getattr(page, "additional_data", {}).get("@odata.nextLink")
    return page.odata_next_link if kept is None else ""
