"""Somebody with an XMPP account and a client that is not ours: slixmpp."""

import asyncio
import logging
import threading
from xml.sax.saxutils import escape, quoteattr

from . import names
from .listener import Listener

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)  # before the import, which has something to say

import slixmpp  # noqa: E402



class Network:
    """The thread in which all XMPP clients of the tests live."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.turn, daemon=True)
        self.thread.start()

    def turn(self):
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda *_: None)  # connections that break are part of the tests
        self.loop.run_forever()

    def run(self, work, seconds=30):
        """Runs a coroutine there and returns its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def call(self, function, *arguments, **options):
        async def work():
            return function(*arguments, **options)

        return self.run(work())


class Person(Listener):
    """`name@example.org` on a server; everything that a test does with rooms goes through slixmpp's XEP-0045."""

    network = None

    def __init__(self, name, server, domain="example.org"):
        super().__init__(name)
        if Person.network is None:
            Person.network = Network()
        self.server = server
        self.bare = f"{name}@{domain}"
        self.client = None

    def connect(self, seconds=40):
        """Connects and waits for the session. A server that has just started may need more than one attempt."""
        self.network.run(self.connect_there(seconds), seconds + 5)
        return self

    async def connect_there(self, seconds):
        client = slixmpp.ClientXMPP(self.bare, self.server.password)
        for plugin in ("0004", "0030", "0045", "0050", "0059", "0077", "0199", "0249", "0424", "0425"):
            client.register_plugin(f"xep_{plugin}")
        client.add_filter("in", self.listen)
        started = self.network.loop.create_future()
        client.add_event_handler("session_start", lambda _: started.done() or started.set_result(None))
        client.add_event_handler("failed_auth", lambda _: started.done() or started.set_exception(
            AssertionError(f"{self.bare} may not log in")))  # fmt: skip
        client.connect(("127.0.0.1", self.server.c2s), force_starttls=False, disable_starttls=True)
        await asyncio.wait_for(started, seconds)
        client.send_presence()
        self.client = client
        self.muc = client["xep_0045"]
        self.jid = client.boundjid.full

    def listen(self, stanza):
        self.hear(stanza.xml)
        return stanza

    @property
    def is_connected(self):
        return self.client is not None and self.client.is_connected()

    def disconnect(self):
        """Goes offline without leaving any room first."""
        if self.client is None:
            return
        client, self.client = self.client, None

        async def work():
            client.auto_reconnect = False
            if client.transport is not None:
                client.transport.abort()
            client.abort()

        self.network.run(work())

    # What a person does.

    def join(self, room, nick, history=20, seconds=15):
        """Joins and waits for the own presence. Returns it."""
        since = self.mark()
        payload = f"<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='{history}'/></x>"
        self.send(f"<presence to={quoteattr(f'{room}/{nick}')}>{payload}</presence>")
        return self.comes_in(room, nick, since, seconds)

    def send(self, xml):
        self.network.call(self.client.send_raw, xml)

    def message(self, to, payload, kind="groupchat"):
        identifier = self.network.call(self.client.new_id)
        self.send(f"<message type='{kind}' id='{identifier}' to={quoteattr(to)}>{payload}</message>")
        return identifier

    def say(self, room, text):
        return self.message(room, f"<body>{escape(text)}</body>")

    def whisper(self, room, nick, text):
        payload = f"<body>{escape(text)}</body><x xmlns='http://jabber.org/protocol/muc#user'/>"
        return self.message(f"{room}/{nick}", payload, kind="chat")

    def set_subject(self, room, text):
        self.network.call(self.muc.set_subject, slixmpp.JID(room), text)

    def rename(self, room, nick):
        self.send(f"<presence to={quoteattr(f'{room}/{nick}')}/>")

    def leave(self, room, nick):
        self.send(f"<presence type='unavailable' to={quoteattr(f'{room}/{nick}')}/>")

    def set_role(self, room, nick, role, reason=""):
        self.network.run(self.muc.set_role(slixmpp.JID(room), nick, role, reason=reason))

    def set_affiliation(self, room, jid, affiliation, reason=""):
        self.network.run(
            self.muc.set_affiliation(slixmpp.JID(room), affiliation, jid=slixmpp.JID(jid), reason=reason)
        )

    def kick(self, room, nick, reason):
        self.set_role(room, nick, "none", reason)

    def ban(self, room, jid, reason):
        self.set_affiliation(room, names.bare(jid), "outcast", reason)

    def configuration(self, room):
        """The owner's form of a room, as slixmpp shows it."""
        return self.network.run(self.muc.get_room_config(slixmpp.JID(room), timeout=10))

    def configure(self, room, **values):
        """Sends the form back with some fields changed, named without `muc#roomconfig_`."""
        form = self.configuration(room)
        for name, value in values.items():
            form.get_fields()[f"muc#roomconfig_{name}"]["value"] = value
        self.network.run(self.muc.set_room_config(slixmpp.JID(room), form, timeout=10))

    def cancel(self, room):
        self.network.run(self.muc.cancel_config(slixmpp.JID(room), timeout=10))

    def destroy(self, room, reason, elsewhere):
        self.network.run(self.muc.destroy(slixmpp.JID(room), reason, slixmpp.JID(elsewhere), timeout=10))

    def invite(self, room, jid, reason=""):
        self.network.call(self.muc.invite, slixmpp.JID(room), slixmpp.JID(jid), reason)

    def decline(self, room, jid, reason=""):
        self.network.call(self.muc.decline, slixmpp.JID(room), slixmpp.JID(jid), reason)

    def request_voice(self, room):
        self.network.call(self.muc.request_voice, slixmpp.JID(room), "participant")

    def affiliated(self, room, affiliation):
        """The addresses of a list."""
        wanted = self.muc.get_affiliation_list(slixmpp.JID(room), affiliation, timeout=10)
        return {str(each) for each in self.network.run(wanted)}

    def moderate(self, room, identifier, reason):
        """Retracts a message by its stanza-id."""
        moderation = self.client["xep_0425"]
        self.network.run(moderation.moderate(slixmpp.JID(room), identifier, reason, timeout=10))

    def command(self, to, name, *forms):
        """Gives a moderator's command as slixmpp's XEP-0050 does it: each answer but the last is filled in with one of
        the forms. Returns the answers; an error instead of one is raised."""
        return self.network.run(self.command_there(slixmpp.JID(to), f"urn:samepage:moderation:0#{name}", forms))

    async def command_there(self, to, node, forms):
        commands = self.client["xep_0050"]
        answers = asyncio.Queue()
        session = {name: lambda iq, _: answers.put_nowait(iq) for name in ("next", "error")}
        commands.start_command(to, node, session)
        told = []
        for number, fields in enumerate([*forms, None]):
            iq = await asyncio.wait_for(answers.get(), 10)
            if iq["type"] == "error":
                raise AssertionError(f"{node}: {iq['error']['condition']}, {iq['error']['text']}")
            told.append(iq["command"])
            if fields is None:
                return told
            form = self.client["xep_0004"].make_form(ftype="submit")
            for name, value in fields.items():
                kind = "list-multi" if isinstance(value, list) else "text-single"
                form.add_field(var=name, ftype=kind, value=value)
            session["payload"] = form
            offered = iq["command"]["actions"]
            (commands.complete_command if "complete" in offered else commands.continue_command)(session)

    def query(self, kind, to, payload, seconds=10):
        """Sends an IQ and waits for its answer."""
        identifier = self.network.call(self.client.new_id)
        self.send(f"<iq type='{kind}' id='{identifier}' to={quoteattr(to)}>{payload}</iq>")
        return self.answer(identifier, seconds)

    def information(self, jid):
        """The features and identities that disco#info tells, as sets."""
        answer = self.network.run(self.client["xep_0030"].get_info(jid=slixmpp.JID(jid), timeout=10))
        information = answer["disco_info"]
        return information["features"], {(each[0], each[1]) for each in information["identities"]}

    def items(self, jid):
        """The addresses that disco#items lists."""
        answer = self.network.run(self.client["xep_0030"].get_items(jid=slixmpp.JID(jid), timeout=10))
        return {str(each[0]) for each in answer["disco_items"]["items"]}
