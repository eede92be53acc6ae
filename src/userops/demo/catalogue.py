# ruff: noqa: E501
"""Display names of the demo company's events and properties, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from userops.words import Words


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One event as the catalogue shows it, with where it happens and the usual pause before it."""

    words: Words
    description: Words
    owner: str
    page: str
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class PropertyEntry:
    """One property as the catalogue shows it."""

    words: Words
    description: Words
    owner: str
    type: str = "text"


GROWTH, TRADE, CONTENT, ENGINEERING, SERVICE = "增长组", "交易组", "内容组", "技术部", "客服部"

# fmt: off
EVENTS: dict[str, EventEntry] = {
    "first_visit": EventEntry(Words("首次访问", "First visit"), Words("设备第一次打开应用、小程序或网站", "A device opens the app, the mini program or the site for the first time"), GROWTH, "启动", 0.2),
    "push_open": EventEntry(Words("点击推送", "Open push"), Words("点击一条推送通知进入应用", "A push notification is tapped and opens the app"), GROWTH, "启动", 0.2),
    "app_open": EventEntry(Words("打开应用", "Open app"), Words("一次访问的开始", "The start of a visit"), ENGINEERING, "启动", 1.0),
    "app_update": EventEntry(Words("更新版本", "Update app"), Words("更新后第一次打开", "First opening after an update"), ENGINEERING, "启动", 0.5),
    "sign_up": EventEntry(Words("注册", "Sign up"), Words("注册成功，获得会员编号", "Registration succeeds and gives a member number"), GROWTH, "登录", 14.0),
    "log_in": EventEntry(Words("登录", "Log in"), Words("登录成功", "Log-in succeeds"), GROWTH, "登录", 10.0),
    "view_home": EventEntry(Words("浏览首页", "View home"), Words("首页展示完成", "The home page is shown"), CONTENT, "首页", 2.0),
    "search": EventEntry(Words("搜索", "Search"), Words("提交搜索词；结果数为 0 即未满足的需求", "A search is submitted; no result means an unmet need"), CONTENT, "搜索", 14.0),
    "view_product": EventEntry(Words("浏览商品", "View product"), Words("商品详情页展示完成", "A product page is shown"), TRADE, "商品详情", 26.0),
    "favorite": EventEntry(Words("收藏商品", "Favourite"), Words("把商品加入收藏", "A product is kept as a favourite"), TRADE, "商品详情", 5.0),
    "share": EventEntry(Words("分享", "Share"), Words("把商品分享给好友或社交平台", "A product is shared with friends or on a network"), GROWTH, "商品详情", 8.0),
    "add_to_cart": EventEntry(Words("加入购物车", "Add to cart"), Words("把商品加入购物车", "A product is put into the cart"), TRADE, "商品详情", 9.0),
    "remove_from_cart": EventEntry(Words("移出购物车", "Remove from cart"), Words("从购物车移除商品", "A product is taken out of the cart"), TRADE, "购物车", 8.0),
    "checkout_start": EventEntry(Words("提交订单", "Start checkout"), Words("进入结算；金额为应付总额", "Checkout begins; the amount is the total before discount"), TRADE, "结算", 20.0),
    "experiment_exposed": EventEntry(Words("进入实验", "Experiment exposed"), Words("用户看到实验的某个版本", "The user sees one arm of an experiment"), GROWTH, "结算", 0.1),
    "coupon_receive": EventEntry(Words("领取优惠券", "Receive coupon"), Words("优惠券到账", "A coupon is received"), GROWTH, "领券中心", 6.0),
    "coupon_use": EventEntry(Words("使用优惠券", "Use coupon"), Words("订单使用了优惠券", "An order uses a coupon"), GROWTH, "结算", 4.0),
    "pay_success": EventEntry(Words("支付成功", "Payment succeeded"), Words("支付完成；金额为实付金额", "The order is paid; the amount is what was paid"), TRADE, "支付结果", 12.0),
    "pay_fail": EventEntry(Words("支付失败", "Payment failed"), Words("支付未完成，附错误码", "The payment does not go through; with an error code"), TRADE, "支付结果", 12.0),
    "refund_request": EventEntry(Words("申请退款", "Request refund"), Words("对已支付订单申请退款", "A refund of a paid order is requested"), SERVICE, "订单", 20.0),
    "review_submit": EventEntry(Words("提交评价", "Submit review"), Words("对商品打分评价", "A product is rated"), CONTENT, "订单", 30.0),
    "check_in": EventEntry(Words("签到", "Check in"), Words("每日签到领金币", "The daily check-in for coins"), GROWTH, "签到", 3.0),
    "live_watch": EventEntry(Words("观看直播", "Watch live"), Words("进入直播间", "A live stream is watched"), CONTENT, "直播间", 40.0),
    "invite_sent": EventEntry(Words("发出邀请", "Send invitation"), Words("把邀请链接发给好友", "An invitation is sent to a friend"), GROWTH, "邀请有礼", 10.0),
    "invite_accept": EventEntry(Words("接受邀请", "Accept invitation"), Words("新用户通过邀请注册，附邀请人编号", "A new user signs up by an invitation; with the inviter's number"), GROWTH, "邀请有礼", 1.0),
    "nps_submit": EventEntry(Words("提交推荐度评分", "Submit NPS"), Words("回答「您愿意把我们推荐给朋友吗」（0–10 分）", "Answers how likely they are to recommend us, 0 to 10"), SERVICE, "问卷", 8.0),
    "feedback_submit": EventEntry(Words("提交反馈", "Submit feedback"), Words("在应用内提交意见", "Feedback is submitted in the app"), SERVICE, "意见反馈", 35.0),
    "crash": EventEntry(Words("崩溃", "Crash"), Words("应用崩溃退出", "The app crashes"), ENGINEERING, "", 4.0),
}

