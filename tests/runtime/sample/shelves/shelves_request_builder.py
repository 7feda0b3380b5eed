"""Requests to `/shelves`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sample_client._runtime.builder import (
    Blocking,
    BlockingPages,
    DeprecatedConfiguration,
    OperationFacts,
    Pages,
    QueryOptions,
    QueryParameters,
    RequestBuilder,
    RequestConfiguration,
    RequestInformation,
    SyncRequestBuilder,
)
from sample_client.models.library_error import LibraryError
from sample_client.models.shelf import Shelf
from sample_client.models.shelf_collection_response import ShelfCollectionResponse

if TYPE_CHECKING:
    from .item.shelf_item_request_builder import ShelfItemRequestBuilder, ShelfItemRequestBuilderSync

_ERRORS = {"XXX": LibraryError}


class ShelvesRequestBuilder(RequestBuilder):
    """The shelves of the library."""

    _template = "{+baseurl}/shelves{?%24count,%24filter,%24orderby,%24select,%24skip,%24top}"
    _facts = {
        "GET": OperationFacts(scopes=("Shelves.Read",), documented=True),
        "POST": OperationFacts(scopes=("Shelves.ReadWrite",), roles=("Librarian",), documented=False),
    }

    async def get(
        self,
        request_configuration: RequestConfiguration[ShelvesRequestBuilderGetQueryParameters] | None = None,
        *,
        select: list[str] | None = None,
        top: int | None = None,
        filter: str | None = None,
    ) -> ShelfCollectionResponse | None:
        """Read the shelves."""
        info = self.to_get_request_information(request_configuration)
        query = self.ShelvesRequestBuilderGetQueryParameters(filter=filter, select=select, top=top)
        self._set_query(info, query)
        return await self._send(info, ShelfCollectionResponse, _ERRORS)

    def iterate(
        self,
        request_configuration: RequestConfiguration[ShelvesRequestBuilderGetQueryParameters] | None = None,
        *,
        select: list[str] | None = None,
        top: int | None = None,
        filter: str | None = None,
    ) -> Pages[Shelf]:
        """Read the shelves of all pages."""
        info = self.to_get_request_information(request_configuration)
        query = self.ShelvesRequestBuilderGetQueryParameters(filter=filter, select=select, top=top)
        self._set_query(info, query)
        return self._pages(info, ShelfCollectionResponse, _ERRORS)

    async def post(
        self, body: Shelf, request_configuration: RequestConfiguration[QueryParameters] | None = None
    ) -> Shelf | None:
        """Put up a shelf."""
        info = self.to_post_request_information(body, request_configuration)
        return await self._send(info, Shelf, _ERRORS)

    async def count(self) -> int | None:
        """Count the shelves."""
        info = self._request("GET", "text/plain;q=0.9", None, template="{+baseurl}/shelves/$count")
        return await self._send_primitive(info, "int", _ERRORS)

    def to_get_request_information(
        self, request_configuration: RequestConfiguration[ShelvesRequestBuilderGetQueryParameters] | None = None
    ) -> RequestInformation:
        """Build the request of `get` without sending it."""
        return self._request("GET", "application/json", request_configuration)

    def to_post_request_information(
        self, body: Shelf, request_configuration: RequestConfiguration[QueryParameters] | None = None
    ) -> RequestInformation:
        """Build the request of `post` without sending it."""
        return self._request("POST", "application/json", request_configuration, content=self._model(body))

    def with_url(self, raw_url: str) -> ShelvesRequestBuilder:
        """Make the builder of another URL."""
        return self._at(raw_url)

    def by_shelf_id(self, shelf_id: str) -> ShelfItemRequestBuilder:
        """Give the builder of one shelf."""
        from .item.shelf_item_request_builder import ShelfItemRequestBuilder

        return ShelfItemRequestBuilder(self.request_adapter, self._with_id("shelf%2Did", shelf_id, "shelf_id"))

    by_id = by_shelf_id

    @dataclass
    class ShelvesRequestBuilderGetQueryParameters(QueryOptions):
        """Query options of `get`."""

        filter: str | None = None
        """Which ones."""
        select: list[str] | None = None
        """Which properties."""
        top: int | None = None
        """How many."""

        _wire_names = {"filter": "%24filter", "select": "%24select", "top": "%24top"}

    ShelvesRequestBuilderGetRequestConfiguration = DeprecatedConfiguration[ShelvesRequestBuilderGetQueryParameters]
    ShelvesRequestBuilderPostRequestConfiguration = DeprecatedConfiguration[QueryParameters]


class ShelvesRequestBuilderSync(SyncRequestBuilder[ShelvesRequestBuilder]):
    """The blocking form of `ShelvesRequestBuilder`."""

    get = Blocking(ShelvesRequestBuilder.get)
    iterate = BlockingPages(ShelvesRequestBuilder.iterate)
    post = Blocking(ShelvesRequestBuilder.post)

    def by_shelf_id(self, shelf_id: str) -> ShelfItemRequestBuilderSync:
        """Give the builder of one shelf."""
        return self._twin(self.wrapped.by_shelf_id(shelf_id))

    by_id = by_shelf_id
