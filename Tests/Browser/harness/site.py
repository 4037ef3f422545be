"""Somebody else's web site: pages served from memory on another loopback port, so from another origin."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}


class Site:
    """`pages` maps a path to text or bytes; `policy` is the Content-Security-Policy of all of them."""

    def __init__(self, pages, policy=None):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                content = pages.get(self.path.partition("?")[0])
                body = content if isinstance(content, bytes) else (content or "").encode()
                suffix = "." + self.path.partition("?")[0].rpartition(".")[2]
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", TYPES.get(suffix, TYPES[".html"]))
                self.send_header("Content-Length", str(len(body)))
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.listener.server_port}"
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def url(self, path):
        return self.origin + path

    def stop(self):
        self.listener.shutdown()
        self.listener.server_close()
