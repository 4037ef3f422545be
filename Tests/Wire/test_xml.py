"""XML that is not what XMPP allows, and XML that is but looks odd."""

from xml.etree import ElementTree

from harness.case import WireTest
from harness.xmpp import CLIENT

NS = 'xmlns="jabber:client"'


def message(inside="", attributes=""):
    return f'<message {NS} to="localhost"{attributes}><body>{inside}</body></message>'


REFUSED = {
    "DOCTYPE": ("<!DOCTYPE message>" + message(), "restricted-xml"),
    "a DTD from elsewhere": ('<!DOCTYPE m SYSTEM "http://127.0.0.1:1/x.dtd">' + message(), "restricted-xml"),
    "a billion laughs": (
        '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + message("&b;"),
        "restricted-xml",
    ),
    "an external entity": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + message("&e;"),
        "restricted-xml",
    ),
    "an entity of HTML": (message("&nbsp;"), ("restricted-xml", "not-well-formed")),
    "an undeclared entity in an attribute": (message(attributes=' id="&x;"'), ("restricted-xml", "not-well-formed")),
    "a comment": (message("<!-- x -->"), "restricted-xml"),
    "a comment before": ("<!-- x -->" + message(), "restricted-xml"),
    "a comment behind": (message() + "<!-- x -->", "restricted-xml"),
    "a processing instruction": (message("<?php x ?>"), "restricted-xml"),
    "a style sheet before": ('<?xml-stylesheet href="x"?>' + message(), "restricted-xml"),
    "a second declaration": ('<?xml version="1.0"?><?xml version="1.0"?>' + message(), "restricted-xml"),
    "latin-1 declared": ('<?xml version="1.0" encoding="iso-8859-1"?>' + message(), "unsupported-encoding"),
    "UTF-16 declared": ('<?xml version="1.0" encoding="UTF-16"?>' + message(), "unsupported-encoding"),
    "UTF-7 declared": ('<?xml version="1.0" encoding="UTF-7"?>' + message("+ADw-x+AD4-"), "unsupported-encoding"),
    "XML 1.1": ('<?xml version="1.1"?>' + message(), "not-well-formed"),
    "a declaration without a version": ('<?xml encoding="utf-8"?>' + message(), "not-well-formed"),
    "an undeclared prefix": (message("<a:b/>"), "not-well-formed"),
    "an undeclared prefix of an attribute": (message(attributes=' a:b="c"'), "not-well-formed"),
    "an attribute twice": (message(attributes=' id="a" id="b"'), "not-well-formed"),
    "an attribute twice through two prefixes": (
        message('<x xmlns:a="n" xmlns:b="n" a:c="1" b:c="2"/>'),
        "not-well-formed",
    ),
    "two colons in a name": (message('<a:b:c xmlns:a="n"/>'), "not-well-formed"),
    "a colon at the beginning": (message("<:b/>"), "not-well-formed"),
    "a colon at the end": (message('<a: xmlns:a="n"/>'), "not-well-formed"),
    "xml bound to something else": (message('<x xmlns:xml="n"/>'), "not-well-formed"),
    "something bound to xml's namespace": (
        message('<x xmlns:a="http://www.w3.org/XML/1998/namespace"/>'),
        "not-well-formed",
    ),
    "xmlns bound": (message('<x xmlns:xmlns="n"/>'), "not-well-formed"),
    "a prefix bound to nothing": (message('<x xmlns:a=""/>'), "not-well-formed"),
    "a control character": (message("\x01"), "not-well-formed"),
    "NUL": (message("\0"), "not-well-formed"),
    "NUL behind the root": (message() + "\0", "not-well-formed"),
    "an escape character in an attribute": (message(attributes=' id="\x1b"'), "not-well-formed"),
    "&#0;": (message("&#0;"), "not-well-formed"),
    "&#1;": (message("&#1;"), "not-well-formed"),
    "&#xD800;": (message("&#xD800;"), "not-well-formed"),
    "&#xFFFE;": (message("&#xFFFE;"), "not-well-formed"),
    "&#x110000;": (message("&#x110000;"), "not-well-formed"),
    "a reference of many digits": (message("&#99999999999999999999;"), "not-well-formed"),
    "U+FFFE": (message("\ufffe"), "not-well-formed"),
    "U+FFFF": (message("\uffff"), "not-well-formed"),
    "]]> in text": (message("]]>"), "not-well-formed"),
    "a bare ampersand": (message("a & b"), "not-well-formed"),
    "a bare <": (message("a < b"), "not-well-formed"),
    "< in an attribute": (message(attributes=' id="<"'), "not-well-formed"),
    "an attribute without quotes": (message(attributes=" id=a"), "not-well-formed"),
    "an attribute without a value": (message(attributes=" id"), "not-well-formed"),
    "no space between attributes": (f'<message {NS} to="localhost"id="a"/>', "not-well-formed"),
    "a wrong end tag": (f"<message {NS}><body></message></body>", "not-well-formed"),
    "an end tag too many": (message() + "</message>", "not-well-formed"),
    "an end tag with an attribute": (f'<message {NS}></message id="a">', "not-well-formed"),
    "no end tag": (f"<message {NS}>", "not-well-formed"),
    "CDATA outside": ("<![CDATA[x]]>" + message(), "not-well-formed"),
    "CDATA without end": (message("<![CDATA[x")[:-17], "not-well-formed"),
    "a name that begins with a digit": (message("<1/>"), "not-well-formed"),
    "text behind the root": (message() + "x", "not-well-formed"),
    "nested 65 deep": (message("<a>" * 63 + "</a>" * 63), "policy-violation"),
    "nested 20,000 deep": (message("<a>" * 20_000), "policy-violation"),
    "65 attributes": (message(attributes="".join(f' a{n}="x"' for n in range(63))), "policy-violation"),
    "1,001 elements": (message("<a/>" * 999), "policy-violation"),
    "200 namespaces in force": (
        message("".join("<x" + "".join(f' xmlns:p{n}_{m}="u"' for m in range(40)) + ">" for n in range(5)) + "</x>" * 5),
        "policy-violation",
    ),
    "a long namespace used a thousand times": (
        message("<p:y/>" * 900, f' xmlns:p="{"n" * 50_000}"'),
        "policy-violation",
    ),
}

