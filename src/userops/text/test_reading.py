from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.text.grams import grams
from userops.text.language import language_of
from userops.text.personal_data import find_personal, luhn, mask
from userops.text.reading import read
from userops.text.segmenting import words
from userops.text.sentiment import sentiment_of
from userops.text.severity import LEVELS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("登录不上，验证码收不到", "zh"),
        ("App 一直 crash，请处理", "zh"),
        ("The app keeps crashing on my iPhone", "en"),
        ("refund please", "en"),
        ("le produit est très bien mais la livraison est trop lente", "other"),
        ("アプリが開きません", "other"),
        ("приложение не работает", "other"),
        ("13812345678 !!!", None),
        ("", None),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("味道不错，送得很快", "positive"),
        ("味道不好", "negative"),
        ("一点都不好吃", "negative"),
        ("不贵，还很新鲜", "positive"),
        ("没有异味，很满意", "positive"),
        ("屏幕很好，但是电池太差，一直死机", "negative"),
        ("请问在哪里修改密码", "neutral"),
        ("This app is great, I love it", "positive"),
        ("It crashes all the time and support is useless", "negative"),
    ],
)
def test_sentiment_without_labels(text, feeling):
    assert sentiment_of(text).feeling == feeling


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Le personnel est très aimable, mais il y a trop peu de caisses", ["personnel", "aimable", "caisses"]),
        ("Die Lieferung war leider nicht pünktlich, die Ware ist kaputt", ["lieferung", "pünktlich", "ware", "kaputt"]),
        ("El pedido no ha llegado y la tienda está cerrada", ["pedido", "llegado", "tienda", "cerrada"]),
        ("Il negozio è molto bello ma i prezzi sono alti", ["negozio", "bello", "prezzi", "alti"]),
        ("O produto não chegou e o atendimento é muito ruim", ["produto", "chegou", "atendimento", "ruim"]),
        ("Het pakket is niet aangekomen en de winkel is dicht", ["pakket", "aangekomen", "winkel", "dicht"]),
        # what says nothing in another language may say something in English
        ("my son wants to die in the war game", ["son", "wants", "die", "war", "game"]),
        ("充值 mal 失败", ["充值", "mal", "失败"]),
    ],
)  # fmt: skip
def test_small_words_of_the_text_s_language_say_nothing(text, about):
    assert words(text) == about


def test_negation_turns_and_degree_raises():
    plain, raised, turned = (sentiment_of(t).score for t in ("满意", "非常满意", "不满意"))
    assert raised > plain > 0 > turned


@pytest.mark.parametrize(
    ("text", "level", "intent"),
    [
        ("账号被盗，钱被转走了", "urgent", "other"),
        ("再不处理我就去 12315 投诉", "urgent", "complaint"),
        ("充值了没到账，客服一直不回复", "high", "complaint"),
        ("点开就闪退", "high", "complaint"),
        ("从未闪退过，很好用", "low", "praise"),
        ("希望能增加深色模式", "low", "wish"),
        ("请问怎么开发票？", "low", "question"),
        ("I was charged twice for one order", "high", "complaint"),
        ("would be nice to have a dark mode", "low", "wish"),
        ("How do I change my password?", "low", "question"),
    ],
)
def test_severity_and_intent(text, level, intent):
    found = read(text).severity
    assert (found.level, found.intent) == (level, intent)
    assert found.level in LEVELS


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("我的手机号13812345678", ["phone"]),
        ("+86 138 1234 5678 或 021-58881234", ["phone", "phone"]),
        ("call (415) 555-0132 or +44 20 7946 0958", ["phone", "phone"]),
        ("身份证11010519491231002X", ["id_card"]),
        ("编号110105194912310021", []),
        (
            "身份证号是 110105 19491231 0021",
            ["id_card"],
        ),  # the word says it, though its check digit is wrong
        ("ID card no. 110105194912310021", ["id_card"]),
        ("SSN 123-45-6789, order 123-45-67890", ["id_card"]),
        ("银行卡 6217 0001 4000 1234 567", ["bank_card"]),
        ("退款到银行卡，三天了", []),
        ("手机１３８１２３４５６７８，wang＠example.com", ["phone", "email"]),
        ("卡号 4111 1111 1111 1111", ["bank_card"]),
        ("订单号 4111111111111112", []),
        ("mail jane.doe+x@example.co.uk", ["email"]),
        ("上海市浦东新区祖冲之路1500号3号楼502室", ["address"]),
        ("221 Baker Street, London", ["address"]),
        ("加我微信：wx_20240601", ["account"]),
        ("QQ 123456789", ["account"]),
        ("护照号 E12345678", ["passport"]),
        ("车牌沪A12345 被拖走", ["plate"]),
        ("from 192.168.1.20", ["ip"]),
        ("版本 10.2.0.1300 无法登录，订单 20261126001", []),
        ("价格 199.00 元，第3号柜台", []),
    ],
)
def test_personal_data(text, kinds):
    assert [each.kind for each in find_personal(text)] == kinds


def test_masked_texts():
    text = "电话13812345678，卡4111 1111 1111 1111，邮箱jane@example.com"
    assert mask(text) == "电话138****5678，卡************1111，邮箱j***@example.com"
    assert mask(text, "wholly") == "电话[电话]，卡[银行卡号]，邮箱[邮箱]"
    assert mask("jane@example.com", "wholly", "en") == "[e-mail]"
    assert (
        mask("电话１３８１２３４５６７８，wang＠example.com") == "电话138****5678，w***@example.com"
    )
    assert mask("SSN 123-45-6789") == "SSN *****6789"


@given(st.text(alphabet="0123456789 -+()@.ax张路号", max_size=60))
@settings(max_examples=60)
def test_masking_leaves_the_rest_and_nothing_personal(text):
    masked = mask(text, "wholly")
    found = find_personal(text)
    rest, at = "", 0
    for each in found:
        assert at <= each.start < each.end
        rest, at = rest + text[at : each.start], each.end
    assert sum(masked.count(part) >= 1 for part in [rest[:1]] if part) == bool(rest)
    assert all(text[e.start : e.end] not in masked for e in found if e.kind in ("phone", "email"))


@given(st.text(alphabet="0123456789", min_size=12, max_size=18))
@settings(max_examples=40)
def test_one_of_ten_check_digits_is_right(digits):
    assert sum(luhn(digits + check) for check in "0123456789") == 1


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_text_is_read(text):
    found = read(text)
    assert -1 <= found.sentiment.score <= 1
    assert found.as_dict()["severity"] in LEVELS


@pytest.mark.parametrize(
    "piece",
    ["@", "a", "a.", "1", "1-", "中", "省市区镇路", "路1", "路1号", "a@", "a@a.", "[", "微信"],
)
def test_no_text_is_read_slowly(piece):
    """Patterns that try every pair of places take minutes for what anybody may write into a form."""
    text = f"路{piece * (20_000 // len(piece))}"
    began = time.process_time()
    words(text)
    read(text)
    assert time.process_time() - began < 2


def test_keywords_leave_out_what_is_masked():
    found = read("登录不上，验证码收不到，电话13812345678，住上海市浦东新区祖冲之路1500号")
    assert "验证码" in found.keywords
    assert not {"地址", "电话", "祖冲之"} & set(found.keywords) - {"电话"}


def test_letters_with_accents_do_not_end_a_word():
    assert words("L'accueil est agréable, 门店服务 qualité")[-3:] == ["门店", "服务", "qualité"]
    assert "agréable" in words("un personnel agréable")
    assert "agréable " in grams("un personnel agréable")
    assert "доставка " in grams("быстрая доставка")
