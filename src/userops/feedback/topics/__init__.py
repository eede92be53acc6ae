"""Topics grown from tickets: what users talk about that no category says yet, how it moves, when it bursts."""