PROPERTIES: dict[str, PropertyEntry] = {
    "push_name": PropertyEntry(Words("推送类型", "Push type"), Words("推送的模板", "Template of the push"), GROWTH),
    "start_type": PropertyEntry(Words("启动方式", "Start type"), Words("图标、后台或外部链接", "Icon, background or link"), ENGINEERING),
    "from_version": PropertyEntry(Words("更新前版本", "Version before"), Words("更新前的应用版本", "App version before the update"), ENGINEERING),
    "to_version": PropertyEntry(Words("更新后版本", "Version after"), Words("更新后的应用版本", "App version after the update"), ENGINEERING),
    "method": PropertyEntry(Words("登录方式", "Log-in method"), Words("注册或登录的方式", "How the user signed up or logged in"), GROWTH),
    "coupon_id": PropertyEntry(Words("优惠券", "Coupon"), Words("优惠券编号", "Id of the coupon"), GROWTH),
    "discount": PropertyEntry(Words("优惠金额", "Discount"), Words("优惠的金额（元）", "Yuan taken off"), GROWTH, "number"),
    "threshold": PropertyEntry(Words("使用门槛", "Threshold"), Words("可用券的最低订单金额（元）", "Smallest order in yuan that may use the coupon"), GROWTH, "number"),
    "share_to": PropertyEntry(Words("分享去向", "Shared to"), Words("分享到哪里", "Where it was shared to"), GROWTH),
    "campaign": PropertyEntry(Words("所属活动", "Campaign"), Words("邀请所属的活动", "Campaign of the invitation"), GROWTH),
    "inviter_number": PropertyEntry(Words("邀请人编号", "Inviter"), Words("邀请人的会员编号（不含前缀 sg）", "Member number of the inviter, without the prefix sg"), GROWTH, "number"),
    "tab": PropertyEntry(Words("首页频道", "Home tab"), Words("首页所在的频道", "Tab of the home page"), CONTENT),
    "keyword": PropertyEntry(Words("搜索词", "Keyword"), Words("用户输入的搜索词", "What the user searched for"), CONTENT),
    "result_count": PropertyEntry(Words("结果数", "Results"), Words("搜索结果的数量", "Number of search results"), CONTENT, "number"),
    "product_id": PropertyEntry(Words("商品编号", "Product id"), Words("商品的编号", "Id of the product"), TRADE),
    "product_name": PropertyEntry(Words("商品名称", "Product name"), Words("商品的名称", "Name of the product"), TRADE),
    "category": PropertyEntry(Words("商品品类", "Category"), Words("商品的一级品类", "Top category of the product"), TRADE),
    "price": PropertyEntry(Words("商品单价", "Price"), Words("商品的单价（元）", "Price of one in yuan"), TRADE, "number"),
    "from": PropertyEntry(Words("来源位置", "Listed in"), Words("从哪个列表进入商品", "The list from which the product was opened"), CONTENT),
    "quantity": PropertyEntry(Words("数量", "Quantity"), Words("商品件数", "Number of items"), TRADE, "number"),
    "order_id": PropertyEntry(Words("订单编号", "Order id"), Words("订单的编号", "Id of the order"), TRADE, "number"),
    "item_count": PropertyEntry(Words("商品件数", "Items"), Words("订单里的商品件数", "Number of items in the order"), TRADE, "number"),
    "experiment": PropertyEntry(Words("实验名称", "Experiment"), Words("实验的名称", "Name of the experiment"), GROWTH),
    "variant": PropertyEntry(Words("实验版本", "Variant"), Words("A 为对照，B 为单页结算", "A is the control, B the one-page checkout"), GROWTH),
    "pay_method": PropertyEntry(Words("支付方式", "Payment method"), Words("支付所用的方式", "How it was paid"), TRADE),
    "error_code": PropertyEntry(Words("支付错误码", "Payment error"), Words("支付失败的错误码", "Error code of the failed payment"), TRADE),
    "coins": PropertyEntry(Words("获得金币", "Coins"), Words("签到获得的金币", "Coins earned by the check-in"), GROWTH, "number"),
    "live_id": PropertyEntry(Words("直播场次", "Live stream"), Words("直播的场次编号", "Id of the live stream"), CONTENT, "number"),
    "watch_seconds": PropertyEntry(Words("观看时长", "Seconds watched"), Words("观看直播的秒数", "Seconds of the live stream watched"), CONTENT, "number"),
    "rating": PropertyEntry(Words("评分", "Rating"), Words("1–5 分", "1 to 5"), SERVICE, "number"),
    "reason": PropertyEntry(Words("退款原因", "Refund reason"), Words("申请退款的原因", "Why the refund is requested"), SERVICE),
    "score": PropertyEntry(Words("推荐度评分", "NPS score"), Words("0–10 分", "0 to 10"), SERVICE, "number"),
    "survey_id": PropertyEntry(Words("问卷编号", "Survey"), Words("问卷的编号", "Id of the survey"), SERVICE),
    "topic": PropertyEntry(Words("反馈主题", "Topic"), Words("用户选择的反馈主题", "Topic chosen by the user"), SERVICE),
    "text": PropertyEntry(Words("反馈内容", "Text"), Words("用户写下的反馈", "What the user wrote"), SERVICE),
    "error": PropertyEntry(Words("崩溃原因", "Crash error"), Words("崩溃的异常类型", "Kind of the exception"), ENGINEERING),
    "where": PropertyEntry(Words("崩溃页面", "Crash page"), Words("崩溃时所在的页面", "Page of the crash"), ENGINEERING),
}

