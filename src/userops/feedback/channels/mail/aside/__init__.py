"""Mails that were put aside: bounces, automatic replies, what could not be read. Looked at, and decided."""
