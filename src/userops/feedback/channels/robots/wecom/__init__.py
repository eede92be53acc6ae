"""企业微信: robots of groups, smart robots, and applications of a company."""
