"""The link of `samepage token` makes a browser somebody with a role, and nothing of it stays where it could leak."""

from harness.case import DEMO, BrowserTest
from harness.waiting import until

TOKEN = "return localStorage.getItem('samepage:token')"
# What this document has asked for.
REQUESTS = "return performance.getEntriesByType('resource').map(entry => entry.name)"


class StaffLink(BrowserTest):

    def test_opened_as_a_link_it_makes_the_browser_that_person_for_good(self):
        made = self.mint("owner", "Zoë 오너")
        ann = self.visitor("ann")
        ann.visit(made["link"])
        ann.widget.wait("panel")
        ann.widget.wait_joined()
        self.assertEqual(ann.run("return location.href"), self.server.url(DEMO))
        self.assertTrue(ann.widget.nick().endswith("You are Zoë 오너"))
        self.assertFalse([request for request in ann.run(REQUESTS) if "sp1." in request])
        self.assertIn(made["id"], ann.run(TOKEN))
        self.assertIn("Owner", ann.widget.people()[0])
        # The next page and the next visit go without the link.
        ann.visit(self.server.url(self.other_demo()))
        ann.widget.wait_joined()
        self.assertTrue(ann.widget.nick().endswith("You are Zoë 오너"))
        self.assertIn("Owner", ann.widget.people()[0])
        # And back in the history there is no token either.
        ann.driver.back()
        ann.widget.wait_joined()
        self.assertEqual(ann.run("return location.href"), self.server.url(DEMO))

    def test_the_page_around_it_keeps_its_own_fragment_and_query(self):
        made = self.mint("moderator", "Mo")
        mo = self.visitor("mo")
        mo.visit(self.server.url(f"{DEMO}?q=1#part"))
        self.assertEqual(mo.run("return location.hash"), "#part")
        mo.visit(f"{self.server.url(DEMO)}?q=2#samepage={made['token']}")
        mo.widget.wait_joined()
        self.assertEqual(mo.run("return location.href"), self.server.url(f"{DEMO}?q=2"))

    def test_somebody_who_was_here_before_becomes_that_person_by_the_link(self):
        made = self.mint("moderator", "Mo")
        mo = self.visitor_on(DEMO, "mo")
        mo.widget.open().rename("Nobody")
        until(lambda: mo.run(TOKEN), "a token")
        mo.visit(self.server.url(self.other_demo()))
        mo.visit(made["link"])
        mo.widget.wait_joined()
        self.assertTrue(mo.widget.nick().endswith("You are Mo"))
        self.assertIn(made["id"], mo.run(TOKEN))

    def test_nobody_is_put_into_the_skin_of_a_visitor_who_spreads_a_link(self):
        eve = self.visitor_on(DEMO, "eve")
        eve.widget.open()
        stolen = until(lambda: eve.run(TOKEN), "a token")
        ben = self.visitor("ben")
        ben.visit(f"{self.server.url(DEMO)}#samepage={stolen}")
        ben.widget.wait_joined()
        self.assertEqual(ben.run("return location.href"), self.server.url(DEMO))
        until(lambda: ben.run(TOKEN), "a token")
        self.assertNotEqual(ben.run(TOKEN).split(".")[1], stolen.split(".")[1])

    def test_whose_token_is_revoked_is_told_and_goes_on_as_a_visitor(self):
        made = self.mint("owner", "Ann")
        ann = self.visitor("ann")
        ann.visit(made["link"])
        ann.widget.wait_joined()
        self.token("revoke", made["id"])
        until(ann.widget.trouble, "Ann to be told")
        ann.visit(self.server.url(DEMO))
        ann.widget.wait_joined()
        self.assertNotIn(made["id"], ann.run(TOKEN))
        self.assertNotIn("Owner", ann.widget.people()[0])
