"""A visitor of a page and an XMPP user are in the same room, and each sees all that the other does."""

from harness import names
from harness.case import PERSON_NICK, TEXT, VISITOR_NICK, InteropTest


class Conversation(InteropTest):
    def test_a_visitor_and_an_xmpp_user_read_each_other_with_markup_and_emoji_in_text_and_nick(self):
        ann = self.visitor_here("ann", VISITOR_NICK)
        romeo = self.person_here("romeo", PERSON_NICK)
        ann.say(self.room, TEXT)
        self.assertEqual(romeo.read(TEXT).get("from"), f"{self.room}/{VISITOR_NICK}")
        romeo.say(self.room, TEXT[::-1])
        self.assertEqual(ann.read(TEXT[::-1]).get("from"), f"{self.room}/{PERSON_NICK}")
        self.assertEqual(set(romeo.occupants(self.room)) - {"samepage"}, {VISITOR_NICK, PERSON_NICK})
        self.assertEqual(set(ann.occupants(self.room)) - {"samepage"}, {VISITOR_NICK, PERSON_NICK})

    def test_each_sees_the_other_come_and_change_and_go(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        romeo.sees(self.room, "ann")
        ann.sees(self.room, "Romeo")

        romeo.send(f"<presence to='{self.room}/Romeo'><show>away</show><status>Tea</status></presence>")
        ann.expect("Romeo to be away", lambda it: status(it.occupants(self.room)["Romeo"]) == ("away", "Tea"))
        ann.presence(f"{self.room}/ann", "<show>dnd</show><status>Reading</status>")
        romeo.expect("ann to be busy", lambda it: status(it.occupants(self.room)["ann"]) == ("dnd", "Reading"))

        romeo.leave(self.room, "Romeo")
        ann.sees_leave(self.room, "Romeo")
        romeo.sees_leave(self.room, "Romeo")
        romeo.join(self.room, "Romeo")
        ann.leave(self.room, "ann")
        romeo.sees_leave(self.room, "ann")

    def test_who_closes_the_tab_has_left_for_the_xmpp_user(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        romeo.sees(self.room, "ann")
        ann.close_tab()
        romeo.sees_leave(self.room, "ann")

    def test_a_new_nick_on_either_side_is_told_to_the_other(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        ann.rename(self.room, "Ann of Green Gables")
        left = romeo.sees_leave(self.room, "ann")
        self.assertIn("303", names.codes(left))
        self.assertEqual(names.item(left).get("nick"), "Ann of Green Gables")
        romeo.sees(self.room, "Ann of Green Gables")
        romeo.rename(self.room, PERSON_NICK)
        left = ann.sees_leave(self.room, "Romeo")
        self.assertIn("303", names.codes(left))
        self.assertEqual(names.item(left).get("nick"), PERSON_NICK)
        ann.sees(self.room, PERSON_NICK)
        self.talk(ann, romeo)

    def test_a_private_message_reaches_the_one_it_is_for_and_nobody_else(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        ann.whisper(self.room, "Romeo", "For Romeo " + TEXT)
        self.assertEqual(romeo.read("For Romeo " + TEXT, "chat").get("from"), f"{self.room}/ann")
        romeo.whisper(self.room, "ann", "For Ann " + TEXT)
        self.assertEqual(ann.read("For Ann " + TEXT, "chat").get("from"), f"{self.room}/Romeo")
        self.talk(ann, romeo, juliet)
        self.assertEqual([body for body in map(names.body, juliet.all("message")) if body and "For " in body], [])
        gone = ann.whisper(self.room, "Nobody", "Anybody?")
        self.assertIn(ann.error(gone), ("cancel/item-not-found", "modify/item-not-found"))

    def test_a_subject_of_either_side_is_seen_on_the_other_and_not_everybody_may_set_it(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        juliet.set_subject(self.room, "Otters & <tides>")
        ann.expect("the subject", lambda it: it.subject(self.room) == "Otters & <tides>")
        refused = ann.set_subject(self.room, "Mine")
        self.assertEqual(ann.error(refused), "auth/forbidden")
        juliet.set_role(self.room, "ann", "moderator")
        ann.expect("ann to be moderator", lambda it: role(it.occupants(self.room)["ann"]) == "moderator")
        ann.set_subject(self.room, "Lanterns ☃")
        romeo.expect("the subject", lambda it: it.subject(self.room) == "Lanterns ☃")
        late = self.visitor_here("late")
        late.expect("the subject", lambda it: it.subject(self.room) == "Lanterns ☃")

    def test_who_comes_later_reads_what_was_said_before_on_either_side(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        said = ["First, " + TEXT, "second", "third"]
        for text, speaker in zip(said, (ann, romeo, ann), strict=True):
            speaker.say(self.room, text)
            ann.read(text)
        for late in (self.visitor_here("late"), self.person_here("juliet")):
            late.read(said[-1])
            self.assertEqual(late.bodies(self.room), said)
            for stanza in late.messages("second"):
                self.assertIsNotNone(stanza.find(names.DELAY), "history without a time")

    def test_an_xmpp_user_finds_the_room_on_the_service(self):
        ann = self.visitor_here("ann")
        romeo = self.person("romeo")
        self.assertIn(self.bridge.service, romeo.items("example.org") | {self.bridge.service})
        features, identities = romeo.information(self.bridge.service)
        self.assertIn("http://jabber.org/protocol/muc", features)
        self.assertIn(("conference", "text"), identities)
        self.assertIn(self.room, romeo.items(self.bridge.service))
        features, identities = romeo.information(self.room)
        self.assertIn(("conference", "text"), identities)
        self.assertLessEqual({"muc_open", "muc_public"}, features)
        ann.leave(self.room, "ann")

    def test_nobody_is_in_the_room_unseen_or_under_another_name_whatever_the_nick(self):
        # JIDs of RFC 6122, which both servers have, lose some of these nicks on the way and rewrite the others.
        nicks = {
            "younger than Unicode 3.2": "fox 🦊",
            "of two directions": "Ann ب",
            "the other's in full width": "Ｒｏｍｅｏ",
            "with something invisible": "❤\ufe0f",
        }
        host = self.visitor_here("host")
        romeo = self.person_here("romeo")
        for case, nick in nicks.items():
            with self.subTest(case):
                ann = self.visitor("ann")
                ann.ask_in(self.room, nick, self.page)
                ann.expect("to be in the room, or to be told why not", lambda it: own(it, self.room) or refusal(it))
                if refusal(ann):
                    self.assertIn(refusal(ann), REFUSALS)
                    nick = "ann"
                    ann.join(self.room, nick, self.page)
                else:
                    nick = own(ann, self.room)
                ann.say(self.room, case)
                for listener in (host, romeo):
                    self.assertEqual(listener.read(case).get("from"), f"{self.room}/{nick}")
                    listener.sees(self.room, nick)
                ann.close_tab()
                romeo.sees_leave(self.room, nick)


# By a room of ours, of Prosody (strict, and "Romeo" is taken), and by ejabberd before any room sees it.
REFUSALS = ("modify/not-acceptable", "modify/jid-malformed", "cancel/conflict", "modify/bad-request")


def status(presence):
    return presence.findtext(f"{names.CLIENT}show"), presence.findtext(f"{names.CLIENT}status")


def role(presence):
    return names.item(presence).get("role")


def own(listener, room):
    """The nick under which one is in the room."""
    return next((nick for nick, presence in listener.occupants(room).items() if "110" in names.codes(presence)), None)


def refusal(listener):
    return next((names.condition(each) for each in listener.all("presence") if each.get("type") == "error"), None)
