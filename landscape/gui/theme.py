"""Colours of the window, dark and light, and how a start is told apart from the others."""

from dataclasses import dataclass

from PyQt6.QtGui import QColor, QFontDatabase, QPalette
from PyQt6.QtWidgets import QApplication

from landscape.export.style import start_marker


@dataclass(frozen=True)
class Theme:
    """The colours of one theme as #rrggbb; `colours` is the map of losses to colours, `magnify` how large writing is."""

    name: str
    window: str
    panel: str
    field: str
    line: str
    text: str
    faint: str
    accent: str
    on_accent: str
    warning: str
    on_warning: str
    canvas: str
    colours: str = "viridis"
    magnify: float = 1.0

    @property
    def bold(self) -> float:
        """How many times as thick paths and markers are drawn: they grow with the letters, half as much."""
        return (1 + self.magnify) / 2


DARK = Theme(
    "dark",
    "#1a1d23",
    "#20242c",
    "#14161b",
    "#363c47",
    "#e8eaee",
    "#a3abb8",
    "#4cc9a6",
    "#0b1f19",
    "#ffb454",
    "#1a1d23",
    "#14161b",
)
LIGHT = Theme(
    "light",
    "#f3f4f6",
    "#ffffff",
    "#ffffff",
    "#c9ced6",
    "#1c2026",
    "#59616e",
    "#0b7a5e",
    "#ffffff",
    "#9a5200",
    "#ffffff",
    "#ffffff",
)
# Maps of losses to colours that grow evenly brighter, whatever kind of colour vision one has.
COLOUR_MAPS = {
    "viridis": "Viridis: violet to yellow",
    "cividis": "Cividis: blue to yellow, the same with any colour vision",
    "magma": "Magma: black to white through red",
    "inferno": "Inferno: black to yellow through red",
}
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}

# The markers of `landscape.export.style` in pyqtgraph's letters, so that screen and pictures agree.
_SYMBOLS = {"o": "o", "s": "s", "^": "t1", "D": "d", "v": "t", "P": "+", "X": "x", "h": "h", "p": "p", ">": "t2"}


