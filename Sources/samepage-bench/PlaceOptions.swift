import ArgumentParser
import Bench
import Foundation
import Glibc

/// What is measured, and how the machine is used for it.
struct PlaceOptions: ParsableArguments {
    @Option(help: "The server's executable; the one beside this program by default.")
    var samepage: String?

    @Option(
        help: "The priority of all processes of the run, -20 to 19: where others are at work, root may go before them.")
    var nice: Int32 = 0

    /// Prepares this process for a run.
    func bench() throws -> Bench {
        Interruption.hold()
        try Launch.raiseDescriptorLimit()
        if nice != 0 { try Launch.setPriority(nice) }
        let cores = try Cores.choose()
        try cores.pinGenerator()
        let bench = Bench(executable: samepage ?? Self.beside, cores: cores, tell: Self.tell)
        if cores.areShared { bench.say("one core only: the server shares it with the generator") }
        return bench
    }

    private static var beside: String {
        let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("samepage").path
    }

    /// Progress goes to the standard error: the table alone is the output.
    private static func tell(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
