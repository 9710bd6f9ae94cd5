"""Fixtures for every test: `portal` and friends of pytest-plone."""

from collections import defaultdict
from collective.socialterritory.testing import INTEGRATION_TESTING
from layers import FUNCTIONAL
from pathlib import Path
from pytest_plone import fixtures_factory
from zope.i18n.compile import compile_mo_file

import collective.socialterritory
import gc
import pytest
import sysconfig


HERE = Path(__file__).parent
LAYERS = ((INTEGRATION_TESTING, "integration"), (FUNCTIONAL, "functional"))

pytest_plugins = ["corpus", "mastodon.fixtures", "oidc.fixtures", "pds.fixtures"]

globals().update(fixtures_factory(LAYERS, keep_session=False))


def pytest_configure(config):
    """Translations are compiled once, beforehand: of several workers, one would read what another is writing.

    Garbage is looked for more seldom: that took a twentieth of the time.
    """
    gc.set_threshold(50_000)
    if not hasattr(config, "workerinput"):
        for place in (sysconfig.get_path("purelib"), Path(collective.socialterritory.__file__).parent):
            for catalogue in Path(place).rglob("LC_MESSAGES/*.po"):
                compile_mo_file(catalogue.stem, str(catalogue.parent))


@pytest.fixture(scope="session")
def loaded():
    """Loaded, Plone is no garbage; looking through all of it for some, again and again, takes long."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="class")
def kept_layers(request):
    """Keep a layer from its first use to the end, and make none for tests that use none."""
    for _layer, name in LAYERS:
        if name in request.fixturenames or f"{name}_class" in request.fixturenames:
            request.getfixturevalue(f"{name}_session")
            request.getfixturevalue("loaded")


def pytest_collection_modifyitems(items):
    """All kinds side by side: while one worker waits for deadlines of networks, others have both processors.

    Units come last: many short files, after which all workers end at once.
    """
    kinds = defaultdict(list)
    for path in dict.fromkeys(item.path for item in items):
        kinds[path.relative_to(HERE).parts[0]].append(path)
    place = {path: (kind == "unit", n / len(files)) for kind, files in kinds.items() for n, path in enumerate(files)}
    items.sort(key=lambda item: place[item.path])
