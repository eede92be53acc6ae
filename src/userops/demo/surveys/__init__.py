"""The surveys of the demo company: whom they asked, who answered what, and what was planted in it."""
