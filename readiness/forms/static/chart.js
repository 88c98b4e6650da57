// One chart: one figure trait, one plotly for the whole page. Redrawn in place, so a new answer moves bars and nothing else.
const KEY = "__readinessPlotly";
const dark = () => {
  const body = document.body;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  return body.classList.contains("theme-dark") || /^vscode-(dark|high-contrast)$/.test(body.dataset.vscodeThemeKind || "");
};
const unpack = async (packed) => {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
};
const loaded = (model) => {
  if (!window[KEY]) {
    window[KEY] = (async () => {
      const library = await model.widget_manager.get_model(model.get("library").replace(/^IPY_MODEL_/, ""));
      const source = await unpack(library.get("packed"));
      const wrapped = `const module = { exports: {} }; const exports = module.exports; const define = undefined;\n${source}\nexport default module.exports;`;
      const address = URL.createObjectURL(new Blob([wrapped], { type: "text/javascript" }));
      try { return (await import(/* webpackIgnore: true */ address)).default; } finally { URL.revokeObjectURL(address); }
    })().catch((problem) => { window[KEY] = null; throw problem; });
  }
  return window[KEY];
};
const paint = (figure, night) => {
  if (!dark()) return figure;
  return JSON.parse(JSON.stringify(figure), (key, value) => (typeof value === "string" && night[value.toLowerCase()]) || value);
};
async function render({ model, el: root }) {
  root.classList.add("rdn", "rdn-chart");
  root.setAttribute("role", "img");
  const holder = h("div"), plate = h("div", { class: "rdn-waiting" });
  root.append(holder, plate);
  let plotly = null, drawing = false, again = false, gone = false;
  const draw = async () => {
    if (gone) return;
    if (drawing) { again = true; return; }
    drawing = true;
    const figure = paint(model.get("figure") || {}, model.get("night") || {});
    root.setAttribute("aria-label", model.get("alternative") || "");
    const height = (figure.layout || {}).height || 300;
    holder.style.minHeight = `${height}px`;
    try {
      const quiet = { ...(figure.layout || {}), autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", transition: { duration: 0 } };
      await plotly.react(holder, figure.data || [], quiet, { displayModeBar: false, responsive: true, showTips: false });
      root.dataset.drawn = String(model.get("serial") || 0);
    } catch (problem) { write(plate, "This chart could not be drawn."); }
    drawing = false;
    if (again) { again = false; draw(); }
  };
  try { plotly = await loaded(model); } catch (problem) { write(plate, "Charts could not be loaded; numbers and tables are not affected."); return undefined; }
  const theme = new MutationObserver(draw);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class", "data-vscode-theme-kind"] });
  const unfollow = follow(model, { "figure serial": draw });
  await draw();
  const size = new ResizeObserver(() => { if (root.isConnected && holder.clientWidth) plotly.Plots.resize(holder); });
  size.observe(root);
  return () => { gone = true; size.disconnect(); theme.disconnect(); unfollow(); plotly.purge(holder); };
}
export default { render };
