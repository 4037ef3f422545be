"""Just enough HTTP/1.1 to read answers."""

import re

from .connection import Connection, Ended


class Answer:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) .+", lines[0])[1])
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        self.body = body

    def all(self, name):
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def get(self, name):
        """The one value of a field, None without; more than one is a fault."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} more than once: {values}"
        return values[0] if values else None


def request(method="GET", path="/healthz", *fields, body=b"", version="HTTP/1.1", host="localhost"):
    """The bytes of a request; fields are `Name: value`."""
    lines = [f"{method} {path} {version}", f"Host: {host}", *fields]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def read_answer(connection, to="GET"):
    head = connection.read_through(b"\r\n\r\n")[:-4]
    answer = Answer(head, b"")
    if to != "HEAD" and answer.status >= 200 and answer.status not in (204, 304):
        answer.body = connection.read(int(answer.get("Content-Length")))
    return answer


def ask(port, data, **how):
    """Sends bytes on a connection of their own; the answers until the server closes or falls silent, and how it was."""
    with Connection(port, **how) as connection:
        connection.send(data)
        answers = []
        try:
            while not answers or connection.input or not connection.is_silent(0.02):
                answers.append(read_answer(connection))
        except Ended:
            assert not connection.input, f"half an answer: {bytes(connection.input)!r}"
        return answers, connection.ending or "open"
