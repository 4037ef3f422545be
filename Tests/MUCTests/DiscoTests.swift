import Testing
import XMPP

@testable import MUC

@Suite struct DiscoTests: Verona {
    let stage = Stage()
    let info = Element("query", Namespace.discoInfo)
    let items = Element("query", Namespace.discoItems)

    private func answer(_ query: Element, of to: String, to actor: Actor) throws -> Element {
        actor.asks(query, of: to)
        return try #require(actor.gets().last?.payload.first)
    }

    private func features(_ query: Element) -> Set<String> {
        Set(query.children.filter { $0.name == "feature" }.compactMap { $0["var"] })
    }

    private func field(_ name: String, _ query: Element) -> String? {
        query.child("x", Namespace.dataForms)?.children.first { $0["var"] == name }?.children.first?.text
    }

    @Test func theServiceIsAConferenceOfTexts() throws {
        let query = try answer(info, of: "", to: nurse)
        let identity = query.child("identity", Namespace.discoInfo)
        #expect(identity?["category"] == "conference" && identity?["type"] == "text" && identity?["name"] == "Verona")
        #expect(
            features(query).isSuperset(of: [
                Namespace.muc, Namespace.mucStableID, Namespace.mucSelfPing, Namespace.occupantID, Namespace.stanzaIDs,
                Namespace.ping, Namespace.version, Namespace.discoInfo, Namespace.discoItems,
            ]))
    }

    @Test func theServiceListsPublicRoomsAndNoHiddenOnes() throws {
        romeo.isIn(as: "Romeo")
        romeo.isIn(as: "Romeo", room: "crypt")
        romeo.configures(["muc#roomconfig_publicroom": "0"], room: "crypt")
        let query = try answer(items, of: "", to: nurse)
        #expect(query.children.map { $0["jid"] } == ["balcony@\(Stage.service)"])
        #expect(query.children.first?["name"] == "balcony")
    }

    @Test func aListIsBoundedAndBeginsWithRoomsThatAreInUse() throws {
        let stage = Stage { limits in
            limits.discoItems = 3
            limits.roomsPerSession = 0
        }
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        let romeo = stage.actor("romeo@verona.example/orchard")
        for number in 1...9 {
            romeo.isIn(as: "Romeo", room: "room\(number)")
            romeo.does(.message, "groupchat", to: "room\(number)", [.body("I was here")])
        }
        for number in 1...8 { romeo.does(.presence, "unavailable", to: "room\(number)") }
        let query = try answer(items, of: "", to: romeo)
        #expect(query.children.count == 3)
        #expect(query.children.first?["name"] == "room9")
    }

    @Test func aRoomTellsWhatItIs() throws {
        romeo.isIn(as: "Romeo")
        romeo.setsSubject("the moon")
        let query = try answer(info, of: "balcony", to: nurse)
        #expect(query.child("identity", Namespace.discoInfo)?["name"] == "balcony")
        #expect(
            features(query).isSuperset(of: [
                Namespace.muc, Namespace.mucStableID, Namespace.mucSelfPing, Namespace.occupantID, Namespace.stanzaIDs,
                "muc_public", "muc_temporary", "muc_open", "muc_unmoderated", "muc_semianonymous", "muc_unsecured",
            ]))
        #expect(field("FORM_TYPE", query) == Namespace.mucRoomInfo)
        #expect(field("muc#roominfo_occupants", query) == "1")
        #expect(field("muc#roominfo_subject", query) == "the moon")
    }

    @Test func theFeaturesOfARoomFollowItsConfiguration() throws {
        romeo.isIn(as: "Romeo")
        let room = try #require(stage.room())
        room.configuration.isPublic = false
        room.configuration.isPersistent = true
        room.configuration.isMembersOnly = true
        room.configuration.isModerated = true
        room.configuration.whois = .anyone
        room.configuration.password = "rose"
        let query = try answer(info, of: "balcony", to: nurse)
        #expect(
            Set(features(query).filter { $0.hasPrefix("muc_") }) == [
                "muc_hidden", "muc_persistent", "muc_membersonly", "muc_moderated", "muc_nonanonymous",
                "muc_passwordprotected",
            ])
    }

    @Test func aPageRoomHasTheNameAndTheURLOfItsPage() throws {
        stage.policy.origin = { _, claim, _ in .page(url: claim?.url ?? "", name: claim?.title ?? "") }
        romeo.joins("Romeo", [Element("page", Namespace.page, ["url": "https://verona.example/a", "title": "A & B"])])
        let query = try answer(info, of: "balcony", to: nurse)
        #expect(query.child("identity", Namespace.discoInfo)?["name"] == "A & B")
        #expect(field("{urn:samepage:page:0}url", query) == "https://verona.example/a")
        #expect(features(query).contains("muc_persistent"))
    }

    @Test func onlyOccupantsSeeWhoIsHere() throws {
        romeo.isIn(as: "Romeo")
        #expect(try answer(items, of: "balcony", to: nurse).children == [])
        let seen = try answer(items, of: "balcony", to: romeo)
        #expect(seen.children.map { $0["jid"] } == ["balcony@\(Stage.service)/Romeo"])
    }

    @Test func anOccupantMayAskForItsNick() throws {
        romeo.isIn(as: "Romeo")
        let query = Element("query", Namespace.discoInfo, ["node": "x-roomuser-item"])
        #expect(try answer(query, of: "balcony", to: romeo).child("identity", Namespace.discoInfo)?["name"] == "Romeo")
        #expect(try answer(query, of: "balcony", to: nurse).children == [])
    }

    @Test func unknownNodesAreNotFound() {
        romeo.isIn(as: "Romeo")
        for namespace in [Namespace.discoInfo, Namespace.discoItems] {
            nurse.asks(Element("query", namespace, ["node": "nowhere"]))
            nurse.asks(Element("query", namespace, ["node": "nowhere"]), of: "")
        }
        #expect(nurse.hears() == Array(repeating: "iq error item-not-found/cancel", count: 4))
    }
}
