"""The emulator: answers on loopback as the service would, from an `ApiModel` and nothing else.

`build_app` makes the ASGI application, `running` serves it in a thread (tests, the demo), `serve` until it is
interrupted (`graphslice serve`). Nothing here knows an API by name: which paths exist, what they hold and what a body
may say comes from the model, what is there at the start from a `Seed`.
"""

from __future__ import annotations

from graphslice.serve.app import Emulator, build_app
from graphslice.serve.calls import Call, Handler
from graphslice.serve.faults import Fault, Faults
from graphslice.serve.journal import Exchange, Journal
from graphslice.serve.refusals import Refused, TokenCheck
from graphslice.serve.seed import Seed
from graphslice.serve.server import Address, running, serve

__all__ = [
    "Address",
    "Call",
    "Emulator",
    "Exchange",
    "Fault",
    "Faults",
    "Handler",
    "Journal",
    "Refused",
    "Seed",
    "TokenCheck",
    "build_app",
    "running",
    "serve",
]
