import Testing
import XMPP

@testable import MUC

/// People to whom the service itself has given an office: in all rooms, or in those of one site.
@Suite struct OfficeTests {
    let stage = Stage()
    var romeo: Actor { stage.actor("romeo@verona.example/orchard") }
    var tybalt: Actor { stage.actor("tybalt@verona.example/street") }
    var nurse: Actor { stage.actor("nurse@verona.example/admin-1") }
    var friar: Actor { stage.actor("friar@verona.example/admin-2") }

    /// Two rooms of two sites; the nurse moderates the first site, the friar owns every room.
    init() {
        stage.policy.sites = ["balcony": "capulet.example", "crypt": "montague.example"]
        stage.policy.offices = [
            "nurse@verona.example": Office(.moderator, site: "capulet.example", nick: "Nurse"),
            "friar@verona.example": Office(.owner, nick: "Friar"),
        ]
        for room in ["balcony", "crypt"] {
            romeo.isIn(as: "Romeo", room: room)
            tybalt.isIn(as: "Tybalt", room: room)
        }
        _ = romeo.gets()
    }

    private func said(_ body: String, in room: String = "balcony") throws -> String {
        tybalt.does(.message, "groupchat", to: room, [.body(body)])
        _ = romeo.gets()
        return try #require(tybalt.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
    }

    private func reports(_ id: String, in room: String = "balcony") {
        let message = Element("stanza-id", Namespace.stanzaIDs, ["by": "\(room)@\(Stage.service)", "id": id])
        romeo.asks(
            Element("report", Report.namespace, ["reason": "urn:xmpp:reporting:spam"], [message]), of: room,
            type: "set")
        _ = romeo.gets()
    }

