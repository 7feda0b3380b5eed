"""Code of a user of the shop: everything that the base client offers, used once. `shop_client` is the package."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from shop_client import Shop
from shop_client.models.address import Address
from shop_client.models.big_order import BigOrder
from shop_client.models.line import Line
from shop_client.models.manager import Manager
from shop_client.models.marks import Marks
from shop_client.models.o_data_errors.o_data_error import ODataError
from shop_client.models.order import Order
from shop_client.models.person import Person
from shop_client.models.settings import Settings
from shop_client.models.state import State
from shop_client.models.thing import Thing
from shop_client.orders.item.shop_cancel.cancel_post_request_body import CancelPostRequestBody


async def use(client: Shop) -> None:
    """Call every operation."""
    page = await client.orders.get(
        top=3, skip=1, search="x", filter="y", count=True, orderby=["a"], select=["b"], expand=["c"]
    )
    assert page is not None and page.value is not None
    first: Order = page.value[0]
    total: int | None = await client.orders.count.get(filter="x", search="y")
    made: Order | None = await client.orders.post(Order(title="new"))
    order = client.orders.by_order_id("1")
    read: Order | None = await order.get(select=["title"], expand=["lines"])
    changed: Order | None = await order.patch(title="other", amount=2, price=1.5, state=State.Closed, tags=["a"])
    await order.delete()
    lines = await order.lines.get(top=1)
    line: Line | None = await order.lines.by_line_id("2").patch(text="t", count=3)
    await order.lines.post(Line(text="t"))
    await order.lines.by_line_id("2").delete()
    parent: Order | None = await order.parent.get()
    cancelled: Order | None = await order.shop_cancel.post(CancelPostRequestBody(reason="late"))
    await order.shop_archive.post()
    answer = await order.shop_total_with_year(2024).get()
    number: int | None = answer.value if answer else None
    old = await client.archives.get()
    settings: Settings | None = await client.settings.patch(theme="dark")
    await client.settings.get(select=["theme"])
    print(first, total, made, read, changed, lines, line, parent, cancelled, number, old, settings)


def hold() -> None:
    """Make and read every model."""
    home = Address(street="s", city="c")
    buyer: Person = Manager(name="n", mail="m", home=home, level=3)
    order = Order(
        id="1",
        title="t",
        amount=1,
        price=1.5,
        state=State.Open,
        marks=Marks.Red,
        tags=["x"],
        buyer=buyer,
        lines=[Line(text="l", count=2)],
        created=datetime.datetime.now(datetime.timezone.utc),
    )
    thing: Thing = BigOrder(discount=5)
    title: str | None = order.title
    amount: int | None = order.amount
    price: float | None = order.price
    state: State | None = order.state
    both: Marks = Marks.Red | Marks.Blue
    marks: Marks | None = order.marks
    tags: list[str] | None = order.tags
    who: Person | None = order.buyer
    more: list[Line] | None = order.lines
    when: datetime.datetime | None = order.created
    parent: Order | None = order.parent
    extra: dict[str, Any] = order.additional_data
    assert issubclass(ODataError, Exception) and isinstance(thing, Order)
    assert (State.Open.value, State.Closed.value) == ("open", "closed")
    assert Marks.Blue.value == "blue" and Line().count == 1
    print(both, title, amount, price, state, marks, tags, who, more, when, parent, extra, Settings(theme="t").theme)


class Adapter:
    """Answers everything with nothing, except a page of one order and a number."""

    base_url = "https://shop.test"

    def __init__(self) -> None:
        """Start."""
        from kiota_serialization_json.json_serialization_writer_factory import JsonSerializationWriterFactory

        self.factory = JsonSerializationWriterFactory()

    def get_serialization_writer_factory(self) -> Any:
        """Give the stock JSON writer."""
        return self.factory

    def __getattr__(self, name: str) -> Any:
        """Take every way of sending."""
        if not name.startswith("send"):
            raise AttributeError(name)

        async def send(info: Any, *arguments: Any, **rest: Any) -> Any:
            made = arguments[0] if arguments and isinstance(arguments[0], type) else None
            if made is None or not made.__name__.endswith("CollectionResponse"):
                return None
            answer: Any = made()
            answer.value = [Order()]
            return answer

        return send


if __name__ == "__main__":
    adapter: Any = Adapter()
    hold()
    asyncio.run(use(Shop(adapter)))
