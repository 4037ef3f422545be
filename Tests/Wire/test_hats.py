"""What the operator puts on rooms and staff: a picture (XEP-0486), and hats (XEP-0317) that nobody else can wear."""

import atexit
import base64
import hashlib
import shutil
import tempfile
from pathlib import Path

from common.server import Server
from harness.admin import AdminTest
from harness.case import MANY
from harness.identity import Tab
from harness.xmpp import statuses

HATS = "{urn:xmpp:hats:0}"
VCARD = "{vcard-temp}"
PICTURE = b"\x89PNG\r\n\x1a\n and what else a picture has"


def picture(content):
    """The path of a file with this."""
    folder = tempfile.mkdtemp(prefix="samepage-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "icon")
    path.write_bytes(content)
    return str(path)


class Looks(AdminTest):
    flags = (*MANY, "--rooms-icon", picture(PICTURE), "--moderation-hat-moderator", "Helper", "--moderation-hat-admin", "none")

    def tab(self, **how):
        tab = Tab(self.port, **how)
        self.addCleanup(tab.close)
        return tab

    def own(self, tab, nick):
        """What a tab is in the room, as it is told itself."""
        return next(each for each in tab.join(self.room, nick) if 110 in statuses(each))

    def hats(self, presence):
        return [(hat.get("uri"), hat.get("title")) for hat in presence.iter(HATS + "hat")]

    def test_staff_wears_what_the_operator_calls_it(self):
        for role, expected in (("moderator", [("urn:samepage:hats:0#moderator", "Helper")]), ("admin", []),
                               ("owner", [("urn:samepage:hats:0#owner", "Owner")])):  # fmt: skip
            with self.subTest(role):
                made = self.mint(role, f"Ann {role}")
                self.assertEqual(self.hats(self.own(self.tab(token=made["token"]), f"Ann {role}")), expected)

    def test_nobody_puts_a_hat_on(self):
        tab, witness = self.tab(), self.tab()
        witness.join(self.room, "Witness")
        hat = "<hats xmlns='urn:xmpp:hats:0'><hat uri='urn:samepage:hats:0#owner' title='Owner'/></hats>"
        tab.send_text(
            f"<presence xmlns='jabber:client' to='{self.room}/Eve'><x xmlns='http://jabber.org/protocol/muc'/>{hat}</presence>")
        seen = witness.find(lambda each: (each.get("from") or "").endswith("/Eve"), "Eve")
        self.assertEqual(self.hats(seen), [])

    def ask(self, tab, payload):
        tab.send_text(f"<iq xmlns='jabber:client' type='get' id='q' to='{self.room}'>{payload}</iq>")
        return tab.find(lambda each: each.get("id") == "q", "an answer")

    def test_a_room_has_its_picture_and_says_which(self):
        tab = self.tab()
        tab.join(self.room, "Guest")
        information = self.ask(tab, "<query xmlns='http://jabber.org/protocol/disco#info'/>")
        fields = {field.get("var"): field.findtext("{jabber:x:data}value") for field in information.iter("{jabber:x:data}field")}
        self.assertEqual(fields["muc#roominfo_avatarhash"], hashlib.sha1(PICTURE).hexdigest())
        card = self.ask(tab, "<vCard xmlns='vcard-temp'/>").find(f"{VCARD}vCard/{VCARD}PHOTO")
        self.assertEqual(card.findtext(VCARD + "TYPE"), "image/png")
        self.assertEqual(base64.b64decode(card.findtext(VCARD + "BINVAL")), PICTURE)

    def test_a_picture_that_is_none_keeps_the_server_from_starting_and_says_why(self):
        for content, why in ((b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG, GIF or WebP"),
                             (PICTURE + bytes(70_000), "more than 64 KiB")):  # fmt: skip
            with self.subTest(why):
                with self.assertRaisesRegex(AssertionError, f"rooms.icon.*{why}"):
                    Server("--rooms-icon", picture(content)).kill()
