"""The blocking face: the same methods, run on an event loop of their own in the background.

There is one implementation, the asynchronous one. A thread holds a loop for the client's life, so a blocking call
works where a loop is running already, as in a notebook.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import contextlib
import contextvars
import functools
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

if TYPE_CHECKING:
    import asyncio

    from kiota_abstractions.base_request_builder import BaseRequestBuilder
    from typing_extensions import Self

    from .request import Page, Pages

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
B = TypeVar("B", bound="BaseRequestBuilder")
S = TypeVar("S", bound="SyncBuilder[Any]")
S_co = TypeVar("S_co", bound="SyncBuilder[Any]", covariant=True)


class Runner:
    """An event loop in a thread, started by the first call."""

    def __init__(self, owned: list[Any]) -> None:
        self._owned = owned
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._finalizer: weakref.finalize[..., Runner] | None = None

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        import concurrent.futures

        loop = self._started()
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("A blocking call inside the client's own loop would wait for itself.")
        result: concurrent.futures.Future[R] = concurrent.futures.Future()
        context = contextvars.copy_context()
        tasks: list[asyncio.Task[None]] = []

        async def settle() -> None:
            try:
                result.set_result(await coroutine)
            except BaseException as error:
                result.set_exception(error)

        loop.call_soon_threadsafe(lambda: tasks.append(context.run(loop.create_task, settle())))
        try:
            return result.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
            raise

    def close(self) -> None:
        with self._lock:
            finalizer, self._finalizer = self._finalizer, None
            self._loop = self._thread = None
        if finalizer is not None:
            finalizer()

    def _started(self) -> asyncio.AbstractEventLoop:
        import asyncio

        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="blocking-client", daemon=True)
                self._thread.start()
                # A client that nobody closes is closed with the process, or when it is forgotten.
                self._finalizer = weakref.finalize(self, _stop, self._loop, self._thread, self._owned)
            return self._loop


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread, owned: list[Any]) -> None:
    import asyncio

    async def finish() -> None:
        # The loop cannot find the pools of a client that is being collected: its references to them are gone.
        while owned:
            with contextlib.suppress(Exception):
                await owned.pop().aclose()
        await loop.shutdown_asyncgens()

    if threading.current_thread() is thread:
        loop.stop()  # forgotten by the loop itself; it cannot wait for its own end
        return
    asyncio.run_coroutine_threadsafe(finish(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class SyncBuilder(Generic[B]):
    """The blocking form of a request builder or of a client."""

    def __init__(self, wrapped: B, runner: Runner) -> None:
        self.wrapped = wrapped
        self._runner = runner

    def _twin(self, builder: BaseRequestBuilder) -> S:  # type: ignore[type-var]  # the caller says which
        """Make the blocking form of another builder, on the same loop; it stands in the builder's own module."""
        kind = type(builder)
        twin: type[S] = getattr(sys.modules[kind.__module__], f"{kind.__name__}Sync")
        return twin(builder, self._runner)


class SyncRequestBuilder(SyncBuilder[B], Generic[B]):
    """The blocking form of a request builder."""

    def with_url(self, raw_url: str) -> Self:
        """Use a URL as it is."""
        wrapped: Any = self.wrapped
        return type(self)(wrapped._at(raw_url), self._runner)


class Twin(Generic[S_co]):
    """The blocking form of a property that leads to another builder; `name` is the property's, where it differs."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = self._name or name

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> S_co: ...

    def __get__(self, instance: SyncBuilder[Any] | None, owner: type[object]) -> Self | S_co:
        if instance is None:
            return self
        found: S_co = instance._twin(getattr(instance.wrapped, self._name))
        return found


class Blocking(Generic[P, R]):
    """The blocking form of an asynchronous method, with the same arguments and result."""

    def __init__(self, method: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Blocking[P, R]: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> Callable[P, R]: ...

    def __get__(self, instance: SyncBuilder[Any] | None, owner: type[object]) -> Blocking[P, R] | Callable[P, R]:
        if instance is None:
            return self

        @functools.wraps(self._method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return instance._runner.run(self._method(instance.wrapped, *args, **kwargs))

        return call


class SyncPages(Generic[T]):
    """The items of a collection over all its pages, for a plain `for`."""

    def __init__(self, pages: Pages[T], runner: Runner) -> None:
        self._pages = pages
        self._runner = runner

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.value or ()

    def pages(self) -> Iterator[Page[T]]:
        """Give one page after the other."""
        source = self._pages.pages()
        try:
            while True:
                try:
                    yield self._runner.run(cast("Coroutine[Any, Any, Page[T]]", source.__anext__()))
                except StopAsyncIteration:
                    return
        finally:
            self._runner.run(cast("Any", source).aclose())


class BlockingPages(Generic[P, T]):
    """The blocking form of a builder's `iterate`."""

    def __init__(self, method: Callable[Concatenate[Any, P], Pages[T]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type[object]) -> BlockingPages[P, T]: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> Callable[P, SyncPages[T]]: ...

    def __get__(
        self, instance: SyncBuilder[Any] | None, owner: type[object]
    ) -> BlockingPages[P, T] | Callable[P, SyncPages[T]]:
        if instance is None:
            return self

        @functools.wraps(self._method)
        def call(*args: P.args, **kwargs: P.kwargs) -> SyncPages[T]:
            return SyncPages(self._method(instance.wrapped, *args, **kwargs), instance._runner)

        return call
