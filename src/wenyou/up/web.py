"""One web process: waitress on the socket that the supervisor has bound."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

# What a proxy says of itself stays: nothing is believed for it, but a demo account must not be
# taken for one of this machine because a proxy stands here.
OPTIONS: dict[str, Any] = {
    "threads": 8,
    "ident": None,
    "channel_timeout": 60,
    "clear_untrusted_proxy_headers": False,
}


def main() -> int:
    """Serve until SIGTERM, or until the supervisor is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int)
    parser.add_argument("--listen", default="")
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenyou.settings")

    from waitress.server import create_server  # noqa: PLC0415 -- after the settings are named

    from wenyou.up.parent import follow  # noqa: PLC0415 -- with the others
    from wenyou.wsgi import application  # noqa: PLC0415 -- after the settings are named

    where = {"sockets": [socket.socket(fileno=args.fd)]} if args.fd else {"listen": args.listen}
    server = create_server(application, **OPTIONS, **where)

    def stop(_number: int = 0, _frame: FrameType | None = None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    follow(lambda: os._exit(0))
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
