"""What the tests have in common: a server, visitors, and no problem left unseen."""

import re
import subprocess
import unittest
import urllib.parse
import urllib.request

from common.runner import sentence
from common.server import EXECUTABLE, ROOT, Server

from .gateway import OPEN, Gateway
from .site import Site
from .visitor import Visitor

PICTURES = ROOT / "Tests/Browser/screenshots"
DEMO = "/demo/"


class BrowserTest(unittest.TestCase):
    flags = ()  # of the server

    def setUp(self):
        self.visitors = []
        self.sites = []
        self.gateways = []
        self.server = Server(*self.flags)

    def visitor(self, name, **how):
        visitor = Visitor(name, **how)
        self.visitors.append(visitor)
        return visitor

    def token(self, *arguments):
        command = [str(EXECUTABLE), "token", *arguments, "--data", str(self.server.folder / "data")]
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout

    def mint(self, role, name):
        """A token for somebody with a role: {token, link, id, …}."""
        said = self.token("--role", role, "--name", name, "--page", self.server.url(DEMO))
        return dict(line.split(maxsplit=1) for line in said.splitlines())

    def staff_on(self, path, role, name, **how):
        """Somebody with a role who has opened a page of the server, and the chat there."""
        visitor = self.visitor(name.lower(), **how)
        visitor.visit(f"{self.server.url(path)}#samepage={self.mint(role, name)['token']}")
        visitor.widget.wait("panel")
        visitor.widget.wait_joined()
        visitor.widget.wait("staff")
        return visitor

    def other_demo(self):
        """The path of another demo page, found as visitors find it: by a link on the first one."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.server.port}{DEMO}", timeout=5) as answer:
            links = re.findall(r'href="([^"#]+)"', answer.read().decode("utf-8"))
        paths = (urllib.parse.urlsplit(urllib.parse.urljoin(self.server.url(DEMO), link)) for link in links)
        found = [path.path for path in paths if path.path.startswith(DEMO) and path.path != DEMO and "." not in path.path]
        self.assertTrue(found, "the demo page links to no other demo page")
        return found[0]

    def visitor_on(self, path, name, **how):
        """A visitor who has opened a page of the server."""
        visitor = self.visitor(name, **how)
        visitor.visit(self.server.url(path))
        return visitor

    def site(self, pages, policy=None):
        site = Site(pages, policy)
        self.sites.append(site)
        return site

    def gateway(self, mode=OPEN):
        gateway = Gateway(self.server, mode)
        self.gateways.append(gateway)
        return gateway

    def tearDown(self):
        # Order matters: look for problems, stop the server under open connections, then close the browsers.
        faults = []
        if self._outcome.result.stories:
            faults.append(f"the server said:\n{self.server.output()}")
        for visitor in self.visitors:
            faults += visitor.problems()
        if self._outcome.result.stories or faults:
            self.photograph_all()
        try:
            self.server.stop()
        except AssertionError as error:
            faults.append(str(error))
        for visitor in self.visitors:
            visitor.leave()
        for other in self.sites + self.gateways:
            other.stop()
        if faults:
            self.fail("\n".join(faults))

    def photograph_all(self):
        name = sentence(self).replace(" ", "-")[:80]
        for visitor in self.visitors:
            try:
                visitor.photograph(PICTURES / f"failed-{name}-{visitor.name}.png")
            except Exception as error:  # the browser may be what failed
                print(f"      no picture of {visitor.name}: {error}")
