"""Waiting on a condition, never on a duration."""

import time

from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException

# What a page that is just being built may answer; asked again, it answers properly.
TRANSIENT = (JavascriptException, NoSuchElementException, StaleElementReferenceException)


def until(condition, what, seconds=15):
    """Asks `condition` until its answer is true, and returns that answer; fails with `what` past the deadline."""
    deadline = time.monotonic() + seconds
    seen = None
    while True:
        try:
            seen = condition()
            if seen:
                return seen
        except TRANSIENT as error:
            seen = f"{type(error).__name__}: {error.msg}"
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}; last seen: {seen!r}")
        time.sleep(0.05)
