"""The tests' own eyes: a problem in a page must not go unseen."""

from harness.case import BrowserTest
from harness.waiting import until


class Harness(BrowserTest):
    def assert_seen(self, script, expected, policy=None):
        visitor = self.visitor("ann")
        page = '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>'
        visitor.visit(self.site({"/": page, "/page.js": script}, policy).url("/"))
        until(lambda: any(expected in problem for problem in visitor.problems()), f"'{expected}' to be noticed")
        visitor.seen.clear()

    def test_an_uncaught_exception_is_noticed(self):
        self.assert_seen("throw new Error('on purpose')", "uncaught: Uncaught Error: on purpose")

    def test_an_unhandled_rejection_is_noticed(self):
        self.assert_seen("Promise.reject(new Error('on purpose'))", "unhandled rejection: Error: on purpose")

    def test_an_error_on_the_console_is_noticed(self):
        self.assert_seen("console.error('on purpose')", "on purpose")

    def test_a_violation_of_the_policy_is_noticed(self):
        script = "const s = document.createElement('style'); s.textContent = 'p{}'; document.head.append(s)"
        self.assert_seen(script, "policy violation: style-src", "script-src 'self'; style-src 'self'; img-src data:")

    def test_an_image_that_does_not_load_is_noticed(self):
        self.assert_seen("new Image().src = '/none.png'; document.head.append(new Image())", "404")
