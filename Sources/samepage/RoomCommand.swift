import ArgumentParser
import SamepageServer

/// `samepage room URL`: the room of a page, and how its address came about.
struct RoomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room", abstract: "Print the room of a web page: its key, its JID, and which rule did what.")

    @Argument(help: "The page's URL.")
    var url: String

    @Option(name: .customLong("room"), help: "The site's room of that name instead of the page's own (data-room).")
    var name: String?

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let configuration = try options.load()
        do {
            let page = try PageAddress.make(url: url, room: name, sites: configuration.sites)
            print("key   \(page.key)")
            print("room  \(page.roomJID(service: configuration.rooms.service))")
            for step in page.steps { print("rule  \(step.rule.rawValue): \(step.effect)") }
        } catch {
            printError("error: \(error.description)")
            throw ExitCode.failure
        }
    }
}
