import XMPP

/// The card of a room (XEP-0054), with its picture (XEP-0486). Both follow from the configuration: nobody sets them.
extension Room {
    var card: Element {
        var card = Element("vCard", Namespace.vCard)
        card.append(Element("FN", Namespace.vCard, text: configuration.name))
        if !configuration.description.isEmpty {
            card.append(Element("DESC", Namespace.vCard, text: configuration.description))
        }
        if let url = configuration.pageURL { card.append(Element("URL", Namespace.vCard, text: url)) }
        if let avatar {
            let type = Element("TYPE", Namespace.vCard, text: avatar.mediaType)
            let data = Element("BINVAL", Namespace.vCard, text: avatar.base64)
            card.append(Element("PHOTO", Namespace.vCard, [type, data]))
        }
        return card
    }

    var avatar: RoomAvatar? { context.policy.avatar(of: jid, pageURL: configuration.pageURL) }
}
