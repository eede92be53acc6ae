"""Word lists of ours that ship with the product, written by hand from the language of the trade."""
