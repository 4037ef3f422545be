"""Waiting on a condition, never on a duration."""

import time


def until(condition, what, seconds=15, transient=(), pause=0.02):
    """Asks `condition` until its answer is true, and returns that answer; fails with `what` past the deadline.

    `transient` are exceptions that count as "not yet".
    """
    deadline = time.monotonic() + seconds
    seen = None
    while True:
        try:
            seen = condition()
            if seen:
                return seen
        except transient as error:
            seen = f"{type(error).__name__}: {str(error).strip()}"
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}; last seen: {seen!r}")
        time.sleep(pause)
