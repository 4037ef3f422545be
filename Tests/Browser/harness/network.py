"""The XMPP network behind the server, as far as a visitor's browser can tell: played in the browser itself."""

import json
from pathlib import Path

SCRIPT = (Path(__file__).resolve().parent / "network.js").read_text(encoding="utf-8")
CLIENT = "xmlns='jabber:client'"


class Network:
    """To be made before the visitor opens a page. `rooms` are fields that `GET /rooms` is to tell of every room."""

    def __init__(self, visitor, **rooms):
        self.visitor = visitor
        visitor.tell(
            "Page.addScriptToEvaluateOnNewDocument",
            source=f"{SCRIPT}; Object.assign(network.rooms, {json.dumps(rooms)});",
        )

    def hear(self, stanza):
        """The visitor's browser receives a stanza."""
        self.visitor.run("network.hear(arguments[0])", stanza)

    def notice(self, room, state):
        """What the server tells when the link to the room's server goes `down` or comes `up`."""
        self.hear(
            f"<message {CLIENT} type='groupchat' from='{room}'><body>The connection is {state}.</body>"
            f"<x xmlns='urn:samepage:link:0' state='{state}'/><no-store xmlns='urn:xmpp:hints'/></message>"
        )

    def hold(self, yes=True):
        """Messages that are sent from now on get nowhere."""
        self.visitor.run("network.hold(arguments[0])", yes)

    def bounced(self):
        """The ids of messages that got nowhere."""
        return self.visitor.run("return network.bounced")

    def bounce(self, room, id_):
        """The answer to a message that could not be delivered."""
        self.hear(
            f"<message {CLIENT} type='error' from='{room}' id='{id_}'><error type='wait'>"
            f"<remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
