"""Texts of three planted subjects, for tests: what a machine should find is known."""

from __future__ import annotations

import numpy as np

SUBJECTS = {
    "登录": ["验证码收不到", "登录不上去", "密码忘记了", "账号被锁定", "短信没有收到验证码"],
    "物流": ["快递太慢", "物流没有更新", "快递员态度差", "包裹丢了", "送货上门没有送"],
    "支付": ["付款失败", "扣了两次钱", "退款没到账", "优惠券用不了", "银行卡支付报错"],
}
TAILS = [
    "，请处理",
    "，怎么办",
    "，很着急",
    "，已经三天了",
    "。",
    "，第二次了",
    "，麻烦看一下",
    "，谢谢",
]


def planted(each: int = 60, seed: int = 1) -> tuple[list[str], list[str]]:
    """Texts of three subjects, three sentences each, and their subject."""
    random = np.random.default_rng(seed)
    found: dict[str, str] = {}
    for subject, sentences in SUBJECTS.items():
        while sum(own == subject for own in found.values()) < each:
            chosen = random.choice(sentences, 3, replace=False)
            found["，".join(chosen) + random.choice(TAILS)] = subject
    return list(found), list(found.values())
