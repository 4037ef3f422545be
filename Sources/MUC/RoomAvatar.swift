/// The picture of a room (XEP-0486).
package struct RoomAvatar: Hashable, Sendable {
    /// `image/png`, for instance.
    package var mediaType: String
    /// SHA-1 of the picture, in lower-case hexadecimal (XEP-0153).
    package var hash: String
    /// The picture itself, in base 64.
    package var base64: String

    package init(mediaType: String, hash: String, base64: String) {
        self.mediaType = mediaType
        self.hash = hash
        self.base64 = base64
    }
}
