"""A moderator in either place moderates both."""

from harness import names
from harness.case import InteropTest

REASON = "Too <loud> & \"rude\" ☃"


class Moderation(InteropTest):
    def test_a_visitor_is_kicked_by_an_xmpp_user_and_told_why_and_may_come_back(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        juliet.kick(self.room, "ann", REASON)
        for witness in (ann, romeo):
            left = witness.sees_leave(self.room, "ann")
            self.assertIn("307", names.codes(left))
            self.assertEqual(names.reason(left), REASON)
        ann.join(self.room, "ann", self.page)
        self.talk(ann, romeo)

    def test_a_visitor_is_banned_by_an_xmpp_user_and_stays_out(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        juliet.ban(self.room, ann.bare, REASON)
        for witness in (ann, romeo):
            left = witness.sees_leave(self.room, "ann")
            self.assertIn("301", names.codes(left))
            self.assertEqual(names.reason(left), REASON)
        self.assertEqual(self.refusal(ann, "ann"), "auth/forbidden")
        self.talk(romeo, juliet)

    def test_an_xmpp_user_is_kicked_by_a_moderator_on_the_page_and_told_why(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        juliet.set_role(self.room, "ann", "moderator")
        ann.expect("to be moderator", lambda it: names.item(it.occupants(self.room)["ann"]).get("role") == "moderator")
        ann.kick(self.room, "Romeo", REASON)
        for witness in (ann, romeo, juliet):
            left = witness.sees_leave(self.room, "Romeo")
            self.assertIn("307", names.codes(left))
            self.assertEqual(names.reason(left), REASON)
        romeo.join(self.room, "Romeo")
        self.talk(ann, romeo)

    def test_an_xmpp_user_is_banned_by_an_admin_on_the_page_and_stays_out(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        juliet.set_affiliation(self.room, ann.bare, "admin")
        ann.expect("to be admin", lambda it: names.item(it.occupants(self.room)["ann"]).get("affiliation") == "admin")
        ann.ban(self.room, romeo.bare, REASON)
        for witness in (ann, romeo, juliet):
            left = witness.sees_leave(self.room, "Romeo")
            self.assertIn("301", names.codes(left))
            self.assertEqual(names.reason(left), REASON)
        since = romeo.mark()
        romeo.send(f"<presence to='{self.room}/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        self.assertEqual(self.told(romeo, since), "auth/forbidden")
        self.talk(ann, juliet)

    def refusal(self, visitor, nick):
        since = visitor.mark()
        visitor.presence(f"{self.room}/{nick}", "<x xmlns='http://jabber.org/protocol/muc'/>")
        return self.told(visitor, since)

    def told(self, somebody, since):
        def look(it):
            return [names.condition(each) for each in it.stanzas[since:] if each.get("type") == "error"]

        return somebody.expect("a refusal", look)[0]
