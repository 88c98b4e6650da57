"""Forms between the colours that VS Code's widget manager sets, in a real browser: readable by day and by night."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.forms.form import STYLE

pytestmark = pytest.mark.browser

# What @vscode/jupyter-ipywidgets8 1.0.9 sets on the page whatever the theme, and what the extension lays behind a widget.
HOST = """:root { --jp-layout-color1: white; --jp-layout-color2: #eee; --jp-ui-font-color1: rgba(0, 0, 0, 0.8); --jp-ui-font-color2: rgba(0, 0, 0, 0.54);
  --jp-widgets-color: var(--jp-ui-font-color1); --jp-widgets-label-color: var(--jp-widgets-color); }
.cell-output-ipywidget-background { background: white !important; }
.label { color: var(--jp-widgets-label-color); }
.header { color: var(--jp-ui-font-color2); background: var(--jp-layout-color2); }"""
THEMES = [("vscode-light", "#ffffff", "#3b3b3b"), ("vscode-dark", "#1f1f1f", "#cccccc"), ("vscode-high-contrast", "#000000", "#ffffff"),
          ("vscode-high-contrast-light", "#ffffff", "#292929")]  # fmt: skip
SEEN = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const lightness = (text) => channels(text).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => { for (; node; node = node.parentElement) { const c = channels(getComputedStyle(node).backgroundColor); if (c[3] !== 0) return getComputedStyle(node).backgroundColor; } };
  return Object.fromEntries([...document.querySelectorAll("[data-say]")].map((node) => {
    const pair = [lightness(getComputedStyle(node).color), lightness(ground(node))].sort((a, b) => b - a);
    return [node.dataset.say, (pair[0] + 0.05) / (pair[1] + 0.05)];
  }));
}"""


@pytest.mark.parametrize(("kind", "page_colour", "ink"), THEMES, ids=[kind for kind, *_ in THEMES])
def test_every_text_stands_out_in_each_theme(chromium: Any, kind: str, page_colour: str, ink: str) -> None:
    page = chromium.new_page()
    page.set_content(f"""<style>{HOST}</style><style>{STYLE}</style>
      <body class="{kind}" data-vscode-theme-kind="{kind}" style="background: {page_colour}; --vscode-editor-background: {page_colour}; --vscode-editor-foreground: {ink}">
      <div class="cell-output-ipywidget-background"><div class="header" data-say="header">The promise</div>
      <label class="label" data-say="label">Budget</label>
      <div class="rdn rdn-card"><p data-say="question">Who is woken?</p><span class="rdn-hint" data-say="hint">minutes</span>
      <div class="rdn-answers"><button data-say="answer">1</button><button aria-checked="true" data-say="chosen">2</button></div>
      <button class="rdn-main" data-say="main">Next</button><input data-say="field" value="1">
      <div class="rdn-status" data-state="saved" data-say="saved">Saved</div></div>
      <div class="rdn rdn-chart"><p class="rdn-waiting" data-say="chart">Hours</p></div></div>""")
    seen = page.evaluate(SEEN)
    assert len(seen) == 10
    assert {what: round(ratio, 1) for what, ratio in seen.items() if ratio < 4.5} == {}
