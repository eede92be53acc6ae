"""Robots of 企业微信, 钉钉 and 飞书: what people say to them becomes tickets, and answers go back to the chat."""
