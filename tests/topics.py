"""Topics on the shared demo server: its small company says too little for any to be found."""

from __future__ import annotations

import time
from typing import Any

from tests.conftest import DemoServer

SAID = (
    (
        "支付一直失败，银行卡扣了钱订单却没有成功",
        "付款页面转圈，支付宝支付失败",
        "微信支付失败，提示网关超时",
    ),
    (
        "快递五天还没到，物流信息不更新",
        "物流太慢了，快递停在中转站",
        "发货以后物流一直不动，催快递没人理",
    ),
    (
        "退款申请三天没人处理，客服不回复",
        "退款迟迟不到账，联系客服一直排队",
        "客服答应退款却没有退，态度敷衍",
    ),
)
TIMES = 8
PATIENCE = 180
"""Seconds: the demo company's own are found first, in the background."""


def grow(server: DemoServer) -> list[dict[str, Any]]:
    """The topics, found anew, after more has been said where that was too little."""
    if not _found_anew(server):
        for time_ in range(TIMES):
            for subject in SAID:
                for text in subject:
                    server.errand("ticket-open", text=f"{text}，第 {time_ + 1} 次反馈了")
        assert _found_anew(server)
    return list(server.errand("topics")["items"])


def _found_anew(server: DemoServer) -> bool:
    _idle(server)
    server.errand("topics-grow")
    return _idle(server)["problem"] is None


def _idle(server: DemoServer) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while (state := server.errand("topics-growing"))["state"] != "idle":
        assert time.monotonic() < until
        time.sleep(0.5)
    return dict(state)
