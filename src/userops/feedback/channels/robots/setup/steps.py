"""What a member does in the platform's pages, step by step. The callback's address stands above."""

from __future__ import annotations

from userops.feedback.channels.models import Kind
from userops.words import Words

HOME: dict[str, str] = {
    Kind.WECOM: "https://work.weixin.qq.com/wework_admin/frame",
    Kind.DINGTALK: "https://open-dev.dingtalk.com/",
    Kind.FEISHU: "https://open.feishu.cn/app",
}

STEPS: dict[str, tuple[Words, ...]] = {
    Kind.WECOM: (
        Words(
            "在企业微信中新建智能机器人，选择“API 模式创建”，连接方式选“使用 URL 回调”；"
            "群机器人在群的机器人详情页“接收消息配置”；"
            "自建应用在管理后台“应用管理 → 接收消息 → 设置 API 接收”。",
            "Make a smart robot with “API mode” and “URL callback”; for a robot of a group open its “Receive "
            "messages” settings; for an application “App management → Receive messages → API”.",
        ),
        Words(
            "在平台上随机获取 Token 和 EncodingAESKey，先不要点保存；把这两项填到本渠道并保存。",
            "Let the platform make Token and EncodingAESKey, and do not save there yet; enter both here and save.",
        ),
        Words(
            "把本页的回调地址填入平台的 URL 一栏，再保存。平台会立即验证地址；通过后本页会显示“已接通”。",
            "Enter the callback address of this page as the URL and save there. The platform checks it at once; then "
            "this page says “connected”.",
        ),
        Words(
            "把机器人加入群聊，或与它单聊。群里用 @机器人 开头说出问题，就会生成工单。",
            "Add the robot to a group, or talk to it alone. In a group, what begins with its name becomes a ticket.",
        ),
        Words(
            "可选：填写企业 ID、AgentId 与 Secret，会话过期后仍能主动回复自建应用的用户；"
            "服务器的出口 IP 须列入应用的可信 IP。",
            "If you like: CorpID, AgentId and Secret let users of an application be answered when a session is "
            "over; the server's address has to be among the application's trusted ones.",
        ),
    ),
    Kind.DINGTALK: (
        Words(
            "在钉钉开放平台新建企业内部应用，在“添加应用能力”中添加机器人。",
            "Make an application of your company in DingTalk's developer console and add the capability “robot”.",
        ),
        Words(
            "机器人的消息接收模式选 HTTP 模式，把本页的回调地址填入“消息接收地址”。",
            "Choose HTTP as the way to receive messages and enter the callback address of this page.",
        ),
        Words(
            "在“凭证与基础信息”中复制 Client ID 与 Client Secret，填到本渠道并保存。",
            "Copy Client ID and Client Secret from “Credentials”, enter them here and save.",
        ),
        Words(
            "发布应用版本，在群设置中添加该机器人。群里 @机器人，或与它单聊，就会生成工单。",
            "Publish the application and add the robot to a group. What mentions it there, or is said to it alone, "
            "becomes a ticket.",
        ),
        Words(
            "可选：开通“企业内机器人发送消息”权限，两小时会话过期后仍能回复，并能取回图片。",
            "If you like: the permission to send messages as a robot lets answers leave after the two hours of a "
            "session, and pictures be fetched.",
        ),
    ),
    Kind.FEISHU: (
        Words(
            "在飞书开放平台新建企业自建应用，添加“机器人”能力。",
            "Make a custom application in the developer console and add the capability “Bot”.",
        ),
        Words(
            "在“事件与回调 → 加密策略”中复制 Verification Token，并建议设置 Encrypt Key；填到本渠道并保存。",
            "Under “Events & callbacks → Encryption strategy” copy the Verification Token, better set an Encrypt "
            "Key too; enter both here and save.",
        ),
        Words(
            "在“事件配置”中选“将事件发送至开发者服务器”，填入本页的回调地址；平台会立即验证。",
            "Under “Event configuration” choose to send events to a server, and enter this page’s callback address; "
            "the platform checks it at once.",
        ),
        Words(
            "添加事件“接收消息 im.message.receive_v1”，开通权限：读取用户发给机器人的单聊消息、"
            "接收群聊中 @机器人 的消息、以应用身份发消息、获取与上传图片资源。",
            "Add the event im.message.receive_v1 and the permissions to read single chats with the bot, group "
            "messages that mention it, to send as the bot, and to read resources of messages.",
        ),
        Words(
            "填写 App ID 与 App Secret 才能回复和取回图片；最后创建版本并发布应用。",
            "Only with App ID and App Secret it answers and fetches pictures. Then make a version and publish it.",
        ),
    ),
}
