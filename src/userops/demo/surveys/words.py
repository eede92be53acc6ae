"""What users of the demo company write in surveys: themes, and the words of each. Users write Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from userops.words import Words


@dataclass(frozen=True, slots=True)
class Theme:
    """`heads` × `tails` are the texts; `low`, `middle`, `high`: how often those of low, middle and high scores
    speak of it."""

    name: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    low: float
    middle: float
    high: float

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(f"{head}，{tail}" for head, tail in product(self.heads, self.tails))


DELIVERY, PAYMENT, REFUND, QUALITY, SERVICE = "delivery", "payment", "refund", "quality", "service"
THEMES = (
    Theme(
        DELIVERY,
        ("物流太慢", "快递配送慢", "发货太慢了", "物流信息一直不更新", "配送总是延迟"),
        ("等了一周快递才到", "催了两次物流还没发货", "说好次日达配送却晚了三天",
         "快递停在中转站不动", "包裹到的时候已经不需要了"),
        5, 4, 0.3,
    ),
    Theme(
        PAYMENT,
        ("支付失败", "付款一直报错", "支付页面卡住", "付款扣了钱订单没生成", "银行卡支付不了"),
        ("重试支付三次都失败", "支付网关超时，只好放弃付款", "那天晚上八点多付款全部失败",
         "付款失败也没人告诉我原因", "订单支付状态不对"),
        1, 0.3, 0.1,
    ),
    Theme(
        REFUND,
        ("退款太麻烦", "退货流程复杂", "退款审核很久", "售后退货要自己垫运费", "申请退款被驳回"),
        ("退款等了十天才到账", "退货地址找了半天", "填了好几遍退款理由",
         "退款进度看不到", "退货打电话 13812345678 没人回"),
        4, 3, 0.3,
    ),
    Theme(
        QUALITY,
        ("商品质量很好", "东西质量不错", "商品和描述一致", "质量比预期好", "商品正品放心"),
        ("质量对得起价格", "家人也觉得商品好用", "回购好几次质量都稳定", "商品包装完整", "细节质量做得用心"),
        0.4, 3, 6,
    ),
    Theme(
        SERVICE,
        ("客服态度很好", "客服回复快", "客服小姐姐耐心", "人工客服很专业", "客服主动联系我"),
        ("客服五分钟就解决了问题", "客服帮我改了地址", "有问题客服马上处理", "客服讲解得清楚", "遇到过最好的客服"),
        0.3, 2, 4,
    ),
)  # fmt: skip
WISHES = (
    "希望双十二有羽绒服折扣", "想要更多母婴用品的满减", "希望零食礼包可以自己搭配",
    "想买咖啡豆的组合装", "数码产品能不能分期免息",
    "希望面膜和精华一起打折", "想要宠物用品专区", "潮玩盲盒能不能预约",
)  # fmt: skip
WANTS = {
    "clothes": Words("羽绒服与冬装", "Winter clothes"),
    "snacks": Words("零食与咖啡", "Snacks and coffee"),
    "baby": Words("母婴用品", "Baby goods"),
    "digital": Words("数码配件", "Digital accessories"),
    "beauty": Words("美妆护肤", "Beauty"),
}
DOORS = {
    "self": Words("在应用里自助申请", "By myself, in the app"),
    "staff": Words("联系客服申请", "By way of customer service"),
}
