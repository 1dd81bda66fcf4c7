"""The page that sets two or three models side by side."""
