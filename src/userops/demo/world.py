# ruff: noqa: E501
# fmt: off
"""The world of the demo company 拾光集: its personas, channels, places, goods and words.

Plain numbers only; `people`, `visits` and `journeys` read them. Shares need not add up to one:
they are weights. All money is in yuan, all times are local (Asia/Shanghai).
"""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words

BRAND = Words("拾光集", "Shiguang Market")
PRODUCT = "demo"
TIME_ZONE = "Asia/Shanghai"
UTC_OFFSET_MS = 8 * 3_600_000
"""China has had one fixed offset since 1991."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One planted group: who they are, when they come, what they buy, how they stay."""

    slug: str
    words: Words
    staying: float
    """Multiplies the chance to come back, before each channel is levelled to its planned rate."""
    depth: float
    """Multiplies the number of things looked at in a visit."""
    weekend: float
    """Activity on days off relative to workdays."""
    hours: tuple[int, ...]
    """24 weights, one for each hour of the day."""
    categories: tuple[float, ...]
    """Weights in the order of `CATEGORIES`."""
    tiers: tuple[float, float, float]
    """Weights of budget, middle and premium goods."""
    search: float
    cart: float
    checkout: float
    pay: float
    coupon: float
    check_in: float
    live: float
    share: float
    platforms: tuple[float, ...]
    """Weights in the order of `PLATFORMS`."""
    female: float
    ages: tuple[int, int]
    """Youngest and oldest age."""
    score: float
    """Mean answer to the 0–10 recommendation question."""


PLATFORMS = ("iOS", "Android", "小程序", "Web")

