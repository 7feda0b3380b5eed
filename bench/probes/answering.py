"""The answering side: the same session to every request, as cheaply as Python can, so that clients are measured."""

import asyncio

import payload

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(payload.ONE)


class Answer(asyncio.Protocol):
    """One connection, kept for as long as the client likes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection."""
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there whole."""
        self.received += data
        while True:
            head, blank, rest = self.received.partition(b"\r\n\r\n")
            if not blank:
                return
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(_HEAD + payload.ONE)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/beta", flush=True)
    await server.serve_forever()


asyncio.run(main())
