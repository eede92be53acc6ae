"""A language model that is plugged in, for better names and summaries: off by default, never needed, no figures."""
