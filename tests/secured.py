"""A server of TLS in front of a plain one, with a certificate that it signed itself."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

DATA = ROOT / "tls" / "tests" / "data"


@dataclass
class Secured:
    """Where it listens, whom to trust to believe it, and the port that its connections go on to."""

    url: str
    bundle: Path
    upstream: int = 0


@contextmanager
def secured(folder: Path, key: str = "p256") -> Iterator[Secured]:
    """A running one. `upstream` may be set later."""
    bundle, secret = folder / f"{key}.crt.pem", folder / f"{key}.key.pem"
    bundle.write_text(ssl.DER_cert_to_PEM_cert((DATA / f"{key}.crt.der").read_bytes()))
    secret.write_text(ssl.DER_cert_to_PEM_cert((DATA / f"{key}.key.der").read_bytes()).replace("CERTIFICATE", "PRIVATE KEY"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, secret)
    loop = asyncio.new_event_loop()
    running = Secured("", bundle)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", running.upstream)
        await asyncio.gather(passed_on(reader, back), passed_on(there, writer), return_exceptions=True)

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
    running.url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes from one side, until it ends."""
    try:
        while chunk := await reader.read(1 << 16):
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()