def start_symbol(start: int) -> str:
    """The marker of a start, in pyqtgraph's letters."""
    return _SYMBOLS[start_marker(start)]


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Colour the whole application."""
    app.setStyle("Fusion")
    _magnify(app, theme.magnify)
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.Base, theme.field),
        (roles.AlternateBase, theme.panel),
        (roles.Button, theme.panel),
        (roles.ToolTipBase, theme.panel),
        (roles.WindowText, theme.text),
        (roles.Text, theme.text),
        (roles.ButtonText, theme.text),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.faint),
        (roles.Mid, theme.line),
        (roles.Dark, theme.line),
        (roles.Light, theme.line),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(
            QPalette.ColorGroup.Disabled, role, QColor(theme.faint).darker(140 if theme.name == "dark" else 90)
        )
    app.setPalette(palette)
    app.setStyleSheet(_sheet(theme))


def _magnify(app: QApplication, factor: float) -> None:
    """Write so many times as large as the system would."""
    usual = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    usual.setPointSizeF(usual.pointSizeF() * factor)
    if app.font().pointSizeF() != usual.pointSizeF():
        app.setFont(usual)


def _sheet(theme: Theme) -> str:
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.line}; padding: 4px; }}
    QToolBar {{
        background: {theme.panel};
        border: none;
        border-bottom: 1px solid {theme.line};
        spacing: 5px;
        padding: 4px 6px;
    }}
    QToolBar QLabel {{ color: {theme.faint}; padding-left: 6px; }}
    QToolBarExtension {{ padding: 0; }}
    QStatusBar {{ background: {theme.panel}; border-top: 1px solid {theme.line}; }}
    QStatusBar::item {{ border: none; }}
    QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; font-weight: 600; }}
    QDockWidget::title {{ background: {theme.panel}; padding: 5px 8px; border-bottom: 1px solid {theme.line}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {theme.line}; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{
        padding: 5px 10px;
        color: {theme.faint};
        background: transparent;
        border: none;
        border-bottom: 2px solid transparent;
    }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QTabBar::tab:hover {{ color: {theme.accent}; }}
    QTabBar::tab:focus {{ color: {theme.text}; background: {theme.line}; }}
    QGraphicsView {{ border: 1px solid transparent; }}
    QScrollArea {{ border: 1px solid transparent; }}
    QAbstractScrollArea:focus {{ border: 1px solid {theme.accent}; }}
    QCheckBox:focus {{ color: {theme.accent}; }}
    QComboBox:focus {{ background: {theme.line}; }}
    QLabel:focus {{ background: {theme.line}; }}
    QMainWindow::separator {{ background: {theme.line}; width: 3px; height: 3px; }}
    QPushButton, QToolButton {{
        padding: 4px 9px;
        border: 1px solid {theme.line};
        border-radius: 5px;
        background: {theme.window};
    }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.accent}; }}
    QPushButton:checked, QToolButton:checked {{ border-color: {theme.accent}; color: {theme.accent}; }}
    QPushButton:focus, QToolButton:focus {{ border: 1px solid {theme.accent}; background: {theme.line}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.faint}; border-color: {theme.line}; }}
    QCheckBox::indicator:unchecked {{
        width: 12px;
        height: 12px;
        border: 1px solid {theme.faint};
        border-radius: 2px;
        background: {theme.field};
    }}
    QToolButton#quantity {{ padding: 2px 7px; }}
    QFileDialog QToolButton {{ padding: 1px; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: none; width: 0; }}
    QToolButton#stage {{ padding: 4px 2px; }}
    QToolButton#qt_toolbar_ext_button {{ padding: 0px; font-weight: 600; }}
    QToolButton#fold {{ color: {theme.faint}; background: transparent; border: 1px solid transparent; padding: 1px 4px; }}
    QToolButton#fold:hover {{ color: {theme.text}; }}
    QToolButton#fold:focus {{ border: 1px solid {theme.accent}; }}
    QPushButton#primary, QToolButton#primary {{
        background: {theme.accent};
        color: {theme.on_accent};
        border: none;
        font-weight: 700;
        padding: 5px 14px;
    }}
    QPushButton#primary:focus, QToolButton#primary:focus {{
        background: {theme.accent};
        border: 2px solid {theme.text};
        padding: 3px 12px;
    }}
    QPushButton#primary:disabled {{ background: {theme.line}; color: {theme.faint}; }}
    QLabel#heading {{ color: {theme.faint}; font-weight: 700; letter-spacing: 1px; padding-top: 8px; }}
    QLabel#faint {{ color: {theme.faint}; }}
    QLabel#error {{ color: {theme.warning}; }}
    QFrame#verdict {{ background: {theme.panel}; border: none; border-top: 1px solid {theme.line}; }}
    QFrame#popover {{ background: {theme.panel}; border: 1px solid {theme.line}; }}
    QFrame#card {{ background: {theme.panel}; border: 1px solid {theme.accent}; border-radius: 6px; }}
    QFrame#card QLabel {{ background: transparent; }}
    QFrame#experiment {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 6px; }}
    QFrame#banner {{ background: {theme.warning}; border-radius: 0; }}
    QFrame#banner QLabel {{ color: {theme.on_warning}; font-weight: 600; }}
    QHeaderView::section {{
        background: {theme.panel};
        color: {theme.faint};
        border: none;
        border-bottom: 1px solid {theme.line};
        font-weight: 400;
        padding: 3px 2px;
    }}
    QTableWidget {{
        background: {theme.panel};
        gridline-color: {theme.line};
        border: none;
        selection-background-color: {theme.line};
        selection-color: {theme.text};
    }}
    QProgressBar {{
        border: 1px solid {theme.line};
        border-radius: 5px;
        background: {theme.field};
        text-align: center;
        max-height: 16px;
    }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 4px; }}
    QSlider::groove:horizontal {{ height: 6px; background: {theme.line}; border-radius: 3px; }}
    QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 3px; }}
    QSlider::handle:horizontal {{
        width: 14px;
        height: 14px;
        margin: -5px 0;
        border-radius: 7px;
        background: {theme.text};
    }}
    QSlider::handle:horizontal:focus {{ background: {theme.accent}; border: 2px solid {theme.text}; }}
    """
