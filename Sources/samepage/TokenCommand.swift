import ArgumentParser
import SamepageServer

/// `samepage token`: people with a role in the rooms who have no account.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make somebody an owner, admin or moderator without an account.",
        discussion: "It works on the data directory (--data), while the server runs and while it does not.",
        subcommands: [Mint.self, List.self, Revoke.self], defaultSubcommand: Mint.self)

    /// `samepage token --role owner --name Ann`
    struct Mint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and a link that makes a browser its bearer's.",
            discussion: "Whoever has the token is that person: send it as you would a password.")

        @Option(help: "What its bearer may do: owner, admin or moderator (docs/moderation.md).")
        var role: StaffRole

        @Option(help: "The bearer's nick, which nobody else can have.")
        var name: String

        @Option(help: "A host: the role counts on the pages of its site only. Default: on all pages.")
        var site: String?

        @Option(help: "The page that the link leads to. Default: the first page of the site.")
        var page: String?

        @Option(help: "Days until it expires.")
        var days = 90

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let configuration = try options.load()
            let badge = try office(configuration) { office in
                try office.mint(role, nick: name, site: site, page: page, days: days)
            }
            print("token    \(badge.token)")
            print("link     \(badge.link ?? "add #samepage= and the token to the address of a page with the chat")")
            if let link = badge.adminLink { print("admin    \(link)") }
            print("id       \(badge.record.identity)")
            print("address  \(badge.address)")
            print("expires  \(badge.record.expiryText)")
            if configuration.rooms.isRemote {
                printError(
                    "warning: \(configuration.rooms.service) is another server's: the role does not count there. "
                        + "Make \(badge.address) \(role.rawValue) in its rooms by its own means.")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens that have not expired.")

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let records = try office(try options.load()) { try $0.list() }
            printTable([["ID", "ROLE", "SITE", "MADE", "EXPIRES", "STATE", "NAME"]] + records.map(row))
        }

        private func row(_ record: StaffRecord) -> [String] {
            let claims = record.claims
            let state = record.revocationText ?? "valid"
            return [
                record.identity, claims.role.rawValue, claims.site ?? "all", record.issueText, record.expiryText, state,
                claims.nick,
            ]
        }

        private func printTable(_ rows: [[String]]) {
            let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
            for row in rows {
                // The last column, which may hold anything, needs no padding.
                let cells = zip(row, widths).dropLast().map { cell, width in
                    cell + String(repeating: " ", count: width - cell.count)
                }
                print((cells + row.suffix(1)).joined(separator: "  "))
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token: its sessions end within seconds, and the nick is free.")

        @Argument(help: "Its id, or the beginning of it.")
        var id: String

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let record = try office(try options.load()) { try $0.revoke(id) }
            print("revoked  \(record.identity) (\(record.claims.role.rawValue) \(record.claims.nick))")
        }
    }
}

extension StaffRole: ExpressibleByArgument {}

/// Does something in the office; what goes wrong is told on standard error.
private func office<Outcome>(
    _ configuration: Configuration, _ work: (StaffOffice) throws -> Outcome
) throws -> Outcome {
    do {
        let office = try StaffOffice(configuration)
        if let path = office.unusedPath {
            printError("warning: no server has used \(path) yet; name its data directory with --data")
        }
        return try work(office)
    } catch let error as StaffOffice.Failure {
        printError("error: \(error.description)")
        throw ExitCode.failure
    }
}
