import Testing
import XMPP

@testable import MUC

@Suite struct IQTests: Verona {
    let stage = Stage()
    let ping = Element("ping", Namespace.ping)
    let version = Element("query", Namespace.version)

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func aSelfPingOfAnOccupantIsAnsweredByTheRoom() throws {
        juliet.asks(ping, of: "balcony/Juliet")
        let answer = try #require(juliet.gets().first)
        #expect(answer.type == "result" && answer.id == "q" && answer.payload == [])
        #expect(answer.from == Stage.jid("balcony@\(Stage.service)/Juliet"))
    }

    @Test func aSelfPingOfAStrangerIsNotAcceptableAlsoWhereNoRoomIs() {
        nurse.asks(ping, of: "balcony/Nurse")
        nurse.asks(ping, of: "crypt/Nurse")
        #expect(nurse.hears() == ["iq error not-acceptable/modify", "iq error not-acceptable/modify"])
    }

    @Test func aSelfPingToANickOneNoLongerHasIsItemNotFound() {
        juliet.renames(to: "Capulet")
        _ = juliet.gets()
        juliet.asks(ping, of: "balcony/Juliet")
        #expect(juliet.hears() == ["iq error item-not-found/cancel"])
    }

    @Test func requestsToAnOccupantAndTheirAnswersAreRelayedBetweenRoomJIDs() throws {
        juliet.asks(version, of: "balcony/Romeo")
        let request = try #require(romeo.gets().first)
        #expect(request.from == Stage.jid("balcony@\(Stage.service)/Juliet"))
        #expect(request.id == "q" && request.payload == [version])
        romeo.stage.receive(request.answered(by: romeo.jid, type: "result", [version]))
        let answer = try #require(juliet.gets().first)
        #expect(
            answer.from == Stage.jid("balcony@\(Stage.service)/Romeo") && answer.type == "result" && answer.id == "q")
    }

    @Test func aRequestGoesToOneSessionAndAnAnswerToAll() {
        let phone = stage.actor("romeo@verona.example/phone")
        phone.isIn(as: "Romeo")
        juliet.asks(version, of: "balcony/Romeo")
        #expect(romeo.hears() == ["iq get query"] && phone.hears() == [])
        juliet.does(.iq, "result", id: "r", to: "balcony/Romeo")
        #expect(romeo.hears() == ["iq result"] && phone.hears() == ["iq result"])
    }

    @Test func answersThatCannotBeRelayedAreDroppedInSilence() {
        nurse.does(.iq, "result", id: "x", to: "balcony/Romeo")
        juliet.does(.iq, "result", id: "x", to: "balcony/Paris")
        juliet.does(.iq, "error", id: "x", to: "balcony")
        juliet.does(.iq, "result", id: "x", to: "")
        #expect(stage.waiting == [])
    }

    @Test func aPingToTheRoomIsAnswered() {
        juliet.asks(ping)
        #expect(juliet.hears() == ["iq result"])
    }

    @Test(arguments: ["get", "set"])
    func anUnknownRequestToTheRoomIsServiceUnavailable(_ type: String) {
        juliet.asks(Element("query", "urn:unknown"), type: type)
        #expect(juliet.hears() == ["iq error service-unavailable/cancel"])
    }

    @Test func anOwnerMayAskForAnInstantRoomAndNobodyElse() {
        func form(_ type: String, _ fields: [Element] = []) -> Element {
            Element("query", Namespace.mucOwner, [Element("x", Namespace.dataForms, ["type": type], fields)])
        }
        romeo.asks(form("submit"), type: "set")
        romeo.asks(form("cancel"), type: "set")
        romeo.asks(form("submit", [Element("field", Namespace.dataForms, ["var": "muc#roomconfig_x"])]), type: "set")
        #expect(romeo.hears() == ["iq result", "iq result", "iq error bad-request/modify"])
        juliet.asks(form("submit"), type: "set")
        #expect(juliet.hears() == ["iq error forbidden/auth"])
    }

    @Test func aRequestToARoomThatIsNotIsItemNotFound() {
        nurse.asks(Element("query", Namespace.discoInfo), of: "crypt")
        #expect(nurse.hears() == ["iq error item-not-found/cancel"])
    }

    @Test func whatTheServiceItselfIsAskedBeyondRoomsIsLeftToTheCaller() {
        for payload in [ping, version, Element("time", Namespace.time)] {
            juliet.asks(payload, of: "")
            guard case .unhandled = stage.lastOutcome else {
                Issue.record("\(payload.name) was handled")
                continue
            }
        }
        #expect(juliet.hears() == [])
    }
}

extension Stanza {
    fileprivate func answered(by jid: JID, type: String, _ payload: [Element]) -> Stanza {
        Stanza(.iq, type: type, id: id, from: jid, to: from, payload)
    }
}
