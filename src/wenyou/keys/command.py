"""``./wenyou keys status|rotate|reseal|retire``."""

from __future__ import annotations

import argparse

from wenyou.console import say, set_up

OK, OPEN = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou keys``."""
    parser.add_argument(
        "what",
        choices=("status", "rotate", "reseal", "retire"),
        help="status 查看；rotate 更换密钥；reseal 用新密钥重新加密；retire 停用旧密钥",
    )
    parser.add_argument("key", nargs="?", default="", metavar="密钥编号", help="retire 停用哪一个")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    set_up()
    from wenyou.privacy import sealed  # noqa: PLC0415 -- after the set-up

    match args.what:
        case "rotate":
            key = sealed.rotate(by=None)
            print(
                f"已更换密钥，今后用 {key} 加密。请运行 ./wenyou keys reseal，并另存新的密钥文件。"
            )
        case "reseal":
            return _reseal()
        case "retire":
            sealed.retire(args.key, by=None)
            print(
                f"密钥 {args.key} 已停用，文件移到 keys/retired。"
                "用它加密的旧备份仍需要它，请与备份一样长久保存。"
            )
        case _:
            return _status()
    return OK


def _reseal() -> int:
    from wenyou.privacy import sealed  # noqa: PLC0415 -- after the set-up

    done = sealed.reseal(lambda _, text: say(text), lambda **_: None, step={}, by=None)
    print(sealed.told(done))
    return OPEN if done.broken else OK


def _status() -> int:
    from wenyou.privacy.sealed import keys_needed  # noqa: PLC0415 -- after the set-up
    from wenyou.vault.house import house_ring  # noqa: PLC0415 -- after the set-up

    ring = house_ring()
    current, needed = ring.current().id, keys_needed()
    for key in sorted({*ring.ids(), *(one for found in needed.values() for one in found)}):
        uses = "、".join(
            f"{title} {found[key]} 处" for title, found in needed.items() if found[key]
        )
        kind = "现用" if key == current else "旧" if key in ring.ids() else "缺失"
        print(f"{key}（{kind}）：{uses or '没有内容需要它'}。")
    return OK
