"""Code of a user of the kennel: everything that the base client offers, used once. `shop_client` is the package."""

from __future__ import annotations

import asyncio
import datetime

import httpx
from shop_client import Shop
from shop_client.dogs.item.guest import Guest
from shop_client.models.animal import Animal
from shop_client.models.cat import Cat
from shop_client.models.dog import Dog
from shop_client.models.mood import Mood
from shop_client.models.note import Note
from shop_client.models.trouble import Trouble


async def use(client: Shop) -> None:
    """Call every operation."""
    pack: list[Animal] | None = await client.dogs.get(coat="long", size=3, age=2, tags=["a"], x_trace="t")
    assert pack is not None and isinstance(pack[0], Cat)
    await client.dogs.post(Dog(name="Rex", mood=Mood.Wild))
    guest: Guest | None = await client.dogs.by_id("1").get()
    assert guest is not None
    cat: Cat | None = guest.cat
    dog: Dog | None = guest.dog
    await client.dogs.by_dog_id("1").delete()
    leader: Dog | None = await client.leader.get()
    follower: Animal | None = await client.leader.put(Animal(born=datetime.date(2024, 2, 29)))
    await client.notes.post(Note(text="t"))
    image: bytes | None = await client.photo.get()
    name: str | None = await client.photo.put(b"image")
    try:
        await client.dogs.post(Dog(name="bad"))
    except Trouble as trouble:
        said: str | None = trouble.text
    else:
        raise AssertionError("no trouble")
    print(cat, dog, leader, follower, image, name, said)


def hold() -> None:
    """Make and read every model."""
    cat = Cat(born=datetime.date(2024, 2, 29), lives=8)
    animal: Animal = cat
    born: datetime.date | None = animal.born
    lives: int | None = cat.lives
    mood: Mood | None = Dog(mood=Mood.Calm).mood
    kind: str | None = Dog(name="n").kind
    assert (Mood.Calm.value, Mood.Wild.value) == ("calm", "wild")
    print(born, lives, mood, kind, Note(text="t", seen=True).seen, animal.additional_data)


def answer(request: httpx.Request) -> httpx.Response:
    """Answer as the service does."""
    if b"bad" in request.content:
        return httpx.Response(422, json={"text": "bad"})
    path = request.url.path.removeprefix("/v2").lower()
    if path == "/photo":
        return httpx.Response(200, text="name", headers={"Content-Type": request.headers.get("Accept", "text/plain")})
    if path == "/dogs" and request.method == "GET":
        return httpx.Response(200, json=[{"kind": "cat", "born": "2024-02-29"}])
    if request.method in ("DELETE", "POST"):
        return httpx.Response(204)
    return httpx.Response(200, json={"kind": "dog", "name": "Rex"})


if __name__ == "__main__":
    hold()
    asyncio.run(use(Shop(http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)))))
