"""Requests to `/shelves/{shelf-id}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_client._runtime.builder import (
    Blocking,
    ItemOptions,
    OperationFacts,
    QueryParameters,
    RequestBuilder,
    RequestConfiguration,
    RequestInformation,
    SyncRequestBuilder,
)
from sample_client.models.library_error import LibraryError
from sample_client.models.shelf import Shelf

if TYPE_CHECKING:
    from sample_client.models.shelf import ShelfChanges
    from typing_extensions import Unpack

_ERRORS = {"XXX": LibraryError}


class ShelfItemRequestBuilder(RequestBuilder):
    """One shelf."""

    _template = "{+baseurl}/shelves/{shelf%2Did}{?%24expand,%24select}"
    _facts = {
        "PATCH": OperationFacts(scopes=("Shelves.ReadWrite",), roles=("Librarian",), documented=True),
        "DELETE": OperationFacts(scopes=("Shelves.ReadWrite",), documented=False),
    }

    async def get(
        self,
        request_configuration: RequestConfiguration[QueryParameters] | None = None,
        *,
        select: list[str] | None = None,
    ) -> Shelf | None:
        """Read the shelf."""
        info = self._request("GET", "application/json", request_configuration)
        self._set_query(info, ItemOptions(select=select))
        return await self._send(info, Shelf, _ERRORS)

    async def patch(
        self,
        body: Shelf | None = None,
        request_configuration: RequestConfiguration[QueryParameters] | None = None,
        **changes: Unpack[ShelfChanges],
    ) -> Shelf | None:
        """Change the shelf."""
        info = self.to_patch_request_information(self._changed(Shelf, body, changes), request_configuration)
        return await self._send(info, Shelf, _ERRORS)

    async def delete(self, request_configuration: RequestConfiguration[QueryParameters] | None = None) -> None:
        """Take the shelf down."""
        info = self._request("DELETE", "application/json", request_configuration)
        await self._send_nothing(info, _ERRORS)

    def to_patch_request_information(
        self, body: Shelf, request_configuration: RequestConfiguration[QueryParameters] | None = None
    ) -> RequestInformation:
        """Build the request of `patch` without sending it."""
        return self._request("PATCH", "application/json", request_configuration, content=self._model(body))

    def with_url(self, raw_url: str) -> ShelfItemRequestBuilder:
        """Make the builder of another URL."""
        return self._at(raw_url)


class ShelfItemRequestBuilderSync(SyncRequestBuilder[ShelfItemRequestBuilder]):
    """The blocking form of `ShelfItemRequestBuilder`."""

    get = Blocking(ShelfItemRequestBuilder.get)
    patch = Blocking(ShelfItemRequestBuilder.patch)
    delete = Blocking(ShelfItemRequestBuilder.delete)
