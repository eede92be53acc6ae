"""Pain points: what users complain of, the behaviour that proves it, whom it hits and what it costs."""
