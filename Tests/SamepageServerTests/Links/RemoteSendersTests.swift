import Testing
import XMPP

@testable import SamepageServer

struct RemoteSendersTests {
    private func message(_ from: String, _ body: String = "hi") -> Stanza {
        Stanza(
            .message, type: "groupchat", from: jid(from), to: jid("r@rooms.example"),
            [Element("body", Namespace.client, text: body)])
    }

    @Test func everyFullAddressHasTheRateOfAVisitor() {
        var senders = RemoteSenders(limits: Limits())
        let ann = message("ann@a.example/x")
        for _ in 0..<10 { expectEqual(senders.judge(ann, from: jid("ann@a.example/x"), now: 0), .pass) }
        guard case .refuse(let error) = senders.judge(ann, from: jid("ann@a.example/x"), now: 0) else {
            Issue.record("not refused")
            return
        }
        #expect(error.condition == .policyViolation && error.kind == .wait)
        expectEqual(senders.judge(message("ben@a.example/x"), from: jid("ben@a.example/x"), now: 0), .pass)
        expectEqual(senders.judge(ann, from: jid("ann@a.example/x"), now: 1_000), .pass)
    }

    @Test func whoGoesOnRegardlessIsExpelled() {
        var senders = RemoteSenders(limits: Limits())
        var verdicts: [RemoteSenders.Verdict] = []
        for _ in 0..<30 { verdicts.append(senders.judge(message("a@b.example/c"), from: jid("a@b.example/c"), now: 0)) }
        guard case .expel(let error) = verdicts.last else {
            Issue.record("not expelled: \(verdicts)")
            return
        }
        #expect(error.condition == .policyViolation)
    }

    @Test func bytesHaveARateToo() {
        var senders = RemoteSenders(limits: Limits())
        let large = message("a@b.example/c", String(repeating: "x", count: 300_000))
        for _ in 0..<3 { expectEqual(senders.judge(large, from: jid("a@b.example/c"), now: 0), .pass) }
        guard case .refuse(let error) = senders.judge(large, from: jid("a@b.example/c"), now: 0) else {
            Issue.record("not refused")
            return
        }
        #expect(error.kind == .wait)
    }

    @Test func theTableIsBoundedAndForgetsTheQuiet() {
        var limits = Limits()
        limits.remoteSenders = 3
        var senders = RemoteSenders(limits: limits)
        for index in 0..<3 {
            let from = jid("a\(index)@b.example/c")
            expectEqual(senders.judge(message("\(from)"), from: from, now: 0), .pass)
        }
        let late = jid("late@b.example/c")
        guard case .refuse(let error) = senders.judge(message("\(late)"), from: late, now: 10) else {
            Issue.record("not refused")
            return
        }
        #expect(error.condition == .resourceConstraint && error.kind == .wait)
        expectEqual(senders.judge(message("\(late)"), from: late, now: 60_000), .pass)
        #expect(senders.count == 1)
    }
}
