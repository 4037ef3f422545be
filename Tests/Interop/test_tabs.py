"""A visitor with several tabs is one person to everybody else."""

from harness import names
from harness.case import InteropTest, only, until


class Tabs(InteropTest):
    def presences(self, listener, since, nick="ann"):
        """What a listener was told of an occupant since then."""
        address = f"{self.room}/{nick}"
        return [each for each in listener.all()[since:] if names.local(each) == "presence" and each.get("from") == address]

    def assert_quiet(self, listeners, marks, nick="ann"):
        """Nobody came or went in the eyes of these. A service may say again what it has said already."""
        for listener, mark in zip(listeners, marks, strict=True):
            for presence in self.presences(listener, mark, nick):
                self.assertIsNone(presence.get("type"), f"{listener.name} was told that {nick} is gone")
                self.assertFalse(self.world.is_hosted, f"{listener.name} was told of {nick}, which is no news")
            self.assertIn(nick, listener.occupants(self.room))

    def test_a_second_tab_comes_and_one_of_the_two_goes_and_nobody_notices(self):
        romeo = None
        for number, goer in enumerate(("first", "second")):
            for way in ("closed", "left"):
                nick = f"ann {number} {way}"
                with self.subTest(f"the {goer} is {way}"):
                    tabs = {"first": self.visitor_here("first", nick)}
                    ben = self.visitor_here("ben", f"ben {number} {way}")
                    romeo = romeo or self.person_here("romeo")
                    listeners = (romeo, ben)
                    for listener in listeners:
                        listener.sees(self.room, nick)
                    marks = [listener.mark() for listener in listeners]
                    tabs["second"] = self.tab_here(tabs["first"], "second", nick)
                    self.talk(romeo, ben, *tabs.values())
                    leaver = tabs.pop(goer)
                    (stayer,) = tabs.values()
                    if way == "closed":
                        leaver.close_tab()
                    else:
                        leaver.leave(self.room, nick)
                        leaver.sees_leave(self.room, nick)
                    self.talk(romeo, ben, stayer)
                    self.assert_quiet(listeners, marks, nick)
                    self.assertNotIn("unavailable", [each.get("type") for each in self.presences(stayer, 0, nick)])
                    stayer.close_tab()
                    for listener in listeners:
                        listener.sees_leave(self.room, nick)
                    ben.close_tab()

    def test_every_tab_hears_private_messages_to_the_nick_and_what_the_others_say(self):
        first = self.visitor_here("ann")
        second = self.tab_here(first, "second", "ann")
        romeo = self.person_here("romeo")
        romeo.whisper(self.room, "ann", "for both")
        for tab in (first, second):
            self.assertEqual(tab.read("for both", "chat").get("from"), f"{self.room}/Romeo")
        second.whisper(self.room, "Romeo", "from one of them")
        self.assertEqual(romeo.read("from one of them", "chat").get("from"), f"{self.room}/ann")
        self.talk(romeo, first, second)
        self.assertEqual(sorted(romeo.occupants(self.room)), sorted({"Romeo", "ann", *self.keeper(romeo)}))

    def keeper(self, listener):
        return {"samepage"} & set(listener.occupants(self.room))

    def test_a_kick_throws_out_all_tabs(self):
        first = self.visitor_here("ann")
        second = self.tab_here(first, "second", "ann")
        juliet = self.person_here("juliet")
        juliet.kick(self.room, "ann", "enough")
        for tab in (first, second):
            self.assertIn("307", names.codes(tab.sees_leave(self.room, "ann")))
        first.join(self.room, "ann", self.page)
        self.talk(juliet, first)

    def test_a_new_nick_is_that_of_all_tabs(self):
        first = self.visitor_here("ann")
        second = self.tab_here(first, "second", "ann")
        third = self.tab_here(first, "third", "ann")
        ben = self.visitor_here("ben")
        romeo = self.person_here("romeo")
        marks = {listener: listener.mark() for listener in (romeo, ben)}
        second.rename(self.room, "Nan")
        for listener in (romeo, ben, first, second, third):
            gone = listener.sees_leave(self.room, "ann")
            self.assertIn("303", names.codes(gone), listener.name)
            self.assertEqual(names.item(gone).get("nick"), "Nan")
            listener.sees(self.room, "Nan")
            self.assertNotIn("ann", listener.occupants(self.room), f"{listener.name} got last:\n{listener.last(12)}")
        for tab in (first, second, third):
            self.assertIn("110", names.codes(tab.sees_leave(self.room, "ann")), tab.name)
            tab.expect("the own presence", lambda it: any("110" in names.codes(each) for each in self.presences(it, 0, "Nan")))
        self.talk(romeo, ben, first, second, third)
        for listener, mark in marks.items():
            self.assertEqual(len([each for each in self.presences(listener, mark) if each.get("type")]), 1)
        first.close_tab()
        second.close_tab()
        self.talk(romeo, ben, third)
        self.assertIn("Nan", romeo.occupants(self.room))

    def test_a_nick_that_another_has_changes_nothing_in_any_tab(self):
        first = self.visitor_here("ann")
        second = self.tab_here(first, "second", "ann")
        romeo = self.person_here("romeo")
        mark = romeo.mark()
        second.rename(self.room, "Romeo")
        second.expect("to be refused", lambda it: [each for each in it.all("presence") if each.get("type") == "error"])
        self.talk(romeo, first, second)
        self.assert_quiet([romeo], [mark])

    @only("remote")
    def test_all_tabs_are_back_as_one_person_when_the_server_is(self):
        first = self.visitor_here("ann")
        second = self.tab_here(first, "second", "ann")
        ben = self.visitor_here("ben")
        self.talk(first, second, ben)
        until(lambda: self.server.has_written(self.room), "the server to have written the room down")
        self.server.kill()
        until(lambda: not self.bridge.is_linked(), "samepage to notice")
        self.server.start()
        self.world.wait_linked()
        romeo = self.person_here("romeo")
        romeo.sees(self.room, "ann", seconds=20)
        romeo.sees(self.room, "ben", seconds=20)
        self.talk(first, second, ben, romeo)
        self.assertEqual(set(romeo.occupants(self.room)) - {"samepage"}, {"ann", "ben", "Romeo"})
        mark = romeo.mark()
        first.close_tab()
        self.talk(second, ben, romeo)
        self.assert_quiet([romeo], [mark])
        for tab in (first, second):
            said = tab.bodies(self.room)
            self.assertEqual(len(said), len(set(said)), f"{tab.name} read something twice: {said}")
