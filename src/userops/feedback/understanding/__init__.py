"""What tickets say: each is read when it comes; members' corrections teach the desk, which says how right it is."""
