-- samepage beside Prosody: /etc/prosody/conf.d/samepage.cfg.lua
-- Keep the block of the shape that you run; with both, both work. `prosodyctl check config` reads it for you.

component_ports = { 5347 } -- where samepage connects to
component_interfaces = { "127.0.0.1" } -- the components' protocol has no encryption: loopback or a private network

-- Shape 2: samepage hosts the rooms.
Component "rooms.example.org"
    component_secret = "change-me-rooms"

-- Shape 3: Prosody hosts the rooms, samepage brings the visitors.
Component "web.example.org"
    component_secret = "change-me-visitors"

Component "conference.example.org" "muc"
    name = "Rooms of example.org"
    modules_enabled = { "muc_mam" } -- what visitors missed while the link was down
    muc_log_by_default = true
    admins = { "samepage@web.example.org" } -- the keeper, which makes the pages' rooms
    restrict_room_creation = true -- only admins make rooms: no visitor ever owns one
    muc_room_default_public = true
    muc_room_default_history_length = 50
    max_history_messages = 100
