"""Tickets from files: reviews of app stores, lists of a call centre, the books of an old desk."""
