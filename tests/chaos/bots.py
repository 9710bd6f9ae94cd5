"""Bots, in a process of their own: what they cost is not taken from the site that they attack.

Reads {"host", "port", "path", "rate", "threads", "posts": [[address, body], …]}; writes how often
it got each status.
"""

from collections import Counter
from http.client import HTTPConnection
from threading import Lock
from threading import Thread

import json
import sys
import time


class Bots:
    def __init__(self, order):
        self.order, self.posts = order, list(enumerate(order["posts"]))[::-1]
        self.seen, self.lock, self.begin = Counter(), Lock(), time.monotonic()

    def run(self):
        line = HTTPConnection(self.order["host"], self.order["port"], timeout=60)
        while True:
            with self.lock:
                if not self.posts:
                    return
                number, (address, body) = self.posts.pop()
            time.sleep(max(0, self.begin + number / self.order["rate"] - time.monotonic()))
            headers = {"Accept": "application/json", "Content-Type": "application/json", "X-Forwarded-For": address}
            line.request("POST", self.order["path"], json.dumps(body), headers)
            answer = line.getresponse()
            answer.read()
            with self.lock:
                self.seen[answer.status] += 1


if __name__ == "__main__":
    bots = Bots(json.load(sys.stdin))
    threads = [Thread(target=bots.run) for _ in range(bots.order["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"seen": bots.seen, "took": time.monotonic() - bots.begin}))
