"""The scripted Bluesky server of the tests in a process of its own, as a network is: python -m town.network DELAY"""

from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from subprocess import Popen

import json
import sys


@contextmanager
def network(delay, accounts=8):
    """{environ, credentials: one mapping an account} of a server that answers after `delay` seconds."""
    command = [sys.executable, "-m", "town.network", str(delay), str(accounts)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=Path(__file__).parents[1]) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.stdin.close()


def main(delay, accounts):
    from scripted import Scripted

    with Scripted(delay=float(delay)) as server:
        credentials = [server.account(f"town{number}.example").credentials for number in range(int(accounts))]
        print(json.dumps({"environ": server.environ, "credentials": credentials}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
