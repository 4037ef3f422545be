"""One XMPP server, our server beside it in one shape, and the people of a scenario."""

import itertools

from .bridge import Bridge
from .person import Person
from .shared import until
from .visitor import Visitor

USERS = ("romeo", "juliet")  # juliet owns the pages' rooms: `admins` in the documented configuration


class World:
    pages = itertools.count(1)

    def __init__(self, server_class, shape):
        self.shape = shape
        self.server = server_class(USERS)
        self.bridge = None
        try:
            self.server.start()
            self.bridge = Bridge(shape, self.server)
            self.mend()
        except BaseException:
            self.end()
            raise

    @property
    def is_hosted(self):
        return self.shape == "hosted"

    def mend(self):
        """Whatever the last scenario left behind: both servers are there, and linked."""
        if not self.server.is_running:
            self.server.start()
        if not self.bridge.is_running:
            self.bridge.start()
        self.wait_linked()

    def wait_linked(self, seconds=40):
        def look():
            return self.bridge.is_up() and self.bridge.is_linked()

        try:
            until(look, "/readyz to answer 200", seconds)
        except AssertionError as error:
            raise AssertionError(
                f"{error}\n/readyz: {self.bridge.get('/readyz')}\nsamepage said:\n{self.bridge.tail()}"
            ) from None

    def new_page(self):
        return f"https://example.org/page-{next(self.pages)}"

    def visitor(self, name, token=None):
        return Visitor(name, self.bridge.port, self.bridge.domain, token=token)

    def person(self, name):
        return Person(name, self.server).connect()

    def end(self):
        """Stops both, and tells what was wrong with how ours went."""
        faults = []
        if self.bridge is not None:
            faults += self.bridge.faults()
            self.bridge.remove()
        if self.server.is_running:
            self.server.terminate()
        self.server.remove()
        return faults
