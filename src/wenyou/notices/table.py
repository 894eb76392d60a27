"""What may be set about the ways out of the house."""

from __future__ import annotations

from wenyou.knobs.table import Knob, KnobKind, register_knobs
from wenyou.notices.kinds import KINDS

OUT, TEXTS, MAIL = "对外通知", "对外通知：短信", "对外通知：邮件"
OFF, FILE, HTTP = "off", "file", "http"
PLAIN, STARTTLS, TLS = "plain", "starttls", "tls"
BODY = '{"mobile": "{手机号}", "content": "{内容}", "id": "{编号}"}'
CHOICE, INT, TEXT = KnobKind.CHOICE, KnobKind.INT, KnobKind.TEXT

register_knobs(
    Knob(
        name="quiet.from", group=OUT, title="免打扰开始", kind=INT, default=20, low=0, high=23,
        unit="时",
    ),
    Knob(
        name="quiet.until", group=OUT, title="免打扰结束", kind=INT, default=8, low=0, high=23,
        unit="时", help="免打扰时段的短信、邮件、群消息到结束时再发。起止相同表示没有免打扰时段。",
    ),
    Knob(
        name="quiet.exempt", group=OUT, title="不受免打扰限制的通知", kind=KnobKind.SEVERAL,
        default=[one.code for one in KINDS.values() if one.urgent],
        choices=tuple((one.code, one.title) for one in KINDS.values() if one.outside),
    ),
    Knob(
        name="retry.tries", group=OUT, title="一条最多发几次", kind=INT, default=5, low=1, high=10,
        unit="次", help="仍发不出去的列在“发送情况”里，由系统管理员重发。",
    ),
    Knob(
        name="retry.minutes", group=OUT, title="第一次重发前等待", kind=INT, default=5, low=1,
        high=120, unit="分钟", help="以后每次加倍。",
    ),
    Knob(
        name="robot.on", group=OUT, title="群机器人", kind=KnobKind.BOOL, default=False,
        help="企业微信、钉钉、飞书等群的机器人在“群机器人”页登记，需要可选组件 notify。",
    ),
    Knob(
        name="sms.channel", group=TEXTS, title="短信", kind=CHOICE, default=OFF,
        choices=((OFF, "不发送"), (FILE, "写文件交给本行短信网关"),
                 (HTTP, "调用本行短信网关的 HTTP 接口")),
        help="文件写在数据文件夹的 outbox 里，每行一条：手机号、内容、时间。",
    ),
    Knob(
        name="sms.url", group=TEXTS, title="网关地址", kind=TEXT, default="",
        help="例如 https://sms.bank.example/api/send。只连这一个地址，不跟随转向，不走代理。",
    ),
    Knob(
        name="sms.format", group=TEXTS, title="发送方式", kind=CHOICE, default="json",
        choices=(("json", "POST，JSON"), ("form", "POST，表单"), ("query", "GET，写在地址里")),
    ),
    Knob(
        name="sms.body", group=TEXTS, title="字段", kind=TEXT, default=BODY, lines=True,
        help="一个 JSON 对象；{手机号}、{内容}、{编号}、{密钥} 在发送时替换。",
    ),
    Knob(
        name="sms.headers", group=TEXTS, title="请求头", kind=TEXT, default="", lines=True,
        help="每行一个，例如 Authorization: Bearer {密钥}。",
    ),
    Knob(
        name="sms.secret", group=TEXTS, title="密钥", kind=KnobKind.SEALED, default="",
        environ="WENYOU_SMS_SECRET",
        help="也可以写在环境变量 WENYOU_SMS_SECRET 或 WENYOU_SMS_SECRET_FILE 指的文件里。",
    ),
    Knob(
        name="sms.success", group=TEXTS, title="怎样算成功", kind=TEXT, default="",
        help="例如 code=0 或 data.status=OK：回答是 JSON，这一项等于这个值。空着表示状态码 2xx 即成功。",
    ),
    Knob(
        name="sms.timeout", group=TEXTS, title="等网关多久", kind=INT, default=10, low=1, high=60,
        unit="秒",
    ),
    Knob(
        name="mail.on", group=MAIL, title="邮件", kind=KnobKind.BOOL, default=False,
        help="发到本人在“通知设置”里填的邮箱，没有填的按“收件地址”发。",
    ),
    Knob(
        name="mail.host", group=MAIL, title="邮件服务器", kind=TEXT, default="",
        help="例如 smtp.bank.example。",
    ),
    Knob(name="mail.port", group=MAIL, title="端口", kind=INT, default=465, low=1, high=65535),
    Knob(
        name="mail.security", group=MAIL, title="加密", kind=CHOICE, default=TLS,
        choices=((TLS, "TLS"), (STARTTLS, "STARTTLS"), (PLAIN, "不加密")),
        help="服务器的证书要能通过校验。不加密只应在本机或受控网段使用。",
    ),
    Knob(name="mail.user", group=MAIL, title="用户名", kind=TEXT, default=""),
    Knob(
        name="mail.secret", group=MAIL, title="密码", kind=KnobKind.SEALED, default="",
        environ="WENYOU_MAIL_SECRET",
        help="也可以写在环境变量 WENYOU_MAIL_SECRET 或 WENYOU_MAIL_SECRET_FILE 指的文件里。",
    ),
    Knob(
        name="mail.sender", group=MAIL, title="发件地址", kind=TEXT, default="",
        help="例如 wenyou@bank.example。",
    ),
    Knob(
        name="mail.pattern", group=MAIL, title="收件地址", kind=TEXT, default="",
        help="按登录号推出邮箱，例如 {登录号}@bank.example。空着则只发给自己填了邮箱的人。",
    ),
    Knob(
        name="mail.domains", group=MAIL, title="允许的邮箱域名", kind=TEXT, default="",
        help="用逗号分开，例如 bank.example。空着表示本人可以填任何邮箱。",
    ),
    Knob(
        name="mail.timeout", group=MAIL, title="等邮件服务器多久", kind=INT, default=20, low=1,
        high=60, unit="秒",
    ),
)  # fmt: skip
