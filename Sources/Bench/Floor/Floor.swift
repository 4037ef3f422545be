import CLinux
import Glibc
import WebWire

/// The floor: what a chat server costs that does nothing but hand out what it is given. One thread, `epoll`, no XMPP; a frame is
/// built once for a room and sent with one `send` to everybody in it.
///
/// A `<presence to='room/nick'>` joins: everybody is told, and the newcomer is told of everybody. Everything else is
/// handed out as it came.
package final class Floor {
    final class Member {
        let descriptor: Int32
        var unread: [UInt8] = []
        /// What the kernel did not take.
        var unsent: [UInt8] = []
        var isUpgraded = false
        var room: Room?
        /// Its own presence, as a frame.
        var presence: [UInt8] = []

        init(_ descriptor: Int32) {
            self.descriptor = descriptor
        }
    }

    final class Room {
        var members: [Member] = []
    }

    private static let bufferSize = 1 << 16

    private let poller: Poller
    private let listener: Int32
    private let buffer: UnsafeMutableRawBufferPointer
    private var members: [Member?] = []
    private var rooms: [String: Room] = [:]

    /// - Parameter port: 0: one that the system chooses.
    package init(port: UInt16) throws(BenchFailure) {
        poller = try Poller()
        listener = try Loopback.listen(port)
        buffer = .allocate(byteCount: Self.bufferSize, alignment: 64)
        poller.add(listener)
    }

    deinit {
        for member in members.compactMap(\.self) { close(member.descriptor) }
        close(listener)
        buffer.deallocate()
    }

    package var port: UInt16 { Loopback.port(of: listener) }

    package func run() -> Never {
        while true { turn(-1) }
    }

    /// One turn, which waits so long at most, in milliseconds.
    func turn(_ milliseconds: Int32) {
        poller.wait(milliseconds) { descriptor, readable, writable in
            if descriptor == listener { return accept() }
            guard let member = members[Int(descriptor)] else { return }
            if writable, !member.unsent.isEmpty { flush(member) }
            if readable { read(member) }
        }
    }

    private func accept() {
        while true {
            let descriptor = accept4(listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            guard descriptor >= 0 else { return }
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            let index = Int(descriptor)
            if index >= members.count { members += [Member?](repeating: nil, count: index + 256 - members.count) }
            members[index] = Member(descriptor)
            poller.add(descriptor)
        }
    }

    private func read(_ member: Member) {
        let count = recv(member.descriptor, buffer.baseAddress, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN { leave(member) }
            return
        }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        guard member.unread.isEmpty else {
            member.unread += bytes
            var gathered = member.unread
            let used = gathered.withUnsafeMutableBytes { take($0, from: member) }
            member.unread = Array(gathered[used...])
            return
        }
        let used = take(bytes, from: member)
        if used < count { member.unread = Array(bytes[used...]) }
    }

    /// Returns how much was used up.
    private func take(_ bytes: UnsafeMutableRawBufferPointer, from member: Member) -> Int {
        guard member.isUpgraded else { return upgrade(UnsafeRawBufferPointer(bytes), member) }
        var offset = 0
        while bytes.count - offset >= 6 {
            var length = Int(bytes[offset + 1] & 0x7F)
            var head = 6
            if length == 126 {
                guard bytes.count - offset >= 8 else { break }
                length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
                head = 8
            }
            guard length < 127 || head == 8, bytes.count - offset >= head + length else { break }
            let start = offset + head
            for index in 0..<length { bytes[start + index] ^= bytes[start - 4 + index & 3] }
            handOut(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)]), of: member)
            offset = start + length
        }
        return offset
    }

    /// RFC 6455 §4.2.2, as little of it as a client can bear.
    private func upgrade(_ bytes: UnsafeRawBufferPointer, _ member: Member) -> Int {
        guard let end = bytes.index(of: "\r\n\r\n") else { return 0 }
        let key = bytes.text(after: "Sec-WebSocket-Key: ", before: "\r\n") ?? ""
        member.isUpgraded = true
        let answer = """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Protocol: xmpp\r
            Sec-WebSocket-Accept: \(WebSocketHandshake.accept(key: key))\r
            \r\n
            """
        send(Array(answer.utf8), to: member)
        return end + 4
    }

    private func handOut(_ stanza: UnsafeRawBufferPointer, of member: Member) {
        let frame = Self.frame(stanza)
        if stanza.starts(with: "<presence") {
            join(member, stanza.text(after: "to='", before: "/") ?? "", frame)
        } else if let room = member.room {
            for other in room.members { send(frame, to: other) }
        }
    }

    private func join(_ member: Member, _ name: String, _ presence: [UInt8]) {
        let room = rooms[name] ?? Room()
        rooms[name] = room
        member.room = room
        member.presence = presence
        for other in room.members {
            send(presence, to: other)
            send(other.presence, to: member)
        }
        room.members.append(member)
        send(presence, to: member)
        send(Self.subject, to: member)
    }

    /// What ends a join everywhere (XEP-0045 §7.2.15).
    private static let subject = Array("<message type='groupchat'><subject/></message>".utf8).withUnsafeBytes {
        frame($0)
    }

    private static func frame(_ payload: UnsafeRawBufferPointer) -> [UInt8] {
        var frame: [UInt8] = [0x81]
        frame.reserveCapacity(payload.count + 4)
        if payload.count < 126 {
            frame.append(UInt8(payload.count))
        } else {
            frame += [126, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        }
        frame += payload
        return frame
    }

    @inline(__always)
    private func send(_ frame: [UInt8], to member: Member) {
        if !member.unsent.isEmpty {
            member.unsent += frame
            return
        }
        let sent = Glibc.send(member.descriptor, frame, frame.count, Int32(MSG_NOSIGNAL))
        guard sent < frame.count else { return }
        guard sent >= 0 || errno == EAGAIN else { return }
        member.unsent += frame[max(0, sent)...]
        poller.change(member.descriptor, reading: true, writing: true)
    }

    private func flush(_ member: Member) {
        let sent = Glibc.send(member.descriptor, member.unsent, member.unsent.count, Int32(MSG_NOSIGNAL))
        guard sent > 0 else { return }
        member.unsent.removeFirst(sent)
        if member.unsent.isEmpty { poller.change(member.descriptor, reading: true, writing: false) }
    }

    private func leave(_ member: Member) {
        member.room?.members.removeAll { $0 === member }
        members[Int(member.descriptor)] = nil
        close(member.descriptor)
    }
}
