"""Every word and symbol on screen, explained: one plain sentence, its formula, and more for those who ask."""

from landscape.glossary.glossary import Term, called, glossary, mentioned, of_setting, searched, term_named
from landscape.glossary.page import as_html, as_text

__all__ = ["Term", "as_html", "as_text", "called", "glossary", "mentioned", "of_setting", "searched", "term_named"]
