"""Addresses of channels hold secrets: they are kept encrypted with a key of the data folder."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from userops.config import current
from userops.errors import StoreFailed
from userops.words import Words


def _box() -> Fernet:
    secret = f"{current().secret_key()}:channels".encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises `StoreFailed` when the key of the data folder is another one."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise StoreFailed(
            Words(
                "无法解密渠道地址：数据目录的密钥已改变。",
                "The channel's address cannot be read: the key of the data folder has changed.",
            ),
            code="channel_sealed",
            hint=Words("请删除该渠道后重新添加。", "Delete the channel and make it again."),
        ) from None
