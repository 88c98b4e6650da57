// Four numbers with their ranges, and what the last answer moved. Nodes stay; only their text changes, so nothing flickers.
function render({ model, el: root }) {
  setUp(root, "headline");
  const title = h("div", { class: "rdn-label" }), grid = h("div", { class: "rdn-numbers" });
  const moved = h("p", { class: "rdn-moved", role: "status", "aria-live": "polite" });
  const verdict = h("p", { class: "rdn-verdict" }), trouble = h("p", { class: "rdn-trouble", role: "alert" });
  root.append(title, grid, moved, verdict, trouble);
  const cells = [];
  const cell = () => {
    const made = { label: h("div", { class: "rdn-label" }), value: h("div", { class: "rdn-value" }), range: h("div", { class: "rdn-range" }), was: h("div", { class: "rdn-was" }), bar: h("div", { class: "rdn-bar", "aria-hidden": "true" }, h("i"), h("b")) };
    made.node = h("div", { class: "rdn-number" }, made.label, made.value, made.range, made.bar, made.was);
    cells.push(made);
    grid.append(made.node);
    return made;
  };
  const draw = () => {
    (model.get("numbers") || []).forEach((one, at) => {
      const { node, label, value, range, was, bar } = cells[at] || cell();
      write(label, one.label);
      write(value, one.value);
      write(range, one.range || "");
      write(was, one.was ? `${one.direction > 0 ? "▲" : "▼"} was ${one.was}` : "");
      node.dataset.direction = String(one.direction || 0);
      node.dataset.number = one.id;
      const [low, mid, high] = one.widths || [0, 0, 0];
      bar.firstChild.style.left = `${100 * low}%`;
      bar.firstChild.style.width = `${Math.max(1, 100 * (high - low))}%`;
      bar.lastChild.style.left = `${100 * mid}%`;
    });
    write(title, model.get("title") || "");
    write(moved, model.get("moved") || "");
    write(verdict, model.get("verdict") || "");
    write(trouble, model.get("trouble") || "");
    root.dataset.stale = String(Boolean(model.get("stale")));
    root.dataset.whatIf = String(Boolean(model.get("what_if")));
    root.dataset.serial = String(model.get("serial") || 0);
  };
  const unfollow = follow(model, { "numbers title moved verdict trouble stale what_if serial": draw });
  draw();
  return unfollow;
}
export default { render };
