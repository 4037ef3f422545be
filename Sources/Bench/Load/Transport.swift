/// What carries the stanzas.
enum Transport {
    case webSocket
    case bosh
}
