"""钉钉: robots of a company that are called by HTTP."""
