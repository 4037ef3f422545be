import Testing
import XMPP

@testable import SamepageServer

@Suite struct RoomConfigurationFormTests {
    static let room = Playhouse.jid("verona.example@conference.verona.example")
    static let page = RoomPlan.page(url: "https://verona.example", name: "Verona")

    private func form(_ fields: [Element]) -> RoomConfigurationForm? {
        RoomConfigurationForm(
            Stanza(
                .iq, type: "result", id: "1",
                [
                    Element(
                        "query", Namespace.mucOwner, [Element("x", Namespace.dataForms, ["type": "form"], fields)])
                ]))
    }

    private func answer(_ fields: [Element], _ plan: RoomPlan = page, owners: [String] = []) -> [String: [String]] {
        let answer = form(fields)?.answer(plan, room: Self.room, owners: owners.map(Playhouse.jid), nameLength: 8)
        var values: [String: [String]] = [:]
        for field in answer?.children.first?.children ?? [] {
            values[field["var"] ?? ""] = field.children.map(\.text)
        }
        return values
    }

    @Test func onlyWhatIsOfferedIsAnswered() {
        let fields = [ScriptedService.field("muc#roomconfig_roomname", [])]
        #expect(answer(fields) == ["muc#roomconfig_roomname": ["Verona"]])
    }

    @Test func unknownFieldsKeepTheirValues() {
        #expect(answer([ScriptedService.field("colours", ["red", "blue"])]) == ["colours": ["red", "blue"]])
    }

    @Test func aValueThatAListDoesNotOfferIsNotChosen() {
        var field = ScriptedService.field("muc#roomconfig_whois", ["anyone"], type: "list-single")
        field.append(
            Element("option", Namespace.dataForms, [Element("value", Namespace.dataForms, text: "anyone")]))
        #expect(answer([field]) == ["muc#roomconfig_whois": ["anyone"]])
    }

    @Test func ownersAreAddedToThoseWhoAreThere() {
        let field = ScriptedService.field("muc#roomconfig_roomowners", ["samepage@web.example"], type: "jid-multi")
        #expect(
            answer([field], owners: ["prince@verona.example", "samepage@web.example"]) == [
                "muc#roomconfig_roomowners": ["samepage@web.example", "prince@verona.example"]
            ])
    }

    @Test func aUserRoomIsNotPersistentAndNamedByItsAddress() {
        let fields = ["muc#roomconfig_persistentroom", "muc#roomconfig_roomdesc", "muc#roomconfig_roomname"]
        #expect(
            answer(fields.map { ScriptedService.field($0, []) }, .user) == [
                "muc#roomconfig_persistentroom": ["0"], "muc#roomconfig_roomdesc": [],
                "muc#roomconfig_roomname": ["verona.e"],
            ])
    }

    @Test func fixedTextAndFieldsWithoutANameAreLeftOut() {
        let fixed = Element("field", Namespace.dataForms, ["type": "fixed", "var": "title"])
        #expect(answer([fixed, Element("field", Namespace.dataForms)]) == [:])
    }

    @Test func anAnswerWithoutAFormIsNone() {
        #expect(RoomConfigurationForm(Stanza(.iq, type: "result", id: "1")) == nil)
        let query = Element("query", Namespace.mucOwner, [Element("x", Namespace.dataForms, ["type": "cancel"])])
        #expect(RoomConfigurationForm(Stanza(.iq, type: "result", id: "1", [query])) == nil)
    }
}
