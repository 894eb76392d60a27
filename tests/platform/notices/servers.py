"""Real servers on this machine: an SMS gateway or robot by HTTP, and one of mail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """Answers every request alike and remembers it; ``answers`` and ``statuses`` come first."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"code": 0}'
    location: str = ""
    answers: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    holds: bool = False

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def web_server() -> Iterator[Web]:
    """A server of HTTP until the block ends."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            web.calls.append(Call(self.command, self.path, dict(self.headers), body))
            if web.holds:
                web.held.wait(20)
                return
            answer = web.answers.pop(0) if web.answers else web.answer
            self.send_response(web.statuses.pop(0) if web.statuses else web.status)
            if web.location:
                self.send_header("Location", web.location)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        web.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield web
        finally:
            web.held.set()
            server.shutdown()
            thread.join()


@dataclass
class Post:
    """A server of mail: what it answers to each recipient, and the mails it took."""

    port: int = 0
    to_recipient: bytes = b"250 fine"
    to_data: bytes = b"250 taken"
    recipients: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Post]:
    """A server of SMTP without encryption until the block ends."""
    post = Post()

    class Handler(socketserver.StreamRequestHandler):
        def _say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

        def handle(self) -> None:
            self._say(b"220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].split(":")[0].upper()
                post.words.append(word)
                if word == "RCPT":
                    post.recipients.append(line[len("RCPT TO:") :])
                    self._say(post.to_recipient)
                elif word == "DATA":
                    self._say(b"354 go on")
                    self._take()
                elif word == "QUIT":
                    self._say(b"221 bye")
                    return
                else:
                    self._say(b"250 fine")

        def _take(self) -> None:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line)
            post.mails.append(b"".join(lines))
            self._say(post.to_data)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
