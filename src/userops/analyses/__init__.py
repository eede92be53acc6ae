"""The analyses. Adding one = a folder beside these and one line in `registry.ANALYSES`."""
