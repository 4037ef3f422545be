/// What somebody is besides an occupant of some affiliation (XEP-0317): staff of the site, for instance.
package struct Hat: Hashable, Sendable {
    /// What programs know it by.
    package var uri: String
    /// What people see.
    package var title: String

    package init(uri: String, title: String) {
        self.uri = uri
        self.title = title
    }
}
