"""The clients of Tests/Wire, for tests that need an occupant without a browser: `wire.talker.SocketTalker`."""

import importlib
import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "Wire/harness"


def _load():
    # Both folders call theirs `harness`.
    spec = importlib.util.spec_from_file_location(
        "wire", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)])
    package = importlib.util.module_from_spec(spec)
    sys.modules["wire"] = package
    spec.loader.exec_module(package)


_load()
talker = importlib.import_module("wire.talker")
managed = importlib.import_module("wire.managed")
xmpp = importlib.import_module("wire.xmpp")