    @Test func aModeratorBySiteActsFromOutsideInThatSiteAlone() {
        let item: KeyValuePairs<String, String?> = ["nick": "Tybalt", "role": "none"]
        let query = Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, item)])
        nurse.asks(query, of: "crypt", type: "set")
        #expect(nurse.hears() == ["iq error forbidden/auth"])
        nurse.asks(query, type: "set")
        #expect(nurse.hears() == ["iq result"])
        #expect(stage.room()?.occupants["Tybalt"] == nil)
        #expect(stage.room("crypt")?.occupants["Tybalt"] != nil)
    }

    @Test func whoKicksFromOutsideIsNamedByTheNickOfTheOffice() {
        nurse.moderates(["nick": "Tybalt", "role": "none"])
        let gone = romeo.gets().last?.child("x", Namespace.mucUser)
        #expect(gone?.child("item", Namespace.mucUser)?.child("actor", Namespace.mucUser)?["nick"] == "Nurse")
        #expect(nurse.commands("log").rows("kind", "actor-nick", "target-nick") == ["kick Nurse Tybalt"])
    }

    @Test func theRoomsWithinReachAreListedTheFullestFirst() {
        tybalt.leaves("Tybalt")
        stage.actor("paris@verona.example/church").lurks()
        #expect(
            friar.commands("rooms", to: "").rows("jid", "occupants", "readers") == [
                "crypt@\(Stage.service) 2 0", "balcony@\(Stage.service) 1 1",
            ])
        #expect(nurse.commands("rooms", to: "").rows("name") == ["balcony"])
        #expect(friar.commands("rooms", to: "", ["search": ["CRY"]]).rows("name") == ["crypt"])
        #expect(friar.commands("rooms", to: "", ["skip": ["1"]]).rows("name") == ["balcony"])
        #expect(romeo.commands("rooms", to: "").error == "forbidden")
    }

    @Test func onlyThoseOfAllRoomsBanFromAllRooms() {
        #expect(nurse.commands("ban", to: "").error == "forbidden")
        #expect(friar.bans("tybalt@verona.example", to: "").done.status == "completed")
        #expect(stage.room()?.occupants["Tybalt"] == nil)
        #expect(stage.room("crypt")?.occupants["Tybalt"] == nil)
    }

    @Test func theOwnerOfASiteBansFromAllItsRoomsAndFromNoOthers() throws {
        stage.policy.offices["nurse@verona.example"]?.standing = .admin
        stage.policy.sites["square"] = "capulet.example"
        tybalt.isIn(as: "Tybalt", room: "square")
        #expect(nurse.bans("Tybalt", scope: "site").asked.error == "forbidden")
        #expect(nurse.bans("Tybalt", scope: "pages").done.status == "completed")
        #expect(stage.room("balcony")?.occupants["Tybalt"] == nil && stage.room("square")?.occupants["Tybalt"] == nil)
        #expect(stage.room("crypt")?.occupants["Tybalt"] != nil)
        _ = tybalt.gets()
        tybalt.joins("Tybalt")
        #expect(tybalt.hears() == ["presence error forbidden/auth"])
        // Nor does he make another one of that site.
        stage.policy.sites["garden"] = "capulet.example"
        tybalt.joins("Tybalt", room: "garden")
        #expect(tybalt.hears() == ["presence error forbidden/auth"])

        stage.policy.offices["abbess@verona.example"] = Office(.owner, site: "montague.example", nick: "Abbess")
        let abbess = stage.actor("abbess@verona.example/admin-3")
        #expect(abbess.commands("bans", to: "").rows("jid") == [])
        #expect(nurse.commands("bans").rows("jid", "scope") == ["tybalt@verona.example pages capulet.example"])
        let ban = try #require(nurse.commands("lift", to: "").options("bans").first)
        #expect(abbess.commands("lift", to: "", ["bans": [ban]]).error == "item-not-found")
        #expect(nurse.commands("lift", to: "", ["bans": [ban]]).status == "completed")
        tybalt.isIn(as: "Tybalt")
        #expect(stage.room()?.occupants["Tybalt"] != nil)
    }

    @Test func whoHasAnOfficeIsNotBanned() {
        friar.isIn(as: "Friar")
        let begun = friar.commands("ban", ["who": ["nurse@verona.example"], "duration": ["60"], "scope": ["site"]])
        #expect(begun.error == "not-allowed")
    }

    @Test func theLogOfASiteSaysNothingOfAnother() {
        friar.moderates(["nick": "Tybalt", "role": "none"])
        let query = Element(
            "query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, ["nick": "Tybalt", "role": "none"])])
        friar.asks(query, of: "crypt", type: "set")
        #expect(friar.commands("log", to: "").rows("kind", "room") == ["kick crypt", "kick balcony"])
        #expect(nurse.commands("log", to: "").rows("kind", "room") == ["kick balcony"])
    }

    @Test func whatWaitsInAnyRoomIsInOneList() throws {
        friar.configures(["{\(Namespace.moderationCommands)}hold-first": "1"])
        tybalt.says("first words")
        let row = try #require(nurse.commands("held", to: "").rows("id", "room", "nick", "jid", "body").first)
        #expect(row.hasSuffix(" balcony@\(Stage.service) Tybalt tybalt@verona.example first words"))
        let id = try #require(row.split(separator: " ").first).description
        #expect(nurse.commands("held", ["messages": [id], "verdict": ["release"]]).status == "completed")
        #expect(nurse.commands("held", to: "").rows("id") == [])
    }

    // MARK: Reports

    @Test func aReportIsOpenUntilItIsSettled() throws {
        let id = try said("buy")
        reports(id)
        let open = nurse.commands("reports", to: "")
        #expect(
            open.rows("room", "actor-nick", "kind", "authors", "messages", "body") == [
                "balcony@\(Stage.service) Romeo spam Tybalt \(id) buy"
            ])
        let report = try #require(open.rows("id").first)
        #expect(nurse.commands("settle").options("reports") == [report])
        let settled = nurse.commands("settle", to: "", ["reports": [report], "verdict": ["dismissed"]])
        #expect(settled.status == "completed")
        #expect(nurse.commands("reports").rows("id") == [])
        #expect(nurse.commands("settle", ["reports": [report], "verdict": ["done"]]).error == "item-not-found")
        #expect(
            nurse.commands("log").rows("kind", "actor-nick", "before", "after").first
                == "settle Nurse \(report) dismissed")
    }

    @Test func aReportInAnotherSiteIsNotSettledNorSeen() throws {
        reports(try said("buy", in: "crypt"), in: "crypt")
        #expect(nurse.commands("reports", to: "").rows("id") == [])
        let report = try #require(friar.commands("reports", to: "").rows("id").first)
        let refused = nurse.commands("settle", to: "", ["reports": [report], "verdict": ["done"]])
        #expect(refused.error == "item-not-found")
        #expect(friar.commands("rooms", to: "").rows("name", "reports") == ["crypt 1", "balcony 0"])
    }

    @Test func aVerdictThatIsNoneIsRefused() throws {
        reports(try said("buy"))
        let report = try #require(nurse.commands("reports").rows("id").first)
        #expect(nurse.commands("settle", ["reports": [report], "verdict": ["perhaps"]]).error == "bad-request")
        #expect(nurse.commands("settle", ["verdict": ["done"]]).error == "bad-request")
        #expect(nurse.commands("reports").rows("id") == [report])
    }

    @Test func aSubjectIsUndoneFromOutsideByTheRoomItself() throws {
        stage.policy.offices["romeo@verona.example"] = Office(.owner, nick: "Romeo")
        romeo.isIn(as: "Romeo", room: "square")
        stage.room("square")?.configuration.participantsSetSubject = true
        for text in ["Peace", "War"] {
            romeo.does(.message, "groupchat", to: "square", [Element("subject", Namespace.client, text: text)])
        }
        let act = try #require(friar.commands("undo", to: "square").options("act").first)
        #expect(friar.commands("undo", to: "square", ["act": [act]]).status == "completed")
        #expect(stage.room("square")?.subject?.child("subject", Namespace.client)?.text == "Peace")
    }
}
