"""Names of the XML that the tests look at."""

CLIENT = "{jabber:client}"
MUC = "{http://jabber.org/protocol/muc}"
MUC_USER = "{http://jabber.org/protocol/muc#user}"
STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
DELAY = "{urn:xmpp:delay}delay"
STANZA_ID = "{urn:xmpp:sid:0}stanza-id"


def local(element):
    return element.tag.rpartition("}")[2]


def resource(jid):
    return (jid or "").partition("/")[2]


def bare(jid):
    return (jid or "").partition("/")[0]


def body(stanza):
    return stanza.findtext(f"{CLIENT}body")


def item(presence):
    found = presence.find(f"{MUC_USER}x/{MUC_USER}item")
    return found if found is not None else {}


def reason(presence):
    return presence.findtext(f"{MUC_USER}x/{MUC_USER}item/{MUC_USER}reason")


def codes(stanza):
    return {status.get("code") for status in stanza.iterfind(f"{MUC_USER}x/{MUC_USER}status")}


def condition(stanza):
    """The condition of an error stanza, with its type: `wait/remote-server-timeout`."""
    error = stanza.find(f"{CLIENT}error")
    if error is None:
        return None
    found = next((local(child) for child in error if child.tag.startswith(STANZAS) and local(child) != "text"), "?")
    return f"{error.get('type')}/{found}"
