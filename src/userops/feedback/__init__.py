"""The feedback desk: channels, tickets, clocks, answers."""
