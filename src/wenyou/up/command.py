"""``./wenyou up``: one command from a fresh machine to a living bank."""

from __future__ import annotations

import argparse
import ipaddress
import os

from wenyou.console import say
from wenyou_core.errors import InputRefused

OK = 0
HOST, PORT = "127.0.0.1", 8000
TOP_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou up``."""
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="端口", help=f"网页的端口，默认 {PORT}"
    )
    parser.add_argument(
        "--host", default=HOST, metavar="地址", help=f"监听的地址，默认 {HOST}，即只供本机使用"
    )
    parser.add_argument(
        "--empty", action="store_true", help="首次启动不建演示银行，给出首位管理员的一次性链接"
    )
    parser.add_argument(
        "--web", type=int, default=1, metavar="数", help="网页进程数，默认 1（SQLite 只能为 1）"
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="数", help="后台进程数，默认 1（SQLite 只能为 1）"
    )


def run(args: argparse.Namespace) -> int:
    """Prepare, serve until told to stop."""
    from wenyou.up.supervise import Plan, bind, serve  # noqa: PLC0415 -- slow import

    check(args)
    with bind(args.host, args.port) as socket:
        os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
        from wenyou.lock import only_one  # noqa: PLC0415 -- needs the settings named
        from wenyou.up.prepare import prepare  # noqa: PLC0415 -- needs the settings named

        with only_one():
            greeting = prepare(empty=args.empty, address=address_of(args.host, args.port), say=say)
            return serve(Plan(socket, args.host, args.port, args.web, args.workers), greeting, say)


def check(args: argparse.Namespace) -> None:
    """Refuse what cannot be served, before anything is touched."""
    if not 0 < args.port <= TOP_PORT:
        raise InputRefused("up-port", f"端口应在 1 到 {TOP_PORT} 之间，请改正 --port。")
    if args.web < 1 or args.workers < 1:
        raise InputRefused("up-processes", "进程数应为 1 或更多，请改正 --web 和 --workers。")
    shared = os.environ.get("WENYOU_DATABASE_URL") or os.environ.get("WENYOU_DATABASE_URL_FILE")
    if args.web + args.workers > 2 and not shared:
        raise InputRefused(
            "up-processes",
            "SQLite 只配一个网页进程和一个后台进程；要用多个进程，"
            "请用 WENYOU_DATABASE_URL 指定 PostgreSQL。",
        )
    if args.web > 1 and os.name == "nt":
        raise InputRefused("up-processes", "Windows 上只能有一个网页进程，请去掉 --web。")


def address_of(host: str, port: int) -> str:
    """The address a person on this machine types."""
    try:
        named = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if named.is_unspecified:
        return f"http://127.0.0.1:{port}/"
    return f"http://[{host}]:{port}/" if named.version == 6 else f"http://{host}:{port}/"
