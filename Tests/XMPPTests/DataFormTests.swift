import Testing
import XMPP

@Suite struct DataFormTests {
    private func field(_ name: String?, _ values: [String], type: String? = nil) -> Element {
        Element(
            "field", Namespace.dataForms, ["var": name, "type": type],
            values.map { Element("value", Namespace.dataForms, text: $0) })
    }

    private func form(_ fields: [Element], type: String? = "submit") -> Element {
        Element("x", Namespace.dataForms, ["type": type], fields)
    }

    private func error(_ element: Element) -> StanzaError.Condition? {
        do throws(StanzaError) {
            _ = try DataForm(element, maximumFields: 3)
            return nil
        } catch {
            return error.condition
        }
    }

    @Test func aFormIsReadAsItIsWritten() throws {
        var form = DataForm(.submit, type: "urn:x")
        form.fields = [DataForm.Field("a", ["1", "2"]), DataForm.Field("b", [""]), DataForm.Field("c", [])]
        let read = try DataForm(form.element, maximumFields: 4)
        #expect(read == form)
        #expect(read["a"]?.values == ["1", "2"] && read.value("a") == nil && read.value("b") == "")
        #expect(read["d"] == nil)
    }

    @Test func whatIsAskedSaysHow() {
        var form = DataForm(.form, type: "urn:x", title: "T", instructions: "I")
        form.fields = [
            DataForm.Field("a", "list-single", label: "A", ["1"], options: [.init("1", label: "One"), .init("2")])
        ]
        #expect(
            String(decoding: form.element.serialized, as: UTF8.self)
                == "<x xmlns='jabber:x:data' type='form'><title>T</title><instructions>I</instructions>"
                + "<field var='FORM_TYPE' type='hidden'><value>urn:x</value></field>"
                + "<field var='a' type='list-single' label='A'><value>1</value>"
                + "<option label='One'><value>1</value></option><option><value>2</value></option></field></x>")
    }

    @Test func remarksAndForeignElementsAreReadOver() throws {
        let read = try DataForm(
            form([
                field(nil, ["Section"], type: "fixed"), Element("title", Namespace.dataForms, text: "T"),
                Element("field", "urn:other", ["var": "z"]), field("a", ["1"]),
            ]), maximumFields: 1)
        #expect(read.fields.map(\.name) == ["a"])
    }

    @Test func whatIsNoFormIsABadRequest() {
        let cases: [(String, Element)] = [
            ("no type", form([], type: nil)), ("an unknown type", form([], type: "toString")),
            ("a field twice", form([field("a", ["1"]), field("a", ["1"])])),
            ("the type twice", form([field("FORM_TYPE", ["x"]), field("FORM_TYPE", ["x"])])),
            ("two types in one field", form([field("FORM_TYPE", ["x", "y"])])),
            ("no name", form([field(nil, ["1"])])),
            ("too many fields", form(["a", "b", "c", "d"].map { field($0, []) })),
            ("another element", Element("y", Namespace.dataForms, ["type": "submit"])),
            ("another namespace", Element("x", "urn:other", ["type": "submit"])),
        ]
        for (name, element) in cases { #expect(error(element) == .badRequest, "\(name)") }
    }

    @Test func booleansHaveFourSpellings() {
        #expect(
            ["1", "true", "0", "false", "yes", "", "True"].map(DataForm.boolean)
                == [true, true, false, false, nil, nil, nil])
    }
}