# Sent as the body of a message to a room; the text that everybody must read.
ACCEPTED = {
    "references": ("&lt;b&gt; &amp;amp; &quot;&apos;", "<b> &amp; \"'"),
    "CDATA": ("<![CDATA[<b> & ]]]]><![CDATA[>]]>", "<b> & ]]>"),
    "numbers": ("&#65;&#x42;&#x1F600;", "AB😀"),
    "tab, newline, CR": ("a&#9;b&#10;c&#13;d", "a\tb\nc\rd"),
    "a raw line end of Windows": ("a\r\nb", "a\nb"),
    "the last character of plane 16": ("\U0010fffd", "\U0010fffd"),
    "direction marks": ("a\u202eb\u202c", "a\u202eb\u202c"),
}


class XML(WireTest):
    def test_what_xmpp_forbids_ends_the_session_with_its_condition(self):
        for name, (text, conditions) in REFUSED.items():
            with self.subTest(name), self.client() as client:
                client.send_text(text)
                error, has_closed, code, ending = client.read_end()
                self.assertIn(error, conditions if isinstance(conditions, tuple) else (conditions,))
                self.assertEqual((has_closed, code, ending), (True, 1000, "closed"))

    def test_what_is_unusual_but_right_reaches_the_room_unchanged(self):
        client = self.client()
        client.join(self.room, "Writer")
        for name, (text, expected) in ACCEPTED.items():
            with self.subTest(name):
                client.say(self.room, text, id=f"x-{len(name)}")
                heard = client.find(lambda stanza: stanza.get("id") == f"x-{len(name)}", name)
                self.assertEqual(heard.findtext(CLIENT + "body"), expected)

    def test_a_tree_arrives_as_the_same_tree(self):
        payload = (
            '<a:x xmlns:a="urn:a" a:y="&#9;&#10;&#13;&lt;&quot;\'" z="]]&gt;" xml:lang="de">'
            '<y xmlns="urn:b"/>t<a:y/><z xmlns=""/><y xmlns="urn:c" xmlns:a="urn:d" a:q="1"><a:r/></y></a:x>'
        )
        client = self.client()
        client.join(self.room, "Tree")
        client.send_text(f'<message {NS} type="groupchat" id="tree" to="{self.room}"><body>t</body>{payload}</message>')
        heard = client.find(lambda stanza: stanza.get("id") == "tree", "the tree")
        found = heard.find("{urn:a}x")

        def shape(element):
            return (element.tag, element.attrib, element.text or "", [(shape(c), c.tail or "") for c in element])

        self.assertEqual(shape(found), shape(ElementTree.fromstring(payload)))

    def test_a_declaration_in_utf_8_is_allowed(self):
        client = self.client()
        ping = f'<iq {NS} type="get" id="d"><ping xmlns="urn:xmpp:ping"/></iq>'
        for declaration in ('<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"):
            client.send_text(declaration + ping)
            self.assertEqual(client.expect(CLIENT + "iq").get("type"), "result")

    def test_a_stanza_of_just_the_limit_is_delivered(self):
        client = self.client()
        client.join(self.room, "Largest")
        empty = f'<message {NS} type="groupchat" id="large" to="{self.room}"><body></body></message>'
        client.say(self.room, "a" * (65_536 - len(empty)), id="large")
        heard = client.find(lambda stanza: stanza.get("id") == "large", "the largest stanza")
        self.assertEqual(len(heard.findtext(CLIENT + "body")), 65_536 - len(empty))
