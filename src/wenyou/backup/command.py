"""``./wenyou backup`` and ``./wenyou restore``."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

from wenyou.console import say, set_up
from wenyou_desk.parser import path_said

OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou backup``."""
    parser.add_argument(
        "--out", type=path_said, metavar="文件", help="写到哪个文件，默认写入数据文件夹的 backups"
    )
    parser.add_argument(
        "--check", type=path_said, metavar="备份文件", help="只核对一份备份能否完整读出，不做备份"
    )
    parser.add_argument("--keys", type=path_said, metavar="文件夹", help="核对时用这里的密钥")


def run(args: argparse.Namespace) -> int:
    """Write one, or check one."""
    services = loaded()
    if args.check:
        contents = services.check(args.check, keys=args.keys)
        say(f"核对无误：{contents.rows} 行数据，{contents.files} 个文件，可以用来恢复。")
        return OK
    path: Path = services.write_backup(reason="手动", target=args.out)
    head = services.head_of(path)
    names = [f"keys/key-{one}.key" for one in head["keys"]]
    names += ["keys/index.key"] if head["index"] else []
    print(path)
    say(f"备份已写好（{path.stat().st_size / 1e6:.1f} MB），由编号 {head['key']} 的密钥加密。")
    say(f"密钥不在备份里：请另行妥善保存数据文件夹中的 {'、'.join(names)}。")
    return OK


def loaded() -> ModuleType:
    """The services, once Django stands."""
    set_up()
    from wenyou.backup import services  # noqa: PLC0415 -- after the set-up

    return services
