"""What explains the window in the window: the card of F1, the glossary and the tour."""
