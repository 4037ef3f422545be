import Testing
import XMPP

/// A document and what becomes of it.
struct XMLSample: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// Nil for one that is accepted.
    let refusal: StreamError.Condition?

    init(_ name: String, _ text: String, _ refusal: StreamError.Condition? = nil) {
        self.init(name, Array(text.utf8), refusal)
    }

    init(_ name: String, _ bytes: [UInt8], _ refusal: StreamError.Condition?) {
        self.name = name
        self.bytes = bytes
        self.refusal = refusal
    }

    var testDescription: String { name }

    /// `<a>` with these bytes inside.
    private static func text(_ bytes: [UInt8]) -> [UInt8] { Array("<a>".utf8) + bytes + Array("</a>".utf8) }
    private static func attribute(_ bytes: [UInt8]) -> [UInt8] { Array("<a b='".utf8) + bytes + Array("'/>".utf8) }
    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool = true) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            let bytes = [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]
            return bigEndian ? bytes : bytes.reversed()
        }
    }

    /// RFC 6120 §11.1.
    static let restricted: [XMLSample] = [
        XMLSample("DOCTYPE", "<!DOCTYPE a><a/>", .restrictedXML),
        XMLSample("DOCTYPE with entities", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", .restrictedXML),
        XMLSample("DOCTYPE behind the root", "<a/><!DOCTYPE a>", .restrictedXML),
        XMLSample("external subset", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", .restrictedXML),
        XMLSample("entity declaration inside", "<a><!ENTITY b 'c'></a>", .restrictedXML),
        XMLSample("entity in text", "<a>&b;</a>", .restrictedXML),
        XMLSample("entity in an attribute", "<a b='&c;'/>", .restrictedXML),
        XMLSample("entity that HTML predefines", "<a>&nbsp;</a>", .restrictedXML),
        XMLSample("comment in the prolog", "<!-- --><a/>", .restrictedXML),
        XMLSample("comment inside", "<a><!-- --></a>", .restrictedXML),
        XMLSample("comment behind the root", "<a/><!-- -->", .restrictedXML),
        XMLSample("processing instruction in the prolog", "<?php echo ?><a/>", .restrictedXML),
        XMLSample("processing instruction named like the declaration", "<?xml-stylesheet a='b'?><a/>", .restrictedXML),
        XMLSample("processing instruction behind the declaration", "<?xml version='1.0'?><?b?><a/>", .restrictedXML),
        XMLSample("processing instruction inside", "<a><?b c?></a>", .restrictedXML),
        XMLSample("processing instruction behind the root", "<a/><?b?>", .restrictedXML),
    ]

    static let declarations: [XMLSample] = [
        XMLSample("version", "<?xml version='1.0'?><a/>"),
        XMLSample("double quotes", "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><a/>"),
        XMLSample("lower-case encoding", "<?xml version='1.0' encoding='utf-8'?><a/>"),
        XMLSample("mixed-case encoding", "<?xml version='1.0' encoding='Utf-8'?><a/>"),
        XMLSample("not standalone", "<?xml version='1.0' standalone='no'?><a/>"),
        XMLSample("spaces", "<?xml\n version =\t'1.0'  encoding\r\n= 'UTF-8' ?>\n<a/>"),
        XMLSample("latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", .unsupportedEncoding),
        XMLSample("UTF-7", "<?xml version='1.0' encoding='UTF-7'?><a>+ADw-b+AD4-</a>", .unsupportedEncoding),
        XMLSample("UTF-16 in one-byte letters", "<?xml version='1.0' encoding='UTF-16'?><a/>", .unsupportedEncoding),
        XMLSample("US-ASCII", "<?xml version='1.0' encoding='US-ASCII'?><a/>", .unsupportedEncoding),
        XMLSample("unknown encoding", "<?xml version='1.0' encoding='x'?><a/>", .unsupportedEncoding),
        XMLSample("UTF8 without hyphen", "<?xml version='1.0' encoding='UTF8'?><a/>", .unsupportedEncoding),
        XMLSample("encoding that is no name", "<?xml version='1.0' encoding='8-UTF'?><a/>", .notWellFormed),
        XMLSample("empty encoding", "<?xml version='1.0' encoding=''?><a/>", .notWellFormed),
        XMLSample("XML 1.1", "<?xml version='1.1'?><a/>", .notWellFormed),
        XMLSample("XML 2.0", "<?xml version='2.0'?><a/>", .notWellFormed),
        XMLSample("empty version", "<?xml version=''?><a/>", .notWellFormed),
        XMLSample("no version", "<?xml encoding='UTF-8'?><a/>", .notWellFormed),
        XMLSample("nothing declared", "<?xml ?><a/>", .notWellFormed),
        XMLSample("standalone perhaps", "<?xml version='1.0' standalone='perhaps'?><a/>", .notWellFormed),
        XMLSample("wrong order", "<?xml encoding='UTF-8' version='1.0'?><a/>", .notWellFormed),
        XMLSample("declared twice", "<?xml version='1.0' version='1.0'?><a/>", .notWellFormed),
        XMLSample("no space between", "<?xml version='1.0'encoding='UTF-8'?><a/>", .notWellFormed),
        XMLSample("unquoted", "<?xml version=1.0?><a/>", .notWellFormed),
        XMLSample("quotes that do not match", "<?xml version='1.0\"?><a/>", .notWellFormed),
        XMLSample("something else inside", "<?xml version='1.0' a='b'?><a/>", .notWellFormed),
        XMLSample("upper-case target", "<?XML version='1.0'?><a/>", .restrictedXML),
        XMLSample("declaration twice", "<?xml version='1.0'?><?xml version='1.0'?><a/>", .restrictedXML),
        XMLSample("declaration inside", "<a><?xml version='1.0'?></a>", .restrictedXML),
        XMLSample("too long", "<?xml version='1.0'" + String(repeating: " ", count: 300) + "?><a/>", .policyViolation),
    ]

    static let namespaces: [XMLSample] = [
        XMLSample("undeclared element prefix", "<a:b/>", .notWellFormed),
        XMLSample("undeclared attribute prefix", "<a b:c=''/>", .notWellFormed),
        XMLSample("prefix out of scope", "<a><b xmlns:c='d'/><c:e/></a>", .notWellFormed),
        XMLSample("attribute twice", "<a b='' b=''/>", .notWellFormed),
        XMLSample("attribute twice by namespace", "<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>", .notWellFormed),
        XMLSample("attribute twice by prefix", "<a xmlns:x='u' x:b='' x:b=''/>", .notWellFormed),
        XMLSample("default namespace twice", "<a xmlns='b' xmlns='c'/>", .notWellFormed),
        XMLSample("prefix declared twice", "<a xmlns:b='c' xmlns:b='d'/>", .notWellFormed),
        XMLSample("two colons in an element", "<a:b:c xmlns:a='d'/>", .notWellFormed),
        XMLSample("two colons in an attribute", "<a xmlns:b='c' b:d:e=''/>", .notWellFormed),
        XMLSample("leading colon", "<:a/>", .notWellFormed),
        XMLSample("trailing colon", "<a:/>", .notWellFormed),
        XMLSample("leading colon in an attribute", "<a :b=''/>", .notWellFormed),
        XMLSample("trailing colon in an attribute", "<a b:='' xmlns:b='c'/>", .notWellFormed),
        XMLSample("local name that begins with a digit", "<a:1 xmlns:a='b'/>", .notWellFormed),
        XMLSample("xml bound to something else", "<a xmlns:xml='b'/>", .notWellFormed),
        XMLSample("xml namespace under another prefix", "<a xmlns:b='\(Namespace.xml)'/>", .notWellFormed),
        XMLSample("xml namespace as default", "<a xmlns='\(Namespace.xml)'/>", .notWellFormed),
        XMLSample("xmlns bound", "<a xmlns:xmlns='b'/>", .notWellFormed),
        XMLSample("xmlns namespace under a prefix", "<a xmlns:b='\(Namespace.xmlns)'/>", .notWellFormed),
        XMLSample("xmlns namespace as default", "<a xmlns='\(Namespace.xmlns)'/>", .notWellFormed),
        XMLSample("xmlns as element prefix", "<xmlns:a/>", .notWellFormed),
        XMLSample("prefix undeclared again", "<a xmlns:b='c'><d xmlns:b=''/></a>", .notWellFormed),
        XMLSample("end tag of another prefix", "<a:c xmlns:a='u' xmlns:b='u'></b:c>", .notWellFormed),
        XMLSample("relative name", "<a xmlns='foo'/>"),
        XMLSample("name that is no URI", "<a xmlns='a b'><b xmlns='\\'/></a>"),
        XMLSample("xml bound to its own", "<a xmlns:xml='\(Namespace.xml)'/>"),
        XMLSample("element in the xml namespace", "<xml:a/>"),
        XMLSample("language that is none", "<a xml:lang='?' xml:space='?' xml:id='1 2'/>"),
        XMLSample("default namespace taken away", "<a xmlns='b'><c xmlns=''/></a>"),
        XMLSample("same local name in two namespaces", "<a xmlns:x='u' xmlns:y='v' b='' x:b='' y:b=''/>"),
    ]

    static let characters: [XMLSample] = [
        XMLSample("NUL in text", text([0]), .notWellFormed),
        XMLSample("NUL in an attribute", attribute([0]), .notWellFormed),
        XMLSample("NUL in a name", Array("<a\u{0}/>".utf8), .notWellFormed),
        XMLSample("NUL behind the root", Array("<a/>\u{0}".utf8), .notWellFormed),
        XMLSample("NUL and another root behind the root", Array("<a/>\u{0}<b/>".utf8), .notWellFormed),
        XMLSample("control character in text", text([0x1B]), .notWellFormed),
        XMLSample("control character in an attribute", attribute([0x01]), .notWellFormed),
        XMLSample("control character in CDATA", "<a><![CDATA[\u{8}]]></a>", .notWellFormed),
        XMLSample("form feed between attributes", "<a\u{C}b='c'/>", .notWellFormed),
        XMLSample("U+FFFE in text", "<a>\u{FFFE}</a>", .notWellFormed),
        XMLSample("U+FFFF in text", "<a>\u{FFFF}</a>", .notWellFormed),
        XMLSample("U+FFFE in an attribute", "<a b='\u{FFFE}'/>", .notWellFormed),
        XMLSample("U+FFFF in an attribute", "<a b='é\u{FFFF}'/>", .notWellFormed),
        XMLSample("U+FFFF in CDATA", "<a><![CDATA[\u{FFFF}]]></a>", .notWellFormed),
        XMLSample("U+FFFE in a name", "<a\u{FFFE}/>", .notWellFormed),
        XMLSample("reference to U+0000", "<a>&#0;</a>", .notWellFormed),
        XMLSample("hexadecimal reference to U+0000", "<a>&#x0;</a>", .notWellFormed),
        XMLSample("reference to a control character", "<a b='&#8;'/>", .notWellFormed),
        XMLSample("reference to a surrogate", "<a>&#xD83D;&#xDE00;</a>", .notWellFormed),
        XMLSample("reference to U+FFFE", "<a>&#xFFFE;</a>", .notWellFormed),
        XMLSample("reference to U+FFFF", "<a b='&#65535;'/>", .notWellFormed),
        XMLSample("reference beyond Unicode", "<a>&#x110000;</a>", .notWellFormed),
        XMLSample("reference that overflows", "<a>&#x100000041;</a>", .notWellFormed),
        XMLSample("reference without digits", "<a>&#;</a>", .notWellFormed),
        XMLSample("reference without semicolon", "<a>&#65</a>", .notWellFormed),
        XMLSample("upper-case X in a reference", "<a>&#X41;</a>", .notWellFormed),
        XMLSample("ampersand alone", "<a>&</a>", .notWellFormed),
        XMLSample("entity without semicolon", "<a>&amp</a>", .notWellFormed),
        XMLSample("stray continuation byte", text([0x80]), .notWellFormed),
        XMLSample("overlong solidus", text([0xC0, 0xAF]), .notWellFormed),
        XMLSample("overlong letter", text([0xC1, 0x81]), .notWellFormed),
        XMLSample("overlong in three bytes", text([0xE0, 0x80, 0xAF]), .notWellFormed),
        XMLSample("overlong in four bytes", attribute([0xF0, 0x80, 0x80, 0xAF]), .notWellFormed),
        XMLSample("surrogate in UTF-8", text([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]), .notWellFormed),
        XMLSample("beyond Unicode in UTF-8", text([0xF4, 0x90, 0x80, 0x80]), .notWellFormed),
        XMLSample("five bytes", text([0xF8, 0x88, 0x80, 0x80, 0x80]), .notWellFormed),
        XMLSample("cut short in text", text([0xE2, 0x82]), .notWellFormed),
        XMLSample("cut short in an attribute", attribute([0xC3]), .notWellFormed),
        XMLSample("latin-1", text([0xE9]), .notWellFormed),
        XMLSample(
            "invalid bytes in CDATA", Array("<a><![CDATA[".utf8) + [0xFF] + Array("]]></a>".utf8), .notWellFormed),
        XMLSample("byte order mark", [0xEF, 0xBB, 0xBF] + Array("<a/>".utf8), .notWellFormed),
        XMLSample("UTF-16, big end first", utf16("<a/>", bigEndian: true), .notWellFormed),
        XMLSample("UTF-16, little end first", utf16("<a/>", bigEndian: false), .notWellFormed),
        XMLSample("UTF-16 without mark", utf16("<a/>", bigEndian: false, mark: false), .notWellFormed),
        XMLSample("EBCDIC", [0x4C, 0x6F, 0xA7, 0x94, 0x93], .notWellFormed),
    ]
}
