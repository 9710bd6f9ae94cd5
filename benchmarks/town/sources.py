"""A feed on each of many local hosts, which answer after a delay: python -m town.sources DELAY HOSTS ENTRIES

The whole of 127.0.0.0/8 is this machine, on Linux at least. Every answer has an entry that no answer had before.
"""

from contextlib import contextmanager
from feeding import rss
from pathlib import Path
from subprocess import PIPE
from subprocess import Popen

import asyncio
import json
import os
import sys


@contextmanager
def sources(delay, hosts, entries):
    """Addresses of feeds, one a host, each of which answers after `delay` seconds."""
    command = [sys.executable, "-m", "town.sources", str(delay), str(hosts), str(entries)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=Path(__file__).parents[1]) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.stdin.close()


async def main(delay, hosts, entries):
    server = await asyncio.start_server(answering(delay, entries), [address(number) for number in range(hosts)])
    named = (one.getsockname() for one in server.sockets)
    print(json.dumps([f"http://{host}:{port}/feed.xml" for host, port in named]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)  # whoever still waits gets no answer


def address(number):
    return f"127.1.{number // 250}.{number % 250 + 1}"


def answering(delay, entries):
    asked = 0

    async def answer(reader, writer):
        nonlocal asked
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        await asyncio.sleep(delay)
        body = feed(asked, entries)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    return answer


def feed(asked, entries):
    text = "La circulation sera interdite de 8 h à 17 h 30, sauf pour les riverains et les secours. " * 3
    names = [f"{asked}-{number}" for number in range(entries)]
    rows = ({"title": f"Travaux {name}", "text": text, "link": f"https://www.ville.fr/{name}"} for name in names)
    return rss(*rows).encode()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), *map(int, sys.argv[2:])))