PERSONAS: tuple[Persona, ...] = (
    Persona(
        "stockpiling_mum",
        Words("囤货妈妈", "Stockpiling mums"),
        staying=1.35, depth=1.15, weekend=1.10,
        hours=(0, 0, 0, 0, 0, 1, 2, 4, 6, 12, 14, 9, 6, 11, 10, 5, 4, 3, 3, 5, 11, 14, 7, 1),
        categories=(30, 26, 28, 3, 1, 2, 5, 2, 3, 0),
        tiers=(0.25, 0.6, 0.15),
        search=0.55, cart=0.27, checkout=0.36, pay=0.86, coupon=0.50, check_in=0.22,
        live=0.06, share=0.05, platforms=(0.26, 0.30, 0.40, 0.04), female=0.93, ages=(27, 40), score=8.6,
    ),
    Persona(
        "night_owl_student",
        Words("夜猫学生", "Night-owl students"),
        staying=1.05, depth=1.10, weekend=1.42,
        hours=(22, 13, 5, 1, 0, 0, 0, 1, 2, 2, 2, 3, 6, 4, 2, 2, 3, 4, 5, 6, 9, 14, 24, 30),
        categories=(0, 4, 3, 8, 4, 24, 1, 30, 4, 22),
        tiers=(0.6, 0.35, 0.05),
        search=0.40, cart=0.14, checkout=0.24, pay=0.82, coupon=0.45, check_in=0.18,
        live=0.30, share=0.16, platforms=(0.36, 0.46, 0.16, 0.02), female=0.52, ages=(18, 24), score=7.9,
    ),
    Persona(
        "bargain_hunter",
        Words("价格敏感党", "Bargain hunters"),
        staying=1.20, depth=1.20, weekend=1.18,
        hours=(1, 0, 0, 0, 0, 3, 10, 18, 14, 6, 6, 5, 11, 6, 4, 4, 4, 5, 8, 12, 16, 11, 5, 2),
        categories=(5, 22, 30, 4, 2, 10, 4, 18, 5, 0),
        tiers=(0.85, 0.14, 0.01),
        search=0.75, cart=0.25, checkout=0.16, pay=0.78, coupon=0.88, check_in=0.62,
        live=0.10, share=0.12, platforms=(0.12, 0.56, 0.28, 0.04), female=0.58, ages=(30, 58), score=7.1,
    ),
    Persona(
        "quality_professional",
        Words("品质白领", "Quality-minded professionals"),
        staying=1.00, depth=0.90, weekend=0.84,
        hours=(1, 0, 0, 0, 0, 0, 1, 4, 9, 6, 4, 6, 26, 20, 5, 4, 4, 6, 10, 14, 13, 9, 5, 2),
        categories=(2, 6, 10, 28, 26, 12, 12, 3, 10, 1),
        tiers=(0.05, 0.45, 0.5),
        search=0.45, cart=0.18, checkout=0.33, pay=0.90, coupon=0.15, check_in=0.05,
        live=0.05, share=0.06, platforms=(0.62, 0.22, 0.12, 0.04), female=0.66, ages=(24, 37), score=8.3,
    ),
    Persona(
        "one_time_explorer",
        Words("尝鲜一次客", "One-time explorers"),
        staying=0.16, depth=0.62, weekend=1.30,
        hours=(3, 1, 1, 0, 0, 1, 2, 4, 5, 6, 7, 7, 8, 7, 7, 7, 7, 7, 8, 10, 13, 14, 10, 6),
        categories=(6, 14, 12, 16, 10, 12, 6, 14, 6, 4),
        tiers=(0.55, 0.38, 0.07),
        search=0.22, cart=0.09, checkout=0.16, pay=0.74, coupon=0.70, check_in=0.03,
        live=0.12, share=0.02, platforms=(0.26, 0.46, 0.22, 0.06), female=0.55, ages=(18, 50), score=6.4,
    ),
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in: its share of new users, its planned retention, and whom it brings."""

    name: str
    share: float
    day1: float
    day7: float
    day30: float
    personas: tuple[float, ...]
    """Weights in the order of `PERSONAS`."""
    utm_source: str
    utm_medium: str


CHANNELS: tuple[Channel, ...] = (
    Channel("应用商店", 0.20, 0.41, 0.215, 0.115, (20, 22, 24, 18, 16), "appstore", "store"),
    Channel("抖音", 0.20, 0.27, 0.105, 0.045, (14, 28, 20, 8, 30), "douyin", "feed"),
    Channel("微信", 0.16, 0.44, 0.250, 0.140, (34, 12, 28, 14, 12), "wechat", "social"),
    Channel("小红书", 0.13, 0.36, 0.175, 0.085, (18, 26, 6, 32, 18), "xiaohongshu", "social"),
    Channel("老带新", 0.09, 0.53, 0.340, 0.210, (30, 20, 32, 12, 6), "invite", "referral"),
    Channel("自然", 0.12, 0.45, 0.255, 0.145, (24, 18, 20, 24, 14), "", ""),
    Channel("搜索", 0.10, 0.39, 0.205, 0.105, (18, 16, 26, 22, 18), "baidu", "cpc"),
)
REFERRAL = 4
"""Index of 老带新."""
DOUYIN = 1

CATEGORIES = ("母婴", "食品生鲜", "家居日用", "美妆护肤", "服饰", "数码", "运动户外", "零食", "咖啡茶饮", "潮玩")
CATEGORY_PRICE = (85.0, 38.0, 32.0, 110.0, 120.0, 130.0, 115.0, 20.0, 48.0, 62.0)
"""Median price of a middle item."""
TIER_FACTOR = (0.55, 1.0, 1.9)
PRODUCTS_PER_SHELF = 20
"""Goods of one category and tier."""
NOUNS: tuple[tuple[str, ...], ...] = (
    ("拉拉裤", "婴儿湿巾", "辅食米粉", "儿童绘本"), ("阳澄湖大闸蟹", "五常大米", "有机蔬菜箱", "冷鲜牛腱"),
    ("抽纸整箱", "洗衣凝珠", "收纳箱", "不粘炒锅"), ("精华水", "防晒乳", "修护面霜", "洁面慕斯"),
    ("羊毛开衫", "通勤衬衫", "直筒牛仔裤", "针织半裙"), ("蓝牙耳机", "充电宝", "机械键盘", "手机支架"),
    ("瑜伽垫", "登山背包", "速干外套", "骑行头盔"), ("每日坚果", "辣条礼包", "海苔脆", "低糖饼干"),
    ("冷萃咖啡液", "挂耳咖啡", "茉莉花茶", "燕麦奶"), ("盲盒系列", "积木套装", "毛绒挂件", "手办摆件"),
)
SHELF_NAMES = ("平价", "精选", "臻享")

KEYWORDS: tuple[tuple[str, ...], ...] = (
    ("纸尿裤", "奶粉", "儿童绘本", "辅食"), ("大闸蟹", "牛排", "水果礼盒", "大米"), ("抽纸", "洗衣液", "收纳", "四件套"),
    ("防晒", "面膜", "精华", "口红"), ("羽绒服", "衬衫", "牛仔裤", "卫衣"), ("耳机", "充电宝", "键盘", "手机壳"),
    ("瑜伽垫", "冲锋衣", "跑鞋", "帐篷"), ("坚果", "辣条", "薯片", "低糖零食"), ("挂耳咖啡", "冷萃", "花茶", "燕麦奶"),
    ("盲盒", "积木", "手办", "毛绒玩具"),
)
UNMET_KEYWORDS: tuple[tuple[str, ...], ...] = (
    ("婴儿推车租赁", "早产儿奶粉"), ("学生特价 键盘", "二手教材"), ("临期食品", "工厂直发"), ("宠物推车", "低因咖啡豆"), ("线下门店", "代购"),
)
"""What each persona looks for and does not find: a search without result."""
UNMET_RATE = (0.10, 0.09, 0.12, 0.11, 0.05)

PLACES: tuple[tuple[str, str, float], ...] = (
    ("上海市", "上海市", 9.0), ("北京市", "北京市", 8.0), ("广东省", "广州市", 6.0), ("广东省", "深圳市", 6.5),
    ("浙江省", "杭州市", 6.0), ("四川省", "成都市", 5.5), ("江苏省", "南京市", 4.0), ("江苏省", "苏州市", 4.0),
    ("湖北省", "武汉市", 4.2), ("重庆市", "重庆市", 4.2), ("陕西省", "西安市", 3.6), ("湖南省", "长沙市", 3.2),
    ("河南省", "郑州市", 3.2), ("山东省", "青岛市", 2.6), ("山东省", "济南市", 2.2), ("天津市", "天津市", 2.6),
    ("福建省", "厦门市", 2.0), ("福建省", "福州市", 1.8), ("安徽省", "合肥市", 2.2), ("浙江省", "宁波市", 2.2),
    ("广东省", "东莞市", 2.4), ("广东省", "佛山市", 2.0), ("辽宁省", "沈阳市", 1.6), ("辽宁省", "大连市", 1.4),
    ("江苏省", "无锡市", 1.8), ("云南省", "昆明市", 1.6), ("广西壮族自治区", "南宁市", 1.4), ("贵州省", "贵阳市", 1.2),
    ("江西省", "南昌市", 1.3), ("河北省", "石家庄市", 1.3), ("山西省", "太原市", 1.0), ("吉林省", "长春市", 0.9),
    ("黑龙江省", "哈尔滨市", 1.0), ("甘肃省", "兰州市", 0.6), ("海南省", "海口市", 0.6), ("新疆维吾尔自治区", "乌鲁木齐市", 0.6),
)

DEVICES: tuple[tuple[str, ...], ...] = (
    ("iPhone 13", "iPhone 14", "iPhone 15", "iPhone 15 Pro", "iPhone 16", "iPhone 16 Pro"),
    ("HUAWEI Mate 60", "HUAWEI nova 12", "Xiaomi 14", "Redmi Note 13", "OPPO Reno11", "vivo S18", "HONOR 100"),
    ("微信 · iPhone", "微信 · HUAWEI", "微信 · Xiaomi", "微信 · OPPO"),
    ("Windows PC", "Mac"),
)
"""By platform."""
SYSTEMS = ("iOS", "Android", "微信", "桌面系统")
SYSTEM_VERSIONS: tuple[tuple[str, ...], ...] = (
    ("16.7", "17.5", "18.1", "18.3"), ("12", "13", "14", "15"), ("8.0.48", "8.0.50", "8.0.53"), ("Windows 11", "macOS 15"),
)

COUPONS: tuple[tuple[str, int, int], ...] = (
    ("NEW15", 15, 59), ("SAVE10", 10, 69), ("SAVE20", 20, 129), ("SAVE40", 40, 259),
)
"""Id, yuan off, smallest order."""
PAY_METHODS = ("微信支付", "支付宝", "云闪付", "花呗")
PAY_METHOD_SHARE = (0.56, 0.34, 0.05, 0.05)
PAY_ERRORS = ("BALANCE_NOT_ENOUGH", "USER_CANCELLED", "BANK_DECLINED", "NETWORK_ERROR")
PAY_ERROR_SHARE = (0.30, 0.38, 0.18, 0.14)
GATEWAY_ERROR = "PAY_GATEWAY_TIMEOUT"
RELEASE_ERROR = "PAY_SDK_NULL"
CRASH_ERROR = "OutOfMemoryError"
RELEASE_CRASH = "NullPointerException@PayActivity"
SHARE_TARGETS = ("微信好友", "朋友圈", "小红书", "QQ")
REFUND_REASONS = ("不想要了", "质量问题", "发错货", "物流太慢", "买贵了")
LOGIN_METHODS = ("一键登录", "微信登录", "短信验证码", "Apple 登录")
PUSHES = ("上新提醒", "降价提醒", "购物车召回", "签到提醒", "直播预告")
