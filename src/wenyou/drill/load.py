"""Users who register matters and read lists, and remember what they were told was saved.

Plain clients over the API: each call that registers carries a key, so that one whose answer was
lost in a kill is sent again and must not be done twice.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from dataclasses import dataclass, field

from wenyou.drill.bank import Actor

TIMEOUT = 30.0
PAUSE = 0.05
AGAIN = 0.2


@dataclass(slots=True)
class Told:
    """What one user was answered."""

    saved: dict[str, str] = field(default_factory=dict)
    reads: int = 0
    lost: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


class Worker(threading.Thread):
    """One user at work until told to stop."""

    def __init__(self, actor: Actor, number: int, port: int, stop: threading.Event) -> None:
        super().__init__(name=f"drill-{number}", daemon=True)
        self.actor, self.number, self.port, self.stopping = actor, number, port, stop
        self.told = Told()

    def run(self) -> None:
        """Register, read, pause, again."""
        for turn in itertools.count():
            if self.stopping.is_set():
                return
            self.register(f"{self.number}-{turn}")
            self.read()
            time.sleep(PAUSE)

    def register(self, key: str) -> None:
        """Register one matter; a call whose answer was lost is sent again with its key."""
        body = json.dumps(
            {
                "flow": "commendation",
                "unit": self.actor.unit,
                "title": f"演练 {key}",
                "filled": {"channel": "营业现场", "praise_case": "演练登记。"},
            }
        )
        while True:
            answer = self.call("POST", "/api/v1/matters", body, key)
            if answer is not None:
                break
            self.told.lost += 1
            if self.stopping.is_set():
                return
            time.sleep(AGAIN)
        status, said = answer
        if status == 201:
            self.told.saved[key] = json.loads(said)["number"]
        else:
            self.told.errors.append(f"POST {status} {said[:200]}")

    def read(self) -> None:
        """Look at the newest matters."""
        answer = self.call("GET", "/api/v1/matters?limit=20", "", "")
        if answer is None:
            self.told.lost += 1
        elif answer[0] == 200:
            self.told.reads += 1
        else:
            self.told.errors.append(f"GET {answer[0]} {answer[1][:200]}")

    def call(self, method: str, path: str, body: str, key: str) -> tuple[int, str] | None:
        """One call; None when no whole answer came back."""
        headers = {"Authorization": f"Bearer {self.actor.token}"}
        if body:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        started = time.monotonic()
        try:
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            said = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        self.told.seconds.append(time.monotonic() - started)
        return answer.status, said
