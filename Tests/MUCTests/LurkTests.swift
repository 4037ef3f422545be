import Testing
import XMPP

@testable import MUC

/// Reading a room without a nick (`urn:samepage:lurk:0`).
@Suite struct LurkTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    /// Romeo owns the room.
    init() {
        romeo.isIn(as: "Romeo")
    }

    private func count(_ stanza: Stanza?) -> String? {
        guard let count = stanza?.child("count", Namespace.lurk) else { return nil }
        return "\(count["occupants"] ?? "?") and \(count["readers"] ?? "?")"
    }

    // MARK: Coming

    @Test func aReaderHearsWhoIsHereThatItReadsHistoryAndSubject() {
        romeo.says("But, soft!")
        romeo.setsSubject("Night")
        _ = romeo.gets()
        juliet.lurks()
        #expect(
            juliet.hears() == [
                "Romeo is here: owner/moderator", "nobody is here: none/none 110", "Romeo (earlier): But, soft!",
                "Romeo (earlier) sets the subject: Night",
            ])
        #expect(romeo.hears() == [])
    }

    @Test func theAnswerIsToTheRequestFromTheRoomAndSaysHowManyAreHere() throws {
        juliet.lurks(id: "l1")
        let answer = try #require(juliet.gets().first { $0.kind == .presence && $0.from?.isBare == true })
        #expect(answer.id == "l1" && answer.type == nil)
        #expect(answer.child("lurk", Namespace.lurk) != nil)
        #expect(count(answer) == "1 and 1")
    }

    @Test func aReaderHearsWhatIsSaidAndWhoComesAndGoes() {
        juliet.isReading()
        nurse.joins("Nurse")
        romeo.says("wherefore?", id: "m")
        nurse.leaves("Nurse")
        #expect(
            juliet.hears() == ["Nurse is here: none/participant", "Romeo: wherefore?", "Nurse is gone: none/none"])
    }

    @Test func nobodyHearsOfAReader() {
        nurse.isIn(as: "Nurse")
        _ = romeo.gets()
        juliet.isReading()
        juliet.lurksNoMore()
        juliet.isReading()
        juliet.ends(.errored)
        #expect(romeo.hears() == [] && nurse.hears() == [])
    }

    @Test func aReaderIsCountedApart() throws {
        juliet.isReading()
        stage.actor("juliet@verona.example/phone").isReading()
        nurse.isReading()
        #expect(stage.room()?.summary.occupants == 1)
        #expect(stage.room()?.summary.readers == 2, "tabs of one person count once")
        let info = try #require(nurse.asked(Element("query", Namespace.discoInfo)))
        #expect(info.children.contains { $0["var"] == Namespace.lurk })
        let form = try #require(info.child("x", Namespace.dataForms))
        let field = form.children.first { $0["var"] == Namespace.readersField }
        #expect(field?.child("value", Namespace.dataForms)?.text == "2")
    }

    @Test func theServiceAnnouncesIt() throws {
        let info = try #require(nurse.asked(Element("query", Namespace.discoInfo), of: ""))
        #expect(info.children.contains { $0["var"] == Namespace.lurk })
    }

    @Test func anotherRequestTellsEverythingAgain() {
        juliet.isReading()
        juliet.lurks()
        #expect(juliet.hears().count == 3)
        #expect(stage.room()?.readers.sessions(of: juliet.jid.bare).count == 1)
    }

    @Test func aReaderWithANickIsNone() {
        juliet.does(.presence, to: "balcony/Juliet", [Element("x", Namespace.muc), Element("lurk", Namespace.lurk)])
        #expect(juliet.hears() == ["presence error bad-request/modify"])
    }

    @Test func whoReadsARoomThatIsNotThereMakesAPagesRoomAndNoOther() {
        juliet.lurks(room: "crypt")
        #expect(juliet.hears() == ["presence error item-not-found/cancel"])
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        juliet.lurks(room: "crypt")
        #expect(juliet.hears().first == "nobody is here: none/none 110")
        juliet.lurksNoMore(room: "crypt")
        #expect(stage.room("crypt") == nil, "who only looks leaves nothing behind")
    }

    // MARK: Who may

    @Test func theRulesOfAJoinHold() {
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "outcast"])
        romeo.configures(["muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "love"])
        juliet.lurks()
        #expect(juliet.hears() == ["presence error not-authorized/auth"])
        juliet.lurks(password: "love")
        #expect(juliet.hears().contains("nobody is here: none/none 110"))
        stage.actor("paris@verona.example/church").lurks(password: "love")
        #expect(stage.actor("paris@verona.example/church").hears() == ["presence error forbidden/auth"])
        romeo.configures(["muc#roomconfig_membersonly": "1"])
        nurse.lurks(password: "love")
        #expect(nurse.hears() == ["presence error registration-required/auth"])
    }

    @Test func readersAreBoundedAndAdminsStillEnter() {
        let stage = Stage(admins: ["prince@verona.example"]) {
            $0.readersPerRoom = 2
            $0.sessionsPerOccupant = 1
        }
        stage.actor("romeo@verona.example/orchard").isIn(as: "Romeo")
        stage.actor("juliet@verona.example/a").isReading()
        let tab = stage.actor("juliet@verona.example/b")
        tab.lurks()
        #expect(tab.hears() == ["presence error resource-constraint/wait"])
        stage.actor("nurse@verona.example/a").isReading()
        let paris = stage.actor("paris@verona.example/a")
        paris.lurks()
        #expect(paris.hears() == ["presence error service-unavailable/wait"])
        stage.actor("prince@verona.example/a").isReading()
        #expect(stage.room()?.readers.count == 3)
        stage.actor("nurse@verona.example/a").ends(.left)
        paris.joins("Paris")
        #expect(paris.hears().contains { $0.contains("110") }, "readers take nobody's place")
    }

    @Test func aRoomThatOneReadsIsOneOfTheSession() {
        let stage = Stage { $0.roomsPerSession = 1 }
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        let juliet = stage.actor("juliet@verona.example/a")
        juliet.isReading()
        juliet.lurks(room: "crypt")
        #expect(juliet.hears() == ["presence error resource-constraint/wait"])
        juliet.joins("Juliet")
        #expect(juliet.hears().contains { $0.hasPrefix("Juliet is here") })
    }

    // MARK: What a reader may not

    @Test func aReaderSaysNothing() {
        juliet.isReading()
        juliet.says("Ay me!")
        juliet.setsSubject("Love")
        juliet.whispers("Romeo?", to: "Romeo")
        juliet.tells(
            Element("x", Namespace.mucUser, [Element("invite", Namespace.mucUser, ["to": "paris@verona.example"])]))
        juliet.does(.message, "groupchat", [Element("reactions", "urn:xmpp:reactions:0")])
        juliet.does(.message, "groupchat", [Element("composing", Namespace.chatStates)])
        #expect(juliet.hears() == Array(repeating: "message error not-acceptable/modify", count: 6))
        juliet.asks(Element("ping", Namespace.ping), of: "balcony/Romeo")
        juliet.asks(Element("query", Namespace.register))
        #expect(juliet.hears() == Array(repeating: "iq error not-acceptable/modify", count: 2))
        #expect(romeo.hears() == [])
    }

    @Test func aReaderSeesNoRealAddressesWhereAllOthersDo() {
        romeo.configures(["muc#roomconfig_whois": "anyone"])
        nurse.isIn(as: "Nurse")
        juliet.lurks()
        stage.actor("paris@verona.example/church").joins("Paris")
        nurse.does(.presence, to: "balcony/Nurse", [Element("show", Namespace.client, text: "away")])
        let heard = juliet.hears()
        #expect(heard.filter { $0.contains(" is here: ") }.count == 5)
        #expect(!heard.contains { $0.contains("@verona.example") })
        #expect(nurse.hears().contains { $0.contains("<paris@verona.example/church>") })
    }

    @Test func aReaderReadsTheArchiveAndSeesNoRealAddressesThere() throws {
        let stage = Stage(archive: true)
        let archive = StageArchive(stage)
        let romeo = stage.actor("romeo@verona.example/orchard")
        let juliet = stage.actor("juliet@verona.example/chamber")
        romeo.joins("Romeo")
        archive.work()
        romeo.configures(["muc#roomconfig_whois": "anyone"])
        romeo.says("But, soft!")
        archive.work()
        juliet.isReading()
        archive.answer = .page(archive.messages, isComplete: true)
        juliet.asks(Element("query", Namespace.mam), type: "set")
        archive.work()
        let heard = juliet.gets()
        #expect(heard.last?.payload.first?.name == "fin")
        #expect(!heard.contains { $0.element.description.contains("romeo@verona.example") })
        juliet.lurksNoMore()
        _ = juliet.gets()
        juliet.asks(Element("query", Namespace.mam), type: "set")
        #expect(juliet.hears() == ["iq error forbidden/auth"])
    }

    // MARK: Becoming an occupant, and back

    @Test func aReaderJoinsAndMissesNothingAndHearsNothingTwice() {
        juliet.isReading()
        romeo.says("one")
        juliet.joins("Juliet", history: ["maxstanzas": "0"])
        romeo.says("two")
        #expect(
            juliet.hears() == [
                "Romeo: one", "Romeo is here: owner/moderator",
                "Juliet is here: none/participant 110 <juliet@verona.example/chamber>",
                "nobody sets the subject: ", "Romeo: two",
            ])
        #expect(romeo.hears().contains("Juliet is here: none/participant <juliet@verona.example/chamber>"))
        #expect(stage.room()?.readers.isEmpty == true)
    }

    @Test func whatWaitsForTheArchiveWhileAReaderJoinsIsHeardOnce() {
        let stage = Stage(archive: true)
        let archive = StageArchive(stage)
        let romeo = stage.actor("romeo@verona.example/orchard")
        let juliet = stage.actor("juliet@verona.example/chamber")
        romeo.joins("Romeo")
        archive.work()
        juliet.isReading()
        romeo.says("one")
        juliet.joins("Juliet", history: ["maxstanzas": "0"])
        romeo.says("two")
        archive.work()
        #expect(juliet.hears().filter { $0.hasPrefix("Romeo: ") } == ["Romeo: one", "Romeo: two"])
        romeo.says("three")
        juliet.lurks(history: ["maxstanzas": "0"])
        romeo.says("four")
        archive.work()
        #expect(juliet.hears().filter { $0.hasPrefix("Romeo: ") } == ["Romeo: three", "Romeo: four"])
    }

    @Test func aReaderWhoIsRefusedStillReads() {
        juliet.isReading()
        juliet.joins("Romeo")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        romeo.says("I am he")
        #expect(juliet.hears() == ["Romeo: I am he"])
    }

    @Test func anOccupantGivesUpItsNickAndReadsOn() {
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
        juliet.lurks(history: ["maxstanzas": "0"])
        #expect(
            juliet.hears() == [
                "Juliet is gone: none/none 110 <juliet@verona.example/chamber>", "Romeo is here: owner/moderator",
                "nobody is here: none/none 110", "nobody sets the subject: ",
            ])
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/chamber>"])
        #expect(stage.room()?.occupants["Juliet"] == nil && stage.room()?.isReader(juliet.jid) == true)
    }

    @Test func aTabThatReadsSharesTheNickOfAnotherWhenItJoins() {
        juliet.isIn(as: "Juliet")
        let phone = stage.actor("juliet@verona.example/phone")
        phone.isReading()
        _ = (romeo.gets(), juliet.gets())
        phone.isIn(as: "Juliet")
        #expect(romeo.hears() == [] && juliet.hears() == [])
        #expect(stage.room()?.occupants["Juliet"]?.sessions.count == 2 && stage.room()?.readers.isEmpty == true)
    }

    // MARK: The ways out

    @Test func aReaderLeavesAndIsToldSo() throws {
        juliet.isReading()
        juliet.does(.presence, "unavailable", id: "bye", to: "balcony")
        let farewell = try #require(juliet.gets().first)
        #expect(Transcript.line(farewell) == "nobody is gone: none/none 110" && farewell.id == "bye")
        romeo.says("alone")
        #expect(juliet.hears() == [])
        #expect(stage.service.sessionCount == 1)
    }

    @Test func aSessionThatEndsReadsNoMore() {
        juliet.isReading()
        juliet.ends(.left)
        #expect(juliet.hears() == [] && stage.room()?.readers.isEmpty == true)
    }

    @Test func aReaderWhoseAddressIsGoneIsOut() {
        juliet.isReading()
        let gone = Element("error", Namespace.client, [Element("gone", Namespace.stanzaErrors)])
        juliet.does(.message, "error", [gone])
        #expect(juliet.hears() == ["nobody is gone: none/none 110 333"])
    }

    @Test func aBanTakesOutReaders() {
        juliet.isReading()
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"], reason: "feud")
        #expect(juliet.hears() == ["nobody is gone: outcast/none 110 301 by Romeo because feud"])
        juliet.lurks()
        #expect(juliet.hears() == ["presence error forbidden/auth"])
    }

    @Test func aKickTakesOutThePersonsTabsThatOnlyRead() {
        juliet.isIn(as: "Juliet")
        let phone = stage.actor("juliet@verona.example/phone")
        phone.isReading()
        romeo.moderates(["nick": "Juliet", "role": "none"])
        #expect(phone.hears().last == "nobody is gone: none/none 110 307 by Romeo")
    }

    @Test func aRoomThatBecomesOneForMembersSendsReadersAway() {
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "member"])
        juliet.isReading()
        nurse.isReading()
        romeo.configures(["muc#roomconfig_membersonly": "1"])
        #expect(juliet.hears() == ["nobody is gone: none/none 110 322"])
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "none"])
        #expect(nurse.hears().last == "nobody is gone: none/none 110 321 by Romeo")
        #expect(stage.room()?.readers.isEmpty == true)
    }

    @Test func theEndOfTheRoomAndOfTheServiceReachReaders() {
        juliet.isReading()
        let destroy = Element(
            "destroy", Namespace.mucOwner, [Element("reason", Namespace.mucOwner, text: "plague")])
        romeo.asks(Element("query", Namespace.mucOwner, [destroy]), type: "set")
        #expect(juliet.hears() == ["nobody is gone: none/none 110 destroyed because plague"])
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        juliet.isReading(room: "crypt")
        stage.deliver(stage.service.shutdown(now: stage.now))
        #expect(juliet.hears() == ["nobody is gone: none/none 110 332"])
        #expect(stage.service.sessionCount == 0 && stage.service.occupiedRoomCount == 0)
    }

    @Test func aWideBanHitsReadersOfTheSameNetwork() throws {
        for (actor, network) in [(romeo, "n0"), (juliet, "n1"), (nurse, "n1")] {
            stage.service.enter(network: network, of: actor.jid)
        }
        juliet.isIn(as: "Juliet")
        nurse.isReading()
        var ban = Ban(
            id: 1, person: juliet.jid.bare, scope: .room("balcony"), actor: romeo.jid.bare, since: stage.now)
        ban.networks = ["n1"]
        ban.networksUntil = stage.now + 1_000
        let room = try #require(stage.room())
        #expect(room.readers(hitBy: ban) == [nurse.jid.bare])
        room.enforce(ban, actor: "Romeo")
        stage.deliver(stage.service.endTurn())
        #expect(room.readers.isEmpty && room.occupants.count == 1)
    }

    // MARK: Still inside?

    @Test func whetherOneStillReadsCanBeAsked() throws {
        let question = Element("lurk", Namespace.lurk)
        juliet.asks(question)
        #expect(juliet.hears() == ["iq error not-acceptable/modify"])
        juliet.isReading()
        let answer = try #require(juliet.asked(question))
        #expect(answer.child("count", Namespace.lurk)?["readers"] == "1")
        juliet.isIn(as: "Juliet")
        juliet.asks(question)
        #expect(juliet.hears() == ["iq error not-acceptable/modify"])
    }

    // MARK: How many

    @Test func thoseWhoWantToKnowAreToldHowManyAreHereWhenThatHasChanged() {
        juliet.isReading()
        nurse.joins("Nurse", [Element("count", Namespace.lurk)])
        let own = nurse.gets().first { $0.from?.resource == "Nurse" }
        #expect(count(own) == "2 and 1")
        _ = (romeo.gets(), juliet.gets())
        stage.deliver(stage.service.tellCrowds())
        #expect(juliet.gets().map(count) == ["2 and 1"] && nurse.gets().map(count) == ["2 and 1"])
        #expect(romeo.hears() == [], "who did not ask is not told")
        stage.deliver(stage.service.tellCrowds())
        stage.actor("paris@verona.example/church").isReading()
        stage.actor("paris@verona.example/church").ends(.left)
        stage.deliver(stage.service.tellCrowds())
        #expect(juliet.gets() == [] && nurse.gets() == [], "nothing has changed")
        for number in 0..<10 { stage.actor("p\(number)@verona.example/a").isReading() }
        stage.deliver(stage.service.tellCrowds())
        #expect(juliet.gets().map(count) == ["2 and 11"], "one message for all that has changed")
    }

    @Test func whatTheOthersAreToldOfAnOccupantDoesNotSayThatItCounts() {
        juliet.joins("Juliet", [Element("count", Namespace.lurk)])
        #expect(romeo.gets().allSatisfy { $0.child("count", Namespace.lurk) == nil })
    }
}

extension Actor {
    func lurks(
        room: String = "balcony", id: String? = nil, password: String? = nil,
        history: KeyValuePairs<String, String?> = [:]
    ) {
        var join = Element("x", Namespace.muc)
        if let password { join.append(Element("password", Namespace.muc, text: password)) }
        if !history.isEmpty { join.append(Element("history", Namespace.muc, history)) }
        does(.presence, id: id, to: room, [join, Element("lurk", Namespace.lurk)])
    }

    /// Lurks and closes the ears to what comes of it.
    func isReading(room: String = "balcony") {
        lurks(room: room)
        _ = stage.take(jid)
    }

    func lurksNoMore(room: String = "balcony") {
        does(.presence, "unavailable", to: room)
    }
}
