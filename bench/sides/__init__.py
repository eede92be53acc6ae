"""Who answers: UserOps, the shape of PostHog, DuckDB, pandas; each in a process and folder of its own."""
