import Testing

@testable import SamepageServer

@Suite struct NetworkNamesTests {
    let names = NetworkNames(secret: SecretKey())

    private func name(_ address: String) -> String? { names.name(of: ClientAddress(address)) }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.254"), ("2001:db8:1:aa00::1", "2001:db8:1:aaff:ffff::9"),
        ("::ffff:192.0.2.1", "192.0.2.9"),
    ])
    func addressesOfOneNetworkHaveOneName(_ one: String, _ other: String) {
        #expect(name(one) != nil && name(one) == name(other))
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.3.1"), ("2001:db8:1:aa00::1", "2001:db8:1:ab00::1"), ("192.0.2.1", "2001:db8::1"),
        ("127.0.0.1", "127.0.1.1"),
    ])
    func addressesOfTwoNetworksHaveTwo(_ one: String, _ other: String) {
        #expect(name(one) != name(other))
    }

    @Test func anotherKeyMakesOtherNamesAndNoneSaysTheAddress() {
        let other = NetworkNames(secret: SecretKey())
        #expect(other.name(of: ClientAddress("192.0.2.1")) != name("192.0.2.1"))
        #expect(name("192.0.2.1")?.utf8.count == 32)
    }

    @Test func whoHasNoAddressHasNoNetwork() {
        #expect(name("unix:") == nil && names.name(of: nil) == nil)
    }
}
