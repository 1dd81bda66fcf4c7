"""The page of experiments: a card each."""
