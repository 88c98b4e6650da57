// The architecture: for each part a need, and how it is run today; all from the catalog's own lists.
function render({ model, el: root }) {
  setUp(root, "tiers");
  const line = h("div", { class: "rdn-status" });
  const { send, stop } = talk(model, line);
  const body = h("tbody"), outside = h("tbody"), message = h("p", { class: "rdn-message", role: "alert" });
  const needs = () => model.get("needs") || [], ways = (need) => (needs().find((one) => one.id === need) || { ways: [] }).ways;
  const parts = () => (model.get("tiers") || []).map((one) => ({ ...one })), others = () => (model.get("dependencies") || []).map((one) => ({ ...one }));
  const keepParts = (list) => send({ do: "tiers", tiers: list }), keepOthers = (list) => send({ do: "dependencies", dependencies: list });
  const fresh = (word) => { const taken = [...parts(), ...others()].map((one) => one.name); let at = 1; while (taken.includes(at === 1 ? word : `${word}_${at}`)) at += 1; return at === 1 ? word : `${word}_${at}`; };
  const change = (at, more) => { const list = parts(); list[at] = { ...list[at], ...more }; keepParts(list); };
  const changeOther = (at, more) => { const list = others(); list[at] = { ...list[at], ...more }; keepOthers(list); };
  const pick = (label, options, value, onchange) => { const box = h("select", { "aria-label": label, change: () => onchange(box.value) }, options.map((one) => h("option", { value: one.id, selected: one.id === value }, one.title))); return box; };
  const draw = () => {
    swap(body, parts().map((one, at) => h("tr", { "data-tier": one.name },
      h("td", {}, h("code", {}, one.name)),
      h("td", {}, pick(`Need of ${one.name}`, needs(), one.need, (need) => change(at, { need, way: ways(need)[0].id, copies: null }))),
      h("td", {}, pick(`How ${one.name} is run today`, ways(one.need), one.way, (way) => change(at, { way, copies: null }))),
      h("td", {}, h("input", { "aria-label": `Copies of ${one.name}`, type: "number", min: "1", max: "999", value: one.copies || "", placeholder: String((ways(one.need).find((way) => way.id === one.way) || {}).copies || ""), change: (event) => change(at, { copies: event.target.value ? Number(event.target.value) : null }) })),
      h("td", {}, h("button", { type: "button", class: "rdn-small", "aria-label": `Remove ${one.name}`, click: () => keepParts(parts().filter((_, i) => i !== at)) }, "Remove")))));
    swap(outside, others().map((one, at) => h("tr", {},
      h("td", {}, h("code", {}, one.name)),
      h("td", {}, h("input", { "aria-label": `What ${one.name} is`, maxlength: "120", value: one.what || "", change: (event) => changeOther(at, { what: event.target.value }) })),
      h("td", {}, pick(`What happens without ${one.name}`, [{ id: "hard", title: "nothing works without it" }, { id: "soft", title: "most works without it" }], one.hard === false ? "soft" : "hard", (kind) => changeOther(at, { hard: kind === "hard" }))),
      h("td", {}), h("td", {}, h("button", { type: "button", class: "rdn-small", "aria-label": `Remove ${one.name}`, click: () => keepOthers(others().filter((_, i) => i !== at)) }, "Remove")))));
    write(message, model.get("message") || "");
    const options = needs().map((one) => h("option", { value: one.id }, one.title));
    swap(add, h("option", { value: "" }, "Add a part …"), options);
  };
  const add = h("select", { "aria-label": "Add a part", change: () => { const need = add.value; if (need) keepParts([...parts(), { name: fresh(need), need, way: ways(need)[0].id }]); } });
  const more = h("button", { type: "button", click: () => keepOthers([...others(), { name: fresh("dependency"), what: "an outside service", hard: true }]) }, "Add an outside dependency");
  root.append(h("table", {}, h("thead", {}, h("tr", {}, ["Part", "What is needed", "How it is run today", "Copies", ""].map((one) => h("th", { scope: "col" }, one)))), body,
    h("tbody", {}, h("tr", {}, h("th", { colspan: "5", scope: "rowgroup" }, "Outside dependencies"))), outside), h("div", { class: "rdn-foot" }, add, more), message, line);
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const unfollow = follow(model, { "tiers dependencies needs message": draw });
  draw();
  return () => { unfollow(); stop(); };
}
export default { render };
