"""The desk's own words: categories, teams, and what members answer."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Topic:
    """What feedback of a topic becomes. `hours`: usual working time to solve it."""

    category: Words
    team: str
    severity: str
    hours: float
    solution: Words
    cause: Words | None = None
    prevention: Words | None = None


SUPPORT, TECH, MONEY = "support", "tech", "money"
TEAMS = {
    SUPPORT: Words("客服组", "Support"),
    TECH: Words("技术支持组", "Tech support"),
    MONEY: Words("财务组", "Finance"),
}
TOPICS: dict[str, Topic] = {
    "闪退": Topic(
        Words("应用 / 闪退", "App / Crash"), TECH, "high", 14.0,
        Words("升级到 3.2.1 后恢复", "Fixed by the update to 3.2.1"),
        Words("3.2.0 的支付组件在旧机型上空指针", "A null pointer in the payment part of 3.2.0 on older phones"),
        Words("发版前在旧机型上跑支付用例", "Payment cases run on older phones before each release"),
    ),
    "支付失败": Topic(
        Words("支付 / 支付失败", "Payment / Failed"), MONEY, "high", 7.0,
        Words("核对流水后补单或原路退回", "Checked the payment; order restored or money returned"),
        Words("支付渠道回调超时，订单没有改状态", "The bank called back too late and the order kept its state"),
        Words("回调超时后主动查单", "Orders are asked for when no call comes back"),
    ),
    "物流慢": Topic(
        Words("物流 / 发货慢", "Delivery / Slow"), SUPPORT, "normal", 6.0,
        Words("催促承运商并告知预计到达", "Urged the carrier and told when it arrives"),
        Words("承运商揽收延迟", "The carrier collected late"),
    ),
    "优惠券": Topic(
        Words("优惠 / 优惠券", "Offers / Coupons"), SUPPORT, "normal", 4.0,
        Words("说明使用条件，符合的补发", "Explained the conditions; issued again where they hold"),
        Words("领取页没有写明使用条件", "The page did not tell the conditions"),
    ),
    "商品质量": Topic(
        Words("商品 / 质量", "Goods / Quality"), SUPPORT, "normal", 8.0,
        Words("安排换货或退款", "Exchanged or refunded"),
        Words("供应商批次瑕疵", "A faulty batch of the supplier"),
    ),
    "找不到商品": Topic(
        Words("商品 / 找不到", "Goods / Not found"), SUPPORT, "low", 6.0,
        Words("记录需求并推荐替代", "Noted the wish and named an alternative"),
    ),
    "功能建议": Topic(
        Words("建议", "Ideas"), SUPPORT, "low", 5.0,
        Words("已转产品评估", "Passed on to product"),
    ),
    "表扬": Topic(Words("表扬", "Praise"), SUPPORT, "low", 2.0, Words("已致谢", "Thanked")),
}  # fmt: skip
BURST_TOPIC = Topic(
    Words("优惠 / 新人券", "Offers / New-user coupon"), SUPPORT, "high", 4.0,
    Words("补发新人券并修正领取规则", "New-user coupon issued again, rule mended"),
    Words("领取规则把新注册用户算成老用户", "The rule took new users for old ones"),
    Words("活动上线前用新账号走一遍领取流程", "A new account walks through each offer before it starts"),
)  # fmt: skip
BURST_TEXTS = (
    "新人券领了用不了，提示不满足条件", "抖音上说的新人券在哪里领，点进来没有", "新人专享价下单时变回原价",
    "注册后没有收到新人券", "新人券显示已过期，可我今天才注册",
    "第一次下单没有新人优惠", "换了手机号注册，说我不是新用户", "新人礼包只到账一张，应该是三张",
    "广告写新人立减 30，结算没减", "我明明是新用户，券领不了", "新人券不能买主播推荐的那款",
    "邀请朋友注册，他也没领到新人券", "注册送的券在哪里看", "新人专区的价格付款时没有了",
    "刚下载的，点领取说活动火爆，一直领不到",
)  # fmt: skip
ANSWERS = (
    Words("您好，已收到，我们正在核实。", "Thank you, we are looking into it."),
    Words(
        "感谢反馈，已转给同事处理，有结果第一时间告诉您。",
        "Thank you. A colleague has taken it, and we will write as soon as we know more.",
    ),
)
AGAIN = ("还是一样，没有解决", "又出现了，请再看一下")
