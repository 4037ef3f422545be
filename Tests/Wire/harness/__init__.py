"""A client of few words: raw TCP, and just enough HTTP, WebSocket and XMPP to be rude in."""
