"""E-mail as a channel: words come in by IMAP, answers leave by SMTP, in the thread they belong to."""
