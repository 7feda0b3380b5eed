"""The root of the sample client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_client._runtime.builder import Twin
from sample_client._runtime.client import ClientRoot, ClientSettings, SyncClientRoot

if TYPE_CHECKING:
    from sample_client.shelves.shelves_request_builder import ShelvesRequestBuilder, ShelvesRequestBuilderSync


class LibraryClient(ClientRoot):
    """The library."""

    _template = "{+baseurl}"
    _settings = ClientSettings(
        base_url="https://graph.microsoft.com/beta", authentication="azure", clouds=("global",), product="library/1.0"
    )

    @property
    def shelves(self) -> ShelvesRequestBuilder:
        """The shelves."""
        from sample_client.shelves.shelves_request_builder import ShelvesRequestBuilder

        return ShelvesRequestBuilder(self.request_adapter, self.path_parameters)

    @property
    def sync(self) -> LibraryClientSync:
        """The blocking form of the client."""
        return self._blocking(LibraryClientSync)


class LibraryClientSync(SyncClientRoot[LibraryClient]):
    """The blocking form of `LibraryClient`."""

    shelves: Twin[ShelvesRequestBuilderSync] = Twin()
