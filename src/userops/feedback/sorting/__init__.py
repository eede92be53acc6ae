"""How tickets are sorted: categories as a tree, and the teams that handle them."""
