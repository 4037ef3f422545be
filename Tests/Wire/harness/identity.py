"""Tabs of a browser, which come back with a token."""

import base64
import signal
import xml.etree.ElementTree as XML

from .case import WireTest
from .connection import Connection
from .http import read_answer, request
from .xmpp import BIND, BIND_REQUEST, CLIENT, SASL, Client, condition

VISITOR = "{urn:samepage:visitor:0}"
GET_TOKEN = "<token xmlns='urn:samepage:visitor:0'/>"
REVOKE = "<revoke xmlns='urn:samepage:visitor:0'/>"
JOIN = "<x xmlns='http://jabber.org/protocol/muc'/>"
BOSH = "http://jabber.org/protocol/httpbind"
# The server was started without sites: any page of any site may embed it.
HOME, ELSEWHERE = "https://home.example", "https://elsewhere.example"


def trace(token):
    """SASL ANONYMOUS with a trace string (RFC 4505)."""
    encoded = base64.b64encode(token.encode()).decode()
    return f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>{encoded}</auth>"


def bare(jid):
    return jid.partition("/")[0]


class Tab(Client):
    """A tab of a browser, which may come with a token."""

    def __init__(self, port, origin=HOME, token=None, until="bind", **how):
        super().__init__(port, origin=origin, until="open", **how)
        if until == "bind":
            answer = self.present(token)
            assert answer.tag == SASL + "success", f"not let in: {XML.tostring(answer)}"
            self.bind()

    def present(self, token):
        """Authenticates; the server's answer."""
        self.send_text(trace(token or "="))
        return self.next()

    def bind(self):
        self.open()
        return self.bind_once()

    def bind_once(self):
        """Asks for an address; the server's answer."""
        self.send_text(BIND_REQUEST)
        answer = self.expect(CLIENT + "iq")
        self.jid = getattr(answer.find(f"{BIND}bind/{BIND}jid"), "text", None)
        return answer

    def ask(self, kind, payload):
        """An IQ to the server; its answer, past whatever else comes."""
        identifier = f"ask-{next(self.ids)}"
        self.send_text(f"<iq xmlns='jabber:client' type='{kind}' id='{identifier}' to='localhost'>{payload}</iq>")
        while (answer := self.next()).get("id") != identifier:
            pass
        return answer

    def token(self):
        answer = self.ask("get", GET_TOKEN)
        assert answer.get("type") == "result", XML.tostring(answer)
        return answer.find(VISITOR + "token").text

    def says_nothing_more(self):
        """What came before an answer of the server that was asked for just now."""
        identifier = f"quiet-{next(self.ids)}"
        self.send_text(f"<iq xmlns='jabber:client' type='get' id='{identifier}'><ping xmlns='urn:xmpp:ping'/></iq>")
        before = []
        while (answer := self.next()).get("id") != identifier:
            before.append(answer)
        return before


class Bosh:
    """The same over BOSH: as much as it takes to be somebody."""

    def __init__(self, test, origin=HOME):
        self.test, self.origin, self.rid, self.sid = test, origin, 1, None
        self.sid = self.post("to='localhost' wait='1' hold='1' ver='1.11' xmpp:version='1.0'").get("sid")

    def post(self, attributes="", payload="", origin=None):
        sid = f" sid='{self.sid}'" if self.sid else ""
        self.rid += 1
        body = (
            f"<body xmlns='{BOSH}' xmlns:xmpp='urn:xmpp:xbosh' rid='{self.rid}'{sid} {attributes}>{payload}</body>"
        ).encode()
        with Connection(self.test.port) as connection:
            fields = [f"Content-Length: {len(body)}", f"Origin: {origin or self.origin}"]
            connection.send(request("POST", "/http-bind", *fields, body=body))
            return XML.fromstring(read_answer(connection).body)

    def present(self, token, origin=None):
        return next(iter(self.post(payload=trace(token), origin=origin)))

    def bind(self):
        self.post("xmpp:restart='true' to='localhost'")
        answer = self.post(payload=BIND_REQUEST)
        self.jid = next(answer.iter(BIND + "jid")).text
        return self

    def token(self):
        ask = f"<iq xmlns='jabber:client' type='get' id='t' to='localhost'>{GET_TOKEN}</iq>"
        return next(self.post(payload=ask).iter(VISITOR + "token")).text

    def leave(self):
        self.post("type='terminate'")


class Identity(WireTest):
    page = "https://home.example/a"

    def tab(self, *arguments, **how):
        tab = Tab(self.port, *arguments, **how)
        self.addCleanup(tab.close)
        return tab

    def refused(self, answer):
        self.assertEqual(answer.tag, SASL + "failure", XML.tostring(answer))
        self.assertEqual(condition(answer, SASL), "not-authorized")
        return answer.findtext(SASL + "text")

    def restart(self, how=signal.SIGKILL):
        self.server.process.send_signal(how)
        self.server.process.wait(10)
        self.server.start()
