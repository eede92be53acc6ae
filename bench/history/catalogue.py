"""What happens in the invented shop: event names, how often, and the values of properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

TIMEZONE = "Asia/Shanghai"
ZONE = ZoneInfo(TIMEZONE)
FIRST_DAY = datetime(2026, 1, 5, tzinfo=ZONE)
"""A Monday. The history ends `DAYS` later, before any machine that runs this says it is."""
DAYS = 120
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
FIRST_MS = int(FIRST_DAY.astimezone(UTC).timestamp() * 1000)
DAY_MS = 86_400_000

OPEN, VIEW, CART, CHECKOUT, PAY = 0, 1, 2, 3, 4
SEARCH, PAGE = 5, 6
EVENTS: tuple[str, ...] = (
    *("app_open", "product_view", "add_to_cart", "checkout", "pay_success"),
    *("search", "page_view", "banner_click", "category_view", "recommend_show", "recommend_click"),
    *("favorite_add", "share", "coupon_receive", "coupon_use", "comment_view", "comment_post"),
    *("live_enter", "live_like", "message_open", "push_receive", "push_click", "sign_in_daily"),
    *("sign_up", "login", "address_edit", "order_view", "order_cancel", "refund_apply"),
    *("service_chat", "video_play", "video_finish", "invite_send", "points_redeem", "app_crash"),
)
_BROWSED = (VIEW, *range(SEARCH, len(EVENTS)))
"""What fills a session; opening, cart, checkout and payment are placed by its plot."""


def browsing() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Codes of browsing events and the cumulative share of each: product views lead, then Zipf."""
    weight = 1.0 / np.arange(1, len(_BROWSED) + 1) ** 1.1
    weight[0] *= 1.6
    return np.array(_BROWSED), np.cumsum(weight / weight.sum())


PLATFORMS = np.array(["android", "harmony", "ios", "mini_program", "web"])
PLATFORM_SHARE = np.array([0.34, 0.06, 0.24, 0.26, 0.10])
SYSTEMS = np.array(["Android", "HarmonyOS", "iOS", "Android", "Windows"])
"""The operating system that goes with each platform."""
CHANNELS = np.array(
    ["app_store", "baidu", "direct", "douyin", "kuaishou", "wechat", "weibo", "xiaohongshu"]
)
CHANNEL_SHARE = np.array([0.16, 0.08, 0.21, 0.22, 0.05, 0.17, 0.03, 0.08])
DIRECT = 2
VERSIONS = np.array([f"8.{minor}.{patch}" for minor in range(12) for patch in range(2)])
COUNTRIES = np.array(["中国", "新加坡", "美国"])
PLACES: tuple[tuple[str, str], ...] = (
    *(("广东", city) for city in ("深圳", "广州", "东莞", "佛山", "惠州")),
    *(("浙江", city) for city in ("杭州", "宁波", "温州", "金华")),
    *(("江苏", city) for city in ("苏州", "南京", "无锡", "徐州")),
    *(("上海", "上海"), ("北京", "北京"), ("重庆", "重庆"), ("天津", "天津")),
    *(("四川", city) for city in ("成都", "绵阳")),
    *(("山东", city) for city in ("青岛", "济南", "烟台")),
    *(("河南", city) for city in ("郑州", "洛阳")),
    *(("湖北", "武汉"), ("湖南", "长沙"), ("福建", "厦门"), ("福建", "福州"), ("陕西", "西安")),
    *(("安徽", "合肥"), ("辽宁", "沈阳"), ("辽宁", "大连"), ("江西", "南昌"), ("云南", "昆明")),
)
PROVINCES = np.array([province for province, _ in PLACES])
CITIES = np.array([city for _, city in PLACES])
PAGES = np.array(
    ["/", "/category", "/cart", "/me", "/orders", "/live"]
    + [f"/topic/{number}" for number in range(300)]
)
WORDS = np.array(
    [f"{a}{b}" for a in "春夏秋冬红白黑蓝" for b in ("裙", "鞋", "包", "外套", "茶", "手机壳")]
)
COUPONS = np.array([f"C{number:03}" for number in range(40)])
GROUPS = np.array(["control", "treatment"])

WEEKDAY = np.array([0.94, 0.92, 0.93, 0.97, 1.06, 1.17, 1.12])
HOUR = np.array(
    [
        *(1.5, 0.8, 0.5, 0.4, 0.4, 0.6, 1.4, 2.8, 4.0, 4.6, 5.0, 5.3),
        *(6.0, 5.4, 4.6, 4.5, 4.6, 4.9, 5.3, 6.3, 7.6, 8.2, 7.0, 4.0),
    ]
)
GROWTH = 0.6
"""A day at the end has this much more traffic than one at the start."""


def zipf(
    random: np.random.Generator, kinds: int, count: int, exponent: float = 1.0
) -> npt.NDArray[np.int64]:
    """`count` numbers below `kinds`, the small ones often."""
    edges = np.cumsum(1.0 / np.arange(1, kinds + 1) ** exponent)
    found: npt.NDArray[np.int64] = np.searchsorted(edges, random.random(count) * edges[-1])
    return found


def pick(
    random: np.random.Generator, share: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.int64]:
    """Places in `share`, each as often as it says."""
    edges = np.cumsum(share)
    return np.searchsorted(edges, random.random(count) * edges[-1])
