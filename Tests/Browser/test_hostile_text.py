"""Remote text is text: as a nick, as a message, as a subject, from the widget or from any other client."""

from harness.case import DEMO, BrowserTest
from harness.strophe import StropheClient
from harness.waiting import until

HOSTILE = "<img src=x onerror=window.pwned=1>"

# What markup in the widget would show itself by.
TRACES = """
const elements = [...root.querySelectorAll('*')];
return elements.filter(element => ['IMG', 'SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM'].includes(element.tagName)
    && !element.closest('[data-sp=panel] > form, form[data-sp]')
  || [...element.attributes].some(attribute => attribute.name.startsWith('on'))
).map(element => element.outerHTML.slice(0, 200));
"""


class HostileText(BrowserTest):
    def assert_harmless(self, widget):
        self.assertEqual([trace for trace in widget.run(TRACES) if "pwned" in trace], [])
        self.assertFalse(widget.visitor.run("return 'pwned' in window"))

    def test_markup_typed_as_nick_and_as_message_stays_text(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.rename(HOSTILE)
        until(lambda: any(HOSTILE in nick for nick in ben.people()), "ben to see the nick as text")
        ann.say(HOSTILE)
        for widget in (ben, ann):
            self.assertEqual(widget.wait_for(HOSTILE)["author"], HOSTILE)
            self.assert_harmless(widget)

    def test_markup_from_another_client_stays_text_in_nick_message_subject_and_rich_text(self):
        widget = self.visitor_on(DEMO, "ann").widget.open()
        client = StropheClient(self, "mallory").join(self.server.url(DEMO), HOSTILE)
        until(lambda: any(HOSTILE in nick for nick in widget.people()), "ann to see the nick as text")
        client.visitor.run(
            "client.say(arguments[0], message => message"
            ".c('html', { xmlns: 'http://jabber.org/protocol/xhtml-im' })"
            ".c('body', { xmlns: 'http://www.w3.org/1999/xhtml' })"
            ".c('img', { src: 'x', onerror: 'window.pwned=1' }).t('rich').up().up().up())",
            HOSTILE,
        )
        self.assertEqual(widget.wait_for(HOSTILE)["author"], HOSTILE)
        client.visitor.run("client.setSubject(arguments[0])", HOSTILE)
        client.say("after the subject")
        widget.wait_for("after the subject")
        self.assert_harmless(widget)

    def test_only_harmless_links_become_links(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.say("see https://example.org/a?b=c&d and javascript:alert(1) and data:text/html,x")
        ben.wait_for("see https://example.org/a?b=c&d and javascript:alert(1) and data:text/html,x")
        links = ben.run(
            "return [...root.querySelectorAll('[data-sp=body] a')].map(a => [a.getAttribute('href'), a.rel, a.target])"
        )
        self.assertEqual(len(links), 1, links)
        address, relation, target = links[0]
        self.assertEqual(address, "https://example.org/a?b=c&d")
        self.assertEqual(set(relation.split()), {"noopener", "nofollow", "ugc"})
        self.assertEqual(target, "_blank")
