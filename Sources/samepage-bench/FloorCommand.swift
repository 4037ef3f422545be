import ArgumentParser
import Bench

/// `samepage-bench floor`: the bare broadcast server, for measurements by hand.
struct FloorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor", abstract: "Run the bare broadcast server, until it is killed.")

    @Option(help: "The port on 127.0.0.1; 0: the system chooses.")
    var port: UInt16 = 0

    func run() throws {
        let floor = try Floor(port: port)
        print("ws://127.0.0.1:\(floor.port)")
        floor.run()
    }
}
