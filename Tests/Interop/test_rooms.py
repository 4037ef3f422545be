"""Rooms of ours with everything that XEP-0045 has: configured, moderated and left by people of another server."""

from harness import names
from harness.case import InteropTest, only

REASON = "Too <loud> & \"rude\" ☃"
JOIN = "<x xmlns='http://jabber.org/protocol/muc'/>"
RETRACT = "{urn:xmpp:message-retract:1}"
MODERATE = "{urn:xmpp:message-moderate:1}"
RSM = "{http://jabber.org/protocol/rsm}"
DATA = "{jabber:x:data}"
ITEMS = "{http://jabber.org/protocol/disco#items}item"


class Rooms(InteropTest):
    """`juliet` owns the rooms of the pages, and may make others."""

    @only("hosted")
    def test_the_owner_configures_a_room_and_everybody_is_told_and_it_holds(self):
        ann = self.visitor_here("ann")
        juliet = self.person_here("juliet")
        juliet.configure(self.room, roomname="Quiet <please>", moderatedroom="1", roomdesc="Shh & shh")
        for witness in (ann, juliet):
            self.hears_code(witness, "104")
        features, identities = juliet.information(self.room)
        self.assertIn("muc_moderated", features)
        ann.say(self.room, "I was here before")
        juliet.read("I was here before")
        ben = self.visitor_here("ben")
        self.assertEqual(ben.error(ben.say(self.room, "hush")), "auth/forbidden")
        for somebody, nick in ((ann, "ann"), (ben, "ben"), (juliet, "Juliet")):
            somebody.leave(self.room, nick)
            somebody.sees_leave(self.room, nick)
        self.assertEqual(names.item(self.visitor_here("cem").occupants(self.room)["cem"]).get("role"), "visitor")
        held = juliet.configuration(self.room).get_fields()["muc#roomconfig_roomname"]["value"]
        self.assertEqual(held, "Quiet <please>")

    @only("hosted")
    def test_nobody_but_owners_configures_a_room(self):
        self.visitor_here("ann")
        romeo = self.person_here("romeo")
        answer = romeo.query("get", self.room, "<query xmlns='http://jabber.org/protocol/muc#owner'/>")
        self.assertEqual(names.condition(answer), "auth/forbidden")

    @only("hosted")
    def test_a_room_for_members_puts_others_out_and_takes_the_invited(self):
        ann = self.visitor_here("ann")
        juliet = self.person_here("juliet")
        juliet.configure(self.room, membersonly="1")
        self.assertIn("322", names.codes(ann.sees_leave(self.room, "ann")))
        self.assertIn("322", names.codes(juliet.sees_leave(self.room, "ann")))
        since = ann.mark()
        ann.presence(f"{self.room}/ann", JOIN)
        self.assertEqual(self.told(ann, since), "auth/registration-required")
        juliet.invite(self.room, ann.bare, REASON)
        invite = self.hears_invitation(ann)
        self.assertEqual(invite.get("from"), f"{self.room}/Juliet")
        self.assertEqual(invite.findtext(f"{names.MUC_USER}reason"), REASON)
        own = ann.join(self.room, "ann")
        self.assertEqual(names.item(own).get("affiliation"), "member")
        self.assertIn(ann.bare, juliet.affiliated(self.room, "member"))
        self.talk(ann, juliet)

    @only("hosted")
    def test_a_new_room_is_locked_while_its_owner_configures_it_and_gone_when_that_is_cancelled(self):
        juliet = self.person("juliet")
        ann = self.visitor("ann")
        lounge = f"lounge@{self.bridge.service}"
        self.assertIn("201", names.codes(juliet.join(lounge, "Juliet")))
        juliet.configuration(lounge)
        since = ann.mark()
        ann.presence(f"{lounge}/ann", JOIN)
        self.assertEqual(self.told(ann, since), "cancel/item-not-found")
        juliet.configure(lounge, roomname="Lounge")
        ann.join(lounge, "ann")
        juliet.sees(lounge, "ann")
        cellar = f"cellar@{self.bridge.service}"
        juliet.join(cellar, "Juliet")
        juliet.configuration(cellar)
        juliet.cancel(cellar)
        juliet.sees_leave(cellar, "Juliet")
        answer = juliet.query("get", cellar, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
        self.assertEqual(names.condition(answer), "cancel/item-not-found")

    @only("hosted")
    def test_everybody_in_a_destroyed_room_is_told_why_and_where_to_go(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person("juliet")
        elsewhere = self.bridge.room(self.world.new_page())
        juliet.destroy(self.room, REASON, elsewhere)
        for somebody, nick in ((ann, "ann"), (romeo, "Romeo")):
            destroy = somebody.sees_leave(self.room, nick).find(f"{names.MUC_USER}x/{names.MUC_USER}destroy")
            self.assertEqual(destroy.get("jid"), elsewhere)
            self.assertEqual(destroy.findtext(f"{names.MUC_USER}reason"), REASON)
        ann.join(self.room, "ann", self.page)
        romeo.join(self.room, "Romeo")
        self.talk(ann, romeo)

    @only("hosted")
    def test_an_invitation_is_declined_to_whoever_made_it(self):
        self.visitor_here("ann")
        juliet = self.person_here("juliet")
        romeo = self.person("romeo")
        juliet.invite(self.room, romeo.bare, REASON)
        invite = self.hears_invitation(romeo)
        romeo.decline(self.room, invite.get("from"), "too late")
        decline = juliet.expect("a decline", lambda it: self.extensions(it, "decline"))[0]
        self.assertEqual(decline.get("from"), romeo.bare)
        self.assertEqual(decline.findtext(f"{names.MUC_USER}reason"), "too late")

    @only("hosted")
    def test_visitors_invite_visitors_and_nobody_of_the_network(self):
        ann = self.visitor_here("ann")
        ben = self.visitor("ben")
        self.assertEqual(ann.error(self.invites(ann, "romeo@example.org")), "auth/forbidden")
        self.invites(ann, ben.bare)
        self.assertEqual(self.hears_invitation(ben).get("from"), f"{self.room}/ann")

    @only("hosted")
    def test_a_request_for_voice_reaches_the_moderator_who_grants_it(self):
        self.visitor_here("ann")
        juliet = self.person_here("juliet")
        juliet.configure(self.room, moderatedroom="1")
        romeo = self.person_here("romeo")
        romeo.request_voice(self.room)
        form = juliet.expect("a request for voice", lambda it: [
            form for each in it.all("message") for form in each.iterfind(f"{DATA}x") if form.get("type") == "form"
        ])[0]  # fmt: skip
        values = {each.get("var"): each.findtext(f"{DATA}value") for each in form.iterfind(f"{DATA}field")}
        self.assertEqual(values["muc#roomnick"], "Romeo")
        values["muc#request_allow"] = "1"
        fields = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in values.items())
        juliet.send(f"<message to='{self.room}'><x xmlns='jabber:x:data' type='submit'>{fields}</x></message>")
        romeo.expect(
            "to have voice", lambda it: names.item(it.occupants(self.room)["Romeo"]).get("role") == "participant")
        self.talk(romeo, juliet)

    @only("hosted")
    def test_a_reserved_nick_is_nobody_elses(self):
        self.visitor_here("ann")
        juliet = self.person_here("juliet")
        romeo = self.person("romeo")
        juliet.set_affiliation(self.room, romeo.bare, "member")
        form = romeo.query("get", self.room, "<query xmlns='jabber:iq:register'/>")
        self.assertEqual(form.find(f"*/{DATA}x/{DATA}field[@var='muc#register_roomnick']").get("type"), "text-single")
        field = "<field var='muc#register_roomnick'><value>Montague</value></field>"
        query = f"<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>{field}</x></query>"
        self.assertEqual(romeo.query("set", self.room, query).get("type"), "result")
        ben = self.visitor("ben")
        since = ben.mark()
        ben.presence(f"{self.room}/Montague", JOIN)
        self.assertEqual(self.told(ben, since), "cancel/conflict")
        romeo.join(self.room, "Montague")
        self.talk(romeo, juliet)

    @only("hosted")
    def test_a_moderator_takes_back_what_a_visitor_said_and_newcomers_find_a_tombstone(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        juliet = self.person_here("juliet")
        ann.say(self.room, "buy this")
        said = juliet.read("buy this")
        identifier = said.find(names.STANZA_ID).get("id")
        juliet.moderate(self.room, identifier, REASON)
        for witness in (ann, romeo, juliet):
            retract = witness.expect("the retraction", lambda it: [
                retract for each in it.all("message") for retract in each.iterfind(f"{RETRACT}retract")
            ])[0]  # fmt: skip
            self.assertEqual(retract.get("id"), identifier)
            self.assertEqual(retract.findtext(f"{RETRACT}reason"), REASON)
            self.assertEqual(retract.find(f"{MODERATE}moderated").get("by"), f"{self.room}/Juliet")
        ben = self.visitor_here("ben")
        stone = ben.expect("a tombstone", lambda it: [
            each for each in it.all("message") if each.find(f"{RETRACT}retracted") is not None
        ])[0]  # fmt: skip
        self.assertEqual((stone.get("from"), names.body(stone)), (f"{self.room}/ann", None))
        self.assertEqual(ben.bodies(self.room), [])

    @only("hosted")
    def test_a_person_takes_back_its_own_words_and_nobody_elses(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        romeo.say(self.room, "I love")
        identifier = ann.read("I love").find(names.STANZA_ID).get("id")
        retraction = f"<retract xmlns='urn:xmpp:message-retract:1' id='{identifier}'/>"
        self.assertEqual(ann.error(ann.message(self.room, retraction)), "auth/forbidden")
        romeo.message(self.room, retraction + "<body>(taken back)</body>")
        self.assertEqual(ann.read("(taken back)").find(f"{RETRACT}retract").get("id"), identifier)
        ben = self.visitor_here("ben")
        ben.read("(taken back)")
        self.assertEqual(ben.messages("I love"), [])

    @only("hosted")
    def test_the_list_of_rooms_can_be_paged_through(self):
        for number in range(3):
            page = self.world.new_page()
            self.visitor(f"v{number}").join(self.bridge.room(page), f"v{number}", page)
        romeo = self.person("romeo")
        everything, after = [], ""
        while True:
            page = f"<set xmlns='http://jabber.org/protocol/rsm'><max>2</max>{after}</set>"
            query = f"<query xmlns='http://jabber.org/protocol/disco#items'>{page}</query>"
            answer = romeo.query("get", self.bridge.service, query)
            everything += [each.get("jid") for each in answer.iter(ITEMS)]
            last = answer.findtext(f".//{RSM}last")
            if last is None:
                break
            after = f"<after>{last}</after>"
        self.assertEqual(len(everything), int(answer.findtext(f".//{RSM}count")))
        self.assertEqual(len(set(everything)), len(everything))
        self.assertGreaterEqual(len(everything), 3)

    # What these scenarios look for.

    def told(self, somebody, since):
        def look(it):
            return [names.condition(each) for each in it.stanzas[since:] if each.get("type") == "error"]

        return somebody.expect("a refusal", look)[0]

    def hears_code(self, somebody, code):
        def look(it):
            return [each for each in it.all("message") if each.get("from") == self.room and code in names.codes(each)]

        return somebody.expect(f"status {code}", look)[0]

    def extensions(self, somebody, name):
        wanted = f"{names.MUC_USER}x/{names.MUC_USER}{name}"
        return [found for each in somebody.all("message") for found in each.iterfind(wanted)]

    def hears_invitation(self, somebody):
        return somebody.expect("an invitation", lambda it: self.extensions(it, "invite"))[0]

    def invites(self, visitor, jid):
        payload = f"<x xmlns='http://jabber.org/protocol/muc#user'><invite to='{jid}'/></x>"
        return visitor.message(self.room, payload, kind="normal")
