"""What to do about what is refused, where several actions of the desk say the same."""

from __future__ import annotations

from userops.words import Words

ANOTHER_NAME = Words("请换一个名称。", "Choose another name.")
CHECK_KEY = Words(
    "请核对编号；可用的可在列表中查看。", "Check the key; the list tells which there are."
)
CHECK_NUMBER = Words(
    "请核对工单编号；编号是工单标题前 # 后的数字。",
    "Check the number: it stands after # before the subject.",
)
CHOOSE_ONE = Words("请选其中之一。", "Choose one of them.")
DELETE_ONE = Words("请先删除不再使用的。", "Delete one that is no longer used.")
LOAD_AGAIN = Words(
    "它可能已随消息删除；请刷新页面。",
    "It may have been deleted with its message: load the page again.",
)
SEVERAL_GOES = Words("请分几次处理。", "Do it in several goes.")
SHORTEN = Words("请缩短文字，或把长内容放进附件。", "Shorten it, or put what is long into a file.")
