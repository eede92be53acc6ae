"""AES-256-CBC with PKCS #7 padding, as the platforms use it. Raises `Refused` for what was not made with the key."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from userops.feedback.channels.robots.hearing import unreadable

BLOCK = 16


def from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise unreadable() from None


def deciphered(key: bytes, start: bytes, data: bytes, *, padded_to: int = BLOCK) -> bytes:
    """`start`: the vector to begin with; `padded_to`: bytes of a block of the padding (企业微信 pads to 32)."""
    if not data or len(data) % BLOCK or len(start) != BLOCK or len(key) != 32:
        raise unreadable()
    opening = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
    plain = opening.update(data) + opening.finalize()
    length = plain[-1]
    if not 1 <= length <= padded_to or plain[-length:] != bytes([length]) * length:
        raise unreadable()
    return plain[:-length]
