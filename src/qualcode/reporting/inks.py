"""The few colours of the figures; barrier, driver and need differ in lightness, too."""

INK, SOFT, LINE, PAPER = "#1c2430", "#55606e", "#c9c5bb", "#ffffff"
ACCENT, PALE = "#14526b", "#b9d0da"
BARRIER, DRIVER, NEED = "#a8481f", "#2f7d5b", "#d8b765"
