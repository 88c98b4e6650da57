// Fields with units, ranges, "we don't know" as an answer, and words beside the field when something cannot be.
function render({ model, el: root }) {
  setUp(root, "sheet");
  const line = h("div", { class: "rdn-status" });
  const { send, stop } = talk(model, line);
  const title = h("h3"), intro = h("p", { class: "rdn-intro" }), body = h("div", { class: "rdn-fields" });
  const actions = h("div", { class: "rdn-foot" }), rows = h("ul", { class: "rdn-rows" }), files = h("div", { class: "rdn-files" });
  root.append(title, intro, rows, body, actions, files, line);
  const boxes = {};
  const read = (text) => { const plain = text.replace(/[\s,']/g, ""); return plain === "" ? null : Number(plain); };
  const say = (key, value) => send({ do: "set", key, value });
  const input = (field, value, onchange, more = {}) => {
    const box = field.kind === "text" ? h("input", { maxlength: "10000", ...more }) : h("input", { inputmode: "decimal", autocomplete: "off", ...more });
    box.value = value === null || value === undefined ? "" : typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 9 }) : String(value);
    if (field.kind === "text" && field.unit) box.classList.add("rdn-short");
    box.addEventListener("change", () => onchange(box));
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") box.blur(); });
    return box;
  };
  const number = (box, key) => {
    const value = read(box.value);
    if (Number.isNaN(value)) return write(boxes[key].message, `"${box.value.slice(0, 40)}" is not a number; write it like 12,500.5`);
    return value;
  };
  const draw = (field) => {
    const id = name("field"), message = h("div", { class: "rdn-message", role: "alert" });
    const label = h("label", { for: id }, field.label), unit = h("span", { class: "rdn-unit" }, field.unit || "");
    const holder = h("div", { class: "rdn-control" }), made = { message, field };
    boxes[field.key] = made;
    const paint = () => {
      const value = (model.get("values") || {})[field.key], unknown = value === null || value === undefined;
      let controls, bet = null;
      if (field.kind === "choice") {
        const box = h("select", { id, change: () => say(field.key, box.value || null) }, (field.options || []).map((one) => h("option", { value: one.id, selected: one.id === value, title: one.what || null }, one.text)));
        controls = [box];
      } else if (field.kind === "yes") {
        const box = h("input", { type: "checkbox", id, change: () => say(field.key, box.checked) });
        box.checked = Boolean(value);
        controls = [box];
      } else if (field.kind === "range") {
        const given = typeof value === "object" && value !== null ? value : { low: value, likely: value, high: value };
        const three = ["low", "likely", "high"].map((part) => input(field, given[part], () => {
          const [low, likely, high] = three.map((box) => number(box, field.key));
          if ([low, likely, high].some((v) => v === undefined)) return undefined;
          if (likely === null) return low === null && high === null ? say(field.key, null) : undefined;
          return say(field.key, { low: low === null ? likely : low, likely, high: high === null ? likely : high });
        }, { "aria-label": `${field.label}: ${part}`, placeholder: part, id: part === "likely" ? id : null }));
        bet = h("span", { class: "rdn-bet" }, "Would you bet nine to one that it lies between low and high?");
        controls = three.map((box, at) => h("span", { class: "rdn-part" }, h("small", { "aria-hidden": "true" }, ["low", "likely", "high"][at]), box));
      } else if (field.kind === "slider") {
        const shown = h("output", {}, String(value));
        const box = h("input", { type: "range", id, min: field.low, max: field.high, step: field.step || "any", value, input: () => { write(shown, box.value); send({ do: "slide", saves: false, key: field.key, value: Number(box.value) }); }, change: () => say(field.key, Number(box.value)) });
        controls = [box, shown];
      } else if (field.kind === "long") {
        const box = h("textarea", { id, rows: "2", maxlength: String(field.limit || 10000), change: () => say(field.key, box.value), input: () => write(counter, `${box.value.length.toLocaleString("en")} of ${(field.limit || 10000).toLocaleString("en")}`) });
        const counter = h("span", { class: "rdn-count" });
        box.value = value || "";
        controls = [box, counter];
      } else {
        controls = [input(field, value, (box) => { const read_ = field.kind === "number" ? number(box, field.key) : box.value; if (read_ !== undefined) say(field.key, read_); }, { id, placeholder: unknown && field.assumed ? field.assumed : null })];
      }
      const tick = field.may_be_unknown ? h("input", { type: "checkbox", id: name("unknown"), change: () => (tick.checked ? say(field.key, null) : undefined) }) : null;
      if (tick) tick.checked = unknown;
      swap(holder, controls, unit, tick ? h("label", { class: "rdn-tick", for: tick.id }, tick, "we don't know") : null, bet);
      const words = (model.get("messages") || {})[field.key] || "";
      write(message, words);
      holder.dataset.wrong = String(Boolean(words));
      for (const control of holder.querySelectorAll("input,select,textarea")) control.setAttribute("aria-invalid", String(Boolean(words)));
      write(hint, unknown && field.assumed ? `default: ${field.assumed}` : field.hint || "");
    };
    const hint = h("div", { class: "rdn-hint" });
    made.paint = paint;
    made.node = h("div", { class: "rdn-line", "data-key": field.key }, label, h("div", {}, holder, hint, message));
    paint();
    return made.node;
  };
  const all = () => {
    for (const key of Object.keys(boxes)) delete boxes[key];
    swap(body, (model.get("fields") || []).map(draw));
  };
  const repaint = () => { for (const made of Object.values(boxes)) if (!made.node.contains(document.activeElement) || !/^(input|textarea)$/i.test(document.activeElement.tagName) || document.activeElement.type === "checkbox") made.paint(); else write(made.message, (model.get("messages") || {})[made.field.key] || ""); };
  const frame = () => {
    write(title, model.get("title") || "");
    title.hidden = !model.get("title");
    write(intro, model.get("intro") || "");
    root.dataset.compact = String(Boolean(model.get("compact")));
    swap(rows, (model.get("rows") || []).map((one) => h("li", {}, one)));
    rows.hidden = !(model.get("rows") || []).length;
    swap(actions, (model.get("actions") || []).map((one) => h("button", { type: "button", class: one.main ? "rdn-main" : "", disabled: Boolean(one.busy), click: () => { if (document.activeElement) document.activeElement.blur(); send({ do: "press", action: one.id, saves: one.saves !== false }); } }, one.text)));
    actions.hidden = !(model.get("actions") || []).length;
  };
  let addresses = [];
  const drawFiles = () => {
    addresses.forEach((one) => URL.revokeObjectURL(one));
    addresses = [];
    const content = model.get("content"), about = model.get("file") || {};
    if (!about.name || !content || !content.byteLength) return swap(files);
    const address = URL.createObjectURL(new Blob([content], { type: about.type }));
    addresses.push(address);
    // VS Code opens no such link: it asks where to save it, under the name that stands here.
    if (document.body.dataset.vscodeThemeKind) return swap(files, h("a", { class: "rdn-main", href: address, download: about.name }, `Save ${about.name}`));
    return swap(files, h("a", { class: "rdn-main", href: address, target: "_blank", rel: "noopener" }, `Open ${about.name}`), " ", h("a", { href: address, download: about.name }, "Save a copy"));
  };
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const unfollow = follow(model, { fields: all, "values messages": repaint, "title intro rows actions": frame, "content file": drawFiles });
  all(); frame(); drawFiles();
  return () => { unfollow(); stop(); drawFiles(); };
}
export default { render };
