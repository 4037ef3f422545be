-- Prosody as samepage-bench runs it: what chat in rooms needs and nothing else, in memory, without limits of rate.
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
certificates = "{folder}/data"
log = { { levels = { min = "warn" }, to = "file", filename = "{folder}/prosody.log" } }
storage = "memory"

interfaces = { "127.0.0.1" }
c2s_ports = {}
c2s_direct_tls_ports = {}
s2s_ports = {}
http_ports = { {port} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
http_default_host = "localhost"
component_ports = { {component-port} }
component_interfaces = { "127.0.0.1" }

modules_enabled = { "saslauth", "disco", "websocket", "bosh" }
modules_disabled = { "s2s", "tls" }
{limits}
c2s_require_encryption = false
consider_websocket_secure = true
consider_bosh_secure = true
cross_domain_websocket = true
c2s_stanza_size_limit = 1024 * 1024
bosh_max_inactivity = 300

VirtualHost "localhost"
    authentication = "anonymous"

Component "rooms.localhost" "muc"
    restrict_room_creation = false
    muc_room_locking = false
    muc_tombstones = false
    muc_room_default_public = true

-- For the scenario in which rooms of ours live here.
Component "web.localhost"
    component_secret = "bench"

Component "conference.localhost" "muc"
    admins = { "samepage@web.localhost" }
    restrict_room_creation = false
    muc_tombstones = false
