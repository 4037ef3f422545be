import XMPP

/// Slow mode by command: moderators need it at once, and the form is the owners'.
extension MUCService {
    func slowMode(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        guard let room = step.room else { throw .itemNotFound("Slow mode is a room's.") }
        guard let form = step.form else {
            var form = DataForm(.form, type: ModerationCommand.slowMode.node, title: ModerationCommand.slowMode.title)
            form.fields = [
                DataForm.Field(
                    "seconds", "text-single", label: "Seconds between two messages of one person, 0 for none",
                    [String(room.configuration.moderation.slowMode)])
            ]
            return .ask(form)
        }
        guard let seconds = form.value("seconds").flatMap({ Int($0) }), (0...RoomModeration.slowest).contains(seconds)
        else { throw .notAcceptable("seconds: a number from 0 to \(RoomModeration.slowest).") }
        setSlowMode(seconds, in: room, step)
        return .done(seconds == 0 ? "No slow mode." : "One message in \(seconds) s for each.")
    }

    func setSlowMode(_ seconds: Int, in room: Room, _ step: CommandStep) {
        let before = room.configuration.moderation.slowMode
        guard before != seconds else { return }
        room.configuration.moderation.slowMode = seconds
        room.keep(.configuration(room.configuration))
        room.announce(
            seconds == 0 ? "Slow mode is over." : "Slow mode: one message in \(seconds) s for each.",
            Element("slow-mode", Namespace.moderationCommands, ["seconds": String(seconds)]))
        context.note(
            .slowMode, room: room.localpart, by: step.moderator.person, nick: step.moderator.nick, now: step.now
        ) {
            $0.before = String(before)
            $0.after = String(seconds)
        }
    }
}
