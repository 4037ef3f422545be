"""An ordinary XMPP web client, Strophe.js as Debian ships it, on a page of another origin."""

from pathlib import Path

from .waiting import until

PAGES = Path(__file__).resolve().parent.parent / "pages"
LIBRARY = Path("/usr/share/javascript/strophe/strophe.min.js")


class StropheClient:
    """Uses a visitor's browser; joins the room that `GET /rooms` names for the page. `port`: of a proxy before the server."""

    def __init__(self, test, name, port=None):
        site = test.site(
            {
                "/": (PAGES / "strophe.html").read_text(encoding="utf-8"),
                "/client.js": (PAGES / "client.js").read_text(encoding="utf-8"),
                "/strophe.min.js": LIBRARY.read_bytes(),
            }
        )
        self.server = test.server
        self.port = port
        self.visitor = test.visitor(name)
        self.visitor.visit(site.url("/"))

    def get(self, field):
        return self.visitor.run("return client[arguments[0]]", field)

    def count(self, field):
        return self.visitor.run("return client[arguments[0]].length", field)

    def join(self, page, nick, over="websocket"):
        """`over` is the name of the address in the answer of /rooms: websocket or bosh."""
        answer = self.server.rooms(page)
        address = answer[over].replace(f":{self.server.port}", f":{self.port or self.server.port}")
        self.visitor.run("client.connect(arguments[0], arguments[1])", address, answer["domain"])
        until(lambda: self.get("status") == "CONNECTED", f"{nick} to be connected")
        self.visitor.run("client.join(arguments[0], arguments[1])", answer["rooms"][0]["jid"], nick)
        until(lambda: nick in self.get("here"), f"{nick} to be in the room")
        return self

    def say(self, body):
        self.visitor.run("client.say(arguments[0])", body)

    def wait_for(self, body):
        """Waits for a message with this text and returns {nick, body, type}."""

        def look():
            return next((message for message in self.get("heard") if message["body"] == body), None)

        return until(look, f"the Strophe client to read '{body}'")
