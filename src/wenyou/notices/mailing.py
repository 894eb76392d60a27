"""Mail through the bank's own server."""

from __future__ import annotations

import smtplib
import ssl
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email

from wenyou.accounts.models import User
from wenyou.knobs.services import secret
from wenyou.notices.models import NoticeWish
from wenyou.notices.sending import Message, NotSent
from wenyou.notices.table import STARTTLS, TLS
from wenyou.vault.house import open_field, seal_field
from wenyou_core.errors import InputRefused

MODEL, FIELD = "notice_wish", "mail"
SUBJECT = "文优通知"
CHECK = "请系统管理员检查参数设置。"


def send(message: Message) -> None:
    """Hand one mail to the server. Raises NotSent."""
    values = message.settings
    if not values["mail.host"] or not values["mail.sender"]:
        raise NotSent(f"邮件服务器或发件地址没有填。{CHECK}", again=False)
    line = EmailBackend(
        host=values["mail.host"],
        port=int(values["mail.port"]),
        username=values["mail.user"],
        password=secret("mail.secret") if values["mail.user"] else "",
        use_tls=values["mail.security"] == STARTTLS,
        use_ssl=values["mail.security"] == TLS,
        timeout=int(values["mail.timeout"]),
    )
    mail = EmailMessage(SUBJECT, message.words, values["mail.sender"], [message.to])
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        line.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotSent("邮件服务器不收这个收件地址。", again=all(400 <= one < 500 for one in codes)) from None  # fmt: skip
    except smtplib.SMTPAuthenticationError:
        raise NotSent(f"邮件服务器不认用户名或密码。{CHECK}") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(
            f"邮件服务器不支持所选的加密或登录方式，没有发送。{CHECK}", again=False
        ) from None
    except smtplib.SMTPResponseException as error:
        again = 400 <= error.smtp_code < 500
        raise NotSent(f"邮件服务器没有收下，答复码 {error.smtp_code}。", again=again) from None
    except ssl.SSLError:
        raise NotSent(f"邮件服务器的证书或加密没有通过校验，没有发送。{CHECK}") from None
    except TimeoutError:
        said = f"邮件服务器 {values['mail.timeout']} 秒内没有答复。"
        raise NotSent(said, silent=True) from None
    except (OSError, smtplib.SMTPException) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise NotSent(f"连不上邮件服务器：{said}。", silent=True) from None
    finally:
        # After a refused greeting or encryption the line is still open.
        with suppress(OSError, smtplib.SMTPException):
            line.close()


def address_of(user: User, wish: NoticeWish | None, values: Mapping[str, Any]) -> str:
    """Where mail of a person goes: what he gave, else by the rule; empty when neither."""
    if wish is not None and wish.mail_sealed:
        return open_field(wish.mail_sealed, model=MODEL, field=FIELD, pk=wish.pk)
    return str(values["mail.pattern"]).replace("{登录号}", user.number)


def put_address(wish: NoticeWish, text: str, values: Mapping[str, Any]) -> None:
    """Seal an address into a saved row (not saving it). Raises InputRefused."""
    plain = unicodedata.normalize("NFKC", text).strip()
    domains = [one.strip().lower() for one in str(values["mail.domains"]).split(",") if one.strip()]
    if plain:
        try:
            validate_email(plain)
        except ValidationError:
            raise InputRefused(
                "mail-address", "邮箱地址不对，请核对，例如 zhang@bank.example。"
            ) from None
        if domains and plain.rpartition("@")[2].lower() not in domains:
            allowed = "、".join(domains)
            raise InputRefused("mail-domain", f"邮箱只能是本行的：{allowed}。请改用本行邮箱。")
    wish.mail_sealed = seal_field(
        plain, model=MODEL, field=FIELD, pk=wish.pk, cipher=str(values["vault.cipher"])
    )
