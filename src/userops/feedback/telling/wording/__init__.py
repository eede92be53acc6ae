"""The page on which members write what users are told."""
