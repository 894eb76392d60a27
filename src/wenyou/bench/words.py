"""What the bank of the bench says: invented names and complaints, common and rare words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

PLACES = tuple(
    first + last
    for first, last in product("安宁清平永和长兴东临海江云松柳石金玉凤龙", "州川阳山泉溪城陵湾原")
)
ROADS = tuple(
    first + last
    for first, last in product(
        ("人民", "解放", "中山", "建设", "文化", "学院", "体育场", "火车站", "科技园", "湖滨",
         "新华", "胜利", "和平", "青年", "劳动", "滨河", "北京", "延安", "朝晖", "凤起"),
        ("路", "东路", "西路", "大街", "广场"),
    )
)  # fmt: skip
SURNAMES = tuple("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻")
GIVEN = tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅鑫浩宇婷雪晨")
POSTS = ("柜员", "大堂经理", "客户经理", "理财经理", "会计主管", "引导员")
DEPARTMENTS = ("个人金融部", "运营管理部", "信用卡中心", "网络金融部", "消费者权益保护部")
# Free text of customers: who and where, what happened, what is wanted; the first of each are
# said most often, the last hardly ever.
PARTS: tuple[tuple[str, ...], ...] = (
    tuple(
        who + where
        for where, who in product(
            ("在柜台办理转账", "在自助设备取款", "来电咨询信用卡账单", "办理贷款结清证明",
             "购买理财产品", "申请开立账户", "更换社保卡", "办理外币兑换", "领取工资",
             "补打回单", "查询公积金", "挂失存单", "办理遗产继承", "预约大额现金"),
            ("客户", "老年客户", "对公客户", "外籍客户", "代办人", "商户", "视障客户", "退役军人"),
        )
    ),
    tuple(
        how + what
        for how, what in product(
            ("反映", "投诉", "多次反映", "质疑", "表示", "建议", "称"),
            ("等候时间过长", "工作人员解释不清", "收费标准不明", "设备吞卡后无人处理",
             "窗口开放太少", "态度生硬", "系统提示失败", "资料反复补交", "利率与宣传不符",
             "停车不便", "叫号机故障", "轮椅坡道被占用", "雨伞架缺失", "公示电话无人接听"),
        )
    ),
    tuple(
        f"要求{what}{when}"
        for when, what in product(
            ("", "并书面答复", "并在三日内答复", "并当面致歉", "并减免费用", "并向上级报告"),
            ("说明原因", "尽快处理", "核实并更正", "退还费用", "改进服务", "提供录像",
             "安排专人联系", "出具证明", "调整窗口", "补偿损失"),
        )
    ),
)  # fmt: skip
COMMON, RARE = "客户", "坡道"
STEPS = (
    "从登记的时刻起算：10月12日（周一）9:30。",
    "时限为5个工作日，当日不计入。",
    "10月17日（周六）、10月18日（周日）不是工作日，不计入。",
    "到最后一个工作日营业结束时到期：10月19日（周一）17:00。",
    "时限出处：压测。",
)


def array(words: Sequence[str]) -> str:
    """Words as an array of the database; they hold no quotes."""
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]"
