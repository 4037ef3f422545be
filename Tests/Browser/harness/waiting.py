"""Waiting on a condition of a page, never on a duration."""

from functools import partial

from common.waiting import until as common_until
from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException

# What a page that is just being built may answer; asked again, it answers properly.
TRANSIENT = (JavascriptException, NoSuchElementException, StaleElementReferenceException)

until = partial(common_until, transient=TRANSIENT, pause=0.05)
