import EventLoop
import WebWire

/// `GET /metrics`, on a listener of its own.
@EventLoop
final class MetricsRoutes: HTTPRoutes {
    private unowned let server: Server

    init(server: Server) {
        self.server = server
    }

    func answer(_ request: HTTPRequest, from peer: String) -> Routes.Outcome {
        guard request.path == "/metrics" else {
            return .response(HTTPResponse(status: .notFound, text: "Here are /metrics and nothing else.\n"))
        }
        guard ["GET", "HEAD"].contains(request.method) else {
            return .response(
                HTTPResponse(status: .methodNotAllowed, text: "Only to be read.\n", headers: ["Allow": "GET, HEAD"]))
        }
        var page = MetricsPage()
        page.describe(server)
        return .response(
            HTTPResponse(
                status: .ok,
                headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"],
                body: Array(page.text.utf8)))
    }
}
