import Testing
import XMPP

@testable import MUC

@Suite struct RegistrationTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])
    static let ask = Element("query", Namespace.register)

    /// Romeo owns the room, Juliet is a member, the nurse is nothing and outside.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        _ = (romeo.gets(), juliet.gets())
    }

    private func registers(_ actor: Actor, _ nick: String, type: String = Namespace.mucRegister) {
        var form = DataForm(.submit, type: type)
        form.fields = [DataForm.Field("muc#register_roomnick", [nick]), DataForm.Field("muc#register_first", ["x"])]
        actor.asks(Element("query", Namespace.register, [form.element]), type: "set")
    }

    private func opens() {
        romeo.configures(["{urn:samepage:room:0}register": "1"])
        _ = (romeo.gets(), juliet.gets())
    }

    @Test func aMemberGetsAFormThatAsksForANick() throws {
        let query = try #require(juliet.asked(Self.ask))
        let form = try DataForm(try #require(query.child("x", Namespace.dataForms)), maximumFields: 9)
        #expect(form.type == Namespace.mucRegister && form["muc#register_roomnick"]?.values == [])
        #expect(query.child("registered", Namespace.register) == nil)
    }

    @Test func aReservedNickIsKeptForItsOwner() {
        registers(juliet, "Giulietta")
        #expect(juliet.hears() == ["iq result"])
        nurse.joins("Giulietta")
        #expect(nurse.hears() == ["presence error conflict/cancel"])
        nurse.isIn(as: "Nurse")
        nurse.renames(to: "Giulietta")
        #expect(nurse.hears() == ["presence error conflict/cancel"])
        juliet.renames(to: "Giulietta")
        #expect(juliet.hears().last?.hasPrefix("Giulietta is here") == true)
    }

    @Test func whoIsRegisteredIsToldSo() throws {
        registers(juliet, "Giulietta")
        let query = try #require(juliet.asked(Self.ask))
        #expect(query.child("registered", Namespace.register) != nil)
        #expect(query.child("username", Namespace.register)?.text == "Giulietta")
    }

    @Test func aReservedNickIsFoundOutFromOutside() {
        registers(juliet, "Giulietta")
        juliet.leaves("Juliet")
        _ = juliet.gets()
        let node = Element("query", Namespace.discoInfo, ["node": "x-roomuser-item"])
        #expect(juliet.asked(node)?.child("identity", Namespace.discoInfo)?["name"] == "Giulietta")
        #expect(nurse.asked(node)?.children == [])
    }

    @Test func aNickThatIsReservedOrInUseIsAConflict() {
        registers(juliet, "Giulietta")
        registers(romeo, "Giulietta")
        registers(juliet, "Romeo")
        registers(romeo, "Romeo")
        #expect(romeo.hears() == ["iq error conflict/cancel", "iq result"])
        #expect(juliet.hears() == ["iq result", "iq error conflict/cancel"])
    }

    @Test func anotherNickFreesTheFirst() {
        registers(juliet, "Giulietta")
        registers(juliet, "Capulet")
        registers(romeo, "Giulietta")
        #expect(romeo.hears() == ["iq result"])
        #expect(stage.room()?.reservedNicks == ["Capulet": juliet.jid.bare, "Giulietta": romeo.jid.bare])
    }

    @Test func aNickCanBeGivenBackAndTheMemberStays() {
        registers(juliet, "Giulietta")
        let remove = Element("query", Namespace.register, [Element("remove", Namespace.register)])
        juliet.asks(remove, type: "set")
        juliet.asks(remove, type: "set")
        #expect(juliet.hears() == ["iq result", "iq result", "iq error item-not-found/cancel"])
        #expect(stage.room()?.affiliation(of: juliet.jid.bare) == .member)
        nurse.joins("Giulietta")
        #expect(nurse.hears().count == 4)
    }

    @Test func strangersRegisterOnlyWhereTheOwnerLetsThem() {
        nurse.asks(Self.ask)
        registers(nurse, "Nurse")
        #expect(nurse.hears() == Array(repeating: "iq error not-allowed/cancel", count: 2))
        opens()
        registers(nurse, "Nurse")
        #expect(nurse.hears() == ["iq result"])
        #expect(stage.room()?.affiliation(of: nurse.jid.bare) == .member)
    }

    @Test func registeringInsideTheRoomTellsEverybodyOfTheNewMember() {
        opens()
        nurse.isIn(as: "Nurse")
        _ = juliet.gets()
        registers(nurse, "Nurse")
        #expect(juliet.hears() == ["Nurse is here: member/participant"])
    }

    @Test func theBannedDoNotRegister() {
        opens()
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "outcast"])
        registers(nurse, "Nurse")
        nurse.asks(Self.ask)
        #expect(nurse.hears() == Array(repeating: "iq error forbidden/auth", count: 2))
    }

    @Test func whoLosesMembershipLosesTheNick() {
        registers(juliet, "Giulietta")
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "none"])
        #expect(stage.room()?.reservedNicks == [:])
    }

    @Test func anAdminOfTheServiceHasNickAndRank() {
        let prince = stage.actor("prince@verona.example/palace")
        registers(prince, "Prince")
        #expect(prince.hears() == ["iq result"])
        #expect(stage.room()?.affiliation(of: prince.jid.bare) == .owner)
        nurse.joins("Prince")
        #expect(nurse.hears() == ["presence error conflict/cancel"])
    }

    @Test func adminsReserveNicksForMembers() {
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "member", "nick": "Angelica"])
        juliet.renames(to: "Angelica")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "member", "nick": "Angelica"])
        romeo.moderates(
            ["jid": "paris@verona.example", "affiliation": "member", "nick": "Both"],
            ["jid": "tybalt@verona.example", "affiliation": "member", "nick": "Both"])
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "member", "nick": ""])
        #expect(
            romeo.hears() == ["iq result", "iq error conflict/cancel", "iq error conflict/cancel", "iq result"])
        #expect(stage.room()?.reservedNicks == [:])
    }

    @Test func formsThatMakeNoSenseRegisterNothing() {
        registers(juliet, "a\u{200B}b")
        registers(juliet, String(repeating: "a", count: 65))
        registers(juliet, "")
        registers(juliet, "Giulietta", type: "urn:x")
        juliet.asks(Self.ask, type: "set")
        juliet.asks(
            Element("query", Namespace.register, [DataForm(.submit, type: Namespace.mucRegister).element]), type: "set")
        #expect(
            juliet.hears() == [
                "iq error not-acceptable/modify", "iq error not-acceptable/modify", "iq error not-acceptable/modify",
                "iq error bad-request/modify", "iq error bad-request/modify", "iq error bad-request/modify",
            ])
        #expect(stage.room()?.reservedNicks == [:])
    }

    @Test func registrationsAreBoundedLikeAffiliations() {
        let stage = Stage { $0.affiliationsPerRoom = 2 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.configures(["{urn:samepage:room:0}register": "1"])
        for name in ["a", "b"] { registers(stage.actor("\(name)@verona.example/x"), name) }
        #expect(stage.actor("a@verona.example/x").hears() == ["iq result"])
        #expect(stage.actor("b@verona.example/x").hears() == ["iq error resource-constraint/wait"])
    }

    @Test func aRoomThatIsNotHasNoRegister() {
        nurse.asks(Self.ask, of: "crypt")
        #expect(nurse.hears() == ["iq error item-not-found/cancel"])
    }
}
