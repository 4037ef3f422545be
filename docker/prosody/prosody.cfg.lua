-- Prosody beside samepage (compose.yaml): accounts on example.org, and samepage's rooms on rooms.example.org.
-- Put your domain in place of example.org, here and in ../samepage.yaml.

modules_enabled = {
    "roster", "saslauth", "tls", "dialback", "disco", "ping", "carbons", "mam", "pep", "blocklist", "vcard_legacy", "smacks",
}
authentication = "internal_hashed"
c2s_require_encryption = true
s2s_require_encryption = true
certificates = "certs" -- certs/example.org.crt and .key beside this file; prosodyctl cert import makes them from others

-- samepage connects from the other container. The components' protocol has no encryption, so this port stays on the
-- network of the two: compose.yaml does not publish it.
component_ports = { 5347 }
component_interfaces = { "*" }

log = { info = "*console" }

VirtualHost "example.org"

Component "rooms.example.org"
    name = "Page rooms"
    component_secret = assert(io.open("/run/secrets/component")):read("*l")