PROFILE_PROPERTIES: dict[str, PropertyEntry] = {
    "gender": PropertyEntry(Words("性别", "Gender"), Words("注册时填写", "As given at sign-up"), GROWTH),
    "age_band": PropertyEntry(Words("年龄段", "Age band"), Words("按出生年份计算", "By year of birth"), GROWTH),
    "home_city": PropertyEntry(Words("常住城市", "Home city"), Words("收货地址所在城市", "City of the delivery address"), GROWTH),
    "home_province": PropertyEntry(Words("常住省份", "Home province"), Words("收货地址所在省份", "Province of the delivery address"), GROWTH),
    "member_level": PropertyEntry(Words("会员等级", "Member level"), Words("按累计消费评定", "By the value of all orders"), GROWTH),
    "register_channel": PropertyEntry(Words("注册渠道", "Sign-up channel"), Words("首次来源渠道", "Channel of the first visit"), GROWTH),
    "register_date": PropertyEntry(Words("注册日期", "Sign-up date"), Words("首次访问的日期", "Date of the first visit"), GROWTH),
    "birthday_month": PropertyEntry(Words("生日月份", "Birthday month"), Words("1–12 月", "1 to 12"), GROWTH, "number"),
    "is_test": PropertyEntry(Words("测试账号", "Test account"), Words("公司内部的测试账号", "An internal test account"), ENGINEERING, "boolean"),
}
# fmt: on
