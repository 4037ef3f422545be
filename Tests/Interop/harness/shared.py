"""What the other tests lend to these: waiting, ports, and from the browser tests a visitor with a browser."""

import importlib.util
import sys

from common.server import EXECUTABLE, ROOT, SIGNS_OF_A_CRASH, free_port
from common.waiting import until

__all__ = ["EXECUTABLE", "ROOT", "SIGNS_OF_A_CRASH", "browser_visitor", "free_port", "until"]


def load(name, folder):
    """Imports the package in `folder` under another name, since every test folder calls its harness alike."""
    place = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    package = importlib.util.module_from_spec(place)
    sys.modules[name] = package
    place.loader.exec_module(package)


def browser_visitor(name):
    """A visitor with a Chromium of its own; loaded late, since selenium takes its time."""
    if "browser_harness" not in sys.modules:
        load("browser_harness", ROOT / "Tests/Browser/harness")
    return importlib.import_module("browser_harness.visitor").Visitor(name)
