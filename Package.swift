// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "samepage",
    products: [
        .executable(name: "samepage", targets: ["samepage"]),
        .executable(name: "samepage-bench", targets: ["samepage-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // System libraries: a module map and a shim header each, nothing more.
        .systemLibrary(name: "CLibWebSockets", pkgConfig: "libwebsockets", providers: [.apt(["libwebsockets-dev"])]),
        .systemLibrary(name: "CLibUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),

        // Protocol and domain: plain synchronous code without input, output or a clock.
        .target(name: "XMPP", dependencies: ["CLibXML2"], swiftSettings: settings),
        .target(name: "WebWire", dependencies: ["COpenSSL"], swiftSettings: settings),
        .target(
            name: "Streams",
            dependencies: ["XMPP", "WebWire", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings),
        .target(
            name: "MUC",
            dependencies: ["XMPP", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings),

        // What outlives the process.
        .target(
            name: "Archive",
            dependencies: [
                "MUC", "XMPP", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),

        // The shell: the only code that touches sockets, and the house that ties the parts together.
        .target(
            name: "EventLoop", dependencies: ["CLibWebSockets", "CLibUV", "COpenSSL"], swiftSettings: settings),
        .target(
            name: "SamepageServer",
            dependencies: [
                "Archive", "EventLoop", "MUC", "Streams", "WebWire", "XMPP", "COpenSSL", "CZlib", "Yams",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "samepage",
            dependencies: [
                "SamepageServer", "EventLoop", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // The load generator, and what it is measured against.
        .target(
            name: "Bench", dependencies: ["Archive", "MUC", "XMPP", "WebWire", "COpenSSL", "CLinux"],
            resources: [
                .embedInCode("Peers/samepage.yaml"), .embedInCode("Peers/prosody.cfg.lua"),
                .embedInCode("Peers/ejabberd.yml"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "samepage-bench",
            dependencies: ["Bench", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: settings),

        .target(name: "SeededTesting", path: "Tests/SeededTesting", swiftSettings: settings),
        .testTarget(name: "XMPPTests", dependencies: ["XMPP", "SeededTesting"], swiftSettings: settings),
        .testTarget(name: "WebWireTests", dependencies: ["WebWire", "SeededTesting"], swiftSettings: settings),
        .testTarget(name: "StreamsTests", dependencies: ["Streams", "SeededTesting"], swiftSettings: settings),
        .testTarget(name: "MUCTests", dependencies: ["MUC", "SeededTesting"], swiftSettings: settings),
        .testTarget(name: "BenchTests", dependencies: ["Bench"], swiftSettings: settings),
        .testTarget(
            name: "ArchiveTests", dependencies: ["Archive", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        // The loop runs once in a process, and all tests are one.
        .target(name: "LoopTesting", dependencies: ["EventLoop"], path: "Tests/LoopTesting", swiftSettings: settings),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "LoopTesting"], swiftSettings: settings),
        .testTarget(
            name: "SamepageServerTests", dependencies: ["SamepageServer", "LoopTesting", "SeededTesting"],
            swiftSettings: settings),
    ]
)
