"""Runs the tests of a folder and ends with one line, `N passed, N failed`."""

import sys
import time
import traceback
import unittest
from pathlib import Path

from .server import EXECUTABLE, Server


def sentence(test):
    """The name of a test as the sentence that it is."""
    return test.id().rpartition(".")[2].removeprefix("test_").replace("_", " ")


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


class Report(unittest.TestResult):
    """One line per test as it ends; a failure's story below it."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.passed = 0
        self.failed = 0
        self.stories = []

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.stories = []

    def stopTest(self, test):
        took = time.monotonic() - self.started
        if self.stories:
            self.failed += 1
        else:
            self.passed += 1
        self.tell(sentence(test), f"({took:.1f} s)")
        super().stopTest(test)

    def tell(self, name, took=""):
        print(f"{'FAIL' if self.stories else ' ok '}  {name} {took}".rstrip(), flush=True)
        for story in self.stories:
            print("\n".join("      " + line for line in story.rstrip().splitlines()), flush=True)

    def addFailure(self, test, error):
        self.note(test, f"{error[1]}\n{self.whereabouts(error[2])}")

    def addError(self, test, error):
        self.note(test, f"{error[0].__name__}: {error[1]}\n{self.whereabouts(error[2])}")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            parameters = ", ".join(str(part) for part in (getattr(subtest, "_message", None), *subtest.params.values()) if part)
            self.stories.append(f"[{parameters}] {error[1]}\n{self.whereabouts(error[2])}")

    def note(self, test, story):
        self.stories.append(story)
        if not isinstance(test, unittest.TestCase):
            # What all tests of a class share did not come up or go down; no test ends with it.
            self.failed += 1
            self.tell(str(test))

    def whereabouts(self, trace):
        """The lines of ours that led to a failure."""
        frames = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).is_relative_to(self.folder)]
        return "\n".join(f"at {Path(frame.filename).name}:{frame.lineno}: {frame.line}" for frame in frames)


def main(folder, words):
    """Runs the tests in `folder` whose sentence has one of the words; the exit code."""
    if not EXECUTABLE.exists():
        print(f"error: {EXECUTABLE} is not there; build it first: swift build --product samepage", file=sys.stderr)
        return 1
    report = Report(folder)
    found = unittest.defaultTestLoader.discover(str(folder), pattern="test_*.py", top_level_dir=str(folder))
    chosen = [
        test
        for test in tests_of(found)
        if not words or any(word.lower() in sentence(test).lower() for word in words)
    ]
    try:
        Server().stop()
    except AssertionError as error:
        print(f"No test can run, since the server does not start and stop as it should: {error}", flush=True)
        print(f"0 passed, {len(chosen)} failed", flush=True)
        return 1
    unittest.TestSuite(chosen).run(report)
    print(f"{report.passed} passed, {report.failed} failed", flush=True)
    return 1 if report.failed or not report.passed else 0
