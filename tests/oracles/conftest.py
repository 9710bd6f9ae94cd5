"""The fixture `oracle`: asks the networks' own code, which is npm twitter-text and @atproto/api."""

from node import Packages
from node import Program
from pathlib import Path

import pytest


PACKAGES = Packages("oracles", {"twitter-text": "3.1.0", "@atproto/api": "0.19.19"})


@pytest.fixture(scope="session")
def oracle():
    with Program(Path(__file__).with_name("answer.js"), PACKAGES) as program:
        yield lambda text, facets=(): program.ask({"text": text, "facets": list(facets)})
