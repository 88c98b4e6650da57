// One question, large enough for a shared screen. Hands back ids; knows nothing of what they mean.
const RUNGS = [["claimed", "said"], ["observed", "shown to us"], ["verified", "checked by us"]];

function render({ model, el: root }) {
  setUp(root, "card");
  const line = h("div", { class: "rdn-status" });
  const { send, stop } = talk(model, line);
  const question = () => model.get("question") || {}, current = () => model.get("current") || {};
  let draft = {};                                   // how it is known, before an answer is chosen
  const known = () => ({ rung: "claimed", by: "", note: "", audience: "client", link: "", reason: "", ...current(), ...draft });

  const place = h("span", { class: "rdn-place" }), dimension = h("span", { class: "rdn-dimension" });
  const clock = h("span", { class: "rdn-clock" });
  const jump = h("select", { "aria-label": "Jump to a question", change: () => { go("jump", { to: jump.value }); jump.value = ""; } });
  const heading = h("h2", { tabindex: "-1", class: "rdn-question" });
  const why = h("div", { class: "rdn-why", id: name("why"), hidden: true });
  const whyButton = h("button", { type: "button", class: "rdn-link", "aria-expanded": "false", "aria-controls": why.id, click: () => toggleWhy() }, "Why it matters, what counts as evidence");
  const answers = h("div", { class: "rdn-answers", role: "radiogroup" });
  const extra = h("div", { class: "rdn-extra" }), how = h("div", { class: "rdn-how" });
  const quarrel = h("div", { class: "rdn-conflict", role: "alert", hidden: true });
  const button = (label, key, action, kind = "") => h("button", { type: "button", class: kind, click: action, title: key ? `Key: ${key}` : null }, label);
  const na = button("Not applicable …", "x", () => openExtra("na")), disagree = button("People disagree …", "d", () => openExtra("views"));
  const undo = button("Undo", "u", () => send({ do: "undo" })), clear = button("Clear", "", () => save(null));
  const back = button("Back", "b", () => go("back")), next = button("Next", "n", () => go("next"), "rdn-main");
  const skip = button("Skip", "s", () => go("skip"));

  root.append(
    h("div", { class: "rdn-top" }, dimension, place, h("span", { class: "rdn-grow" }), clock, jump),
    heading, h("div", { class: "rdn-top" }, whyButton, h("span", { class: "rdn-grow" }), line), why, quarrel, answers, extra, how,
    h("div", { class: "rdn-foot" }, back, next, skip, h("span", { class: "rdn-grow" }), na, disagree, clear, undo));

  const go = (action, more = {}) => { keep.now(); draft = {}; send({ do: action, saves: false, practice: question().id, ...more }); };
  const save = (given) => send({ do: "answer", practice: question().id, given });
  const choose = (answer) => { const { views, not_applicable, answer: old, ...rest } = known(); save({ ...rest, answer }); };
  const keep = later(700, () => { if (current().answer || current().not_applicable || (current().views || []).length) save({ ...current(), ...draft }); });
  const change = (field, value, now) => { draft[field] = value; keep(); if (now) keep.now(); };
  const toggleWhy = () => { why.hidden = !why.hidden; whyButton.setAttribute("aria-expanded", String(!why.hidden)); };

  const drawQuestion = () => {
    const q = question();
    draft = {};
    write(dimension, q.dimension || "");
    write(heading, q.question || "All questions that apply are answered.");
    const none = !q.id;
    for (const node of [whyButton, how, na, disagree, skip, clear]) node.hidden = none;
    swap(why, q.why ? h("p", {}, q.why) : null, q.evidence ? h("p", {}, h("strong", {}, "Counts as evidence: "), q.evidence) : null,
      (q.incidents || []).map((one) => h("p", { class: "rdn-incident" }, link(one.link, one.text))));
    answers.setAttribute("aria-label", q.question || "");
    swap(answers, (q.answers || []).map((one, number) => h("button", {
      type: "button", role: "radio", "data-answer": one.id, click: () => choose(one.id),
    }, h("kbd", { "aria-hidden": "true" }, String(number + 1)), h("span", {}, one.text))));
    swap(extra);
    drawHow();
    drawCurrent();
    if (root.contains(document.activeElement) || root.dataset.focus === "heading") heading.focus({ preventScroll: true });
    root.dataset.focus = "";
    root.dataset.question = q.id || "";
  };
  const drawCurrent = () => {
    const given = current(), held = [given.answer, ...(given.views || []).map((view) => view.answer)];
    const several = (given.views || []).length > 1;
    const nodes = [...answers.children];
    nodes.forEach((node, number) => {
      const on = held.includes(node.dataset.answer);
      node.setAttribute("aria-checked", String(on));
      node.tabIndex = on || (!held.some(Boolean) && number === 0) ? 0 : -1;
      const who = (given.views || []).filter((view) => view.answer === node.dataset.answer).map((view) => view.by).join(", ");
      const tag = node.querySelector(".rdn-who");
      if (tag) tag.remove();
      if (who && several) node.append(h("span", { class: "rdn-who" }, who));
    });
    clear.disabled = !(given.answer || given.not_applicable || several);
    na.setAttribute("aria-pressed", String(Boolean(given.not_applicable)));
    disagree.setAttribute("aria-pressed", String(several));
    const wants = (question().answers || []).find((one) => one.id === given.answer && one.needs_reason);
    if (given.not_applicable && extra.dataset.kind !== "na") openExtra("na");
    else if (several && extra.dataset.kind !== "views") openExtra("views");
    else if (wants && extra.dataset.kind !== "reason") openExtra("reason");
    else if (!given.not_applicable && !several && !wants && ["na", "views", "reason"].includes(extra.dataset.kind) && extra.dataset.asked !== "true") closeExtra();
    drawMark();
  };
  const drawMark = () => { for (const node of how.querySelectorAll("[data-rung]")) node.setAttribute("aria-checked", String(node.dataset.rung === known().rung)); };
  const drawHow = () => {
    const given = known(), limit = question().note_limit || 10000, presenting = Boolean((model.get("mode") || {}).presenting);
    const whoId = name("who"), listId = name("people"), noteId = name("note");
    const note = h("textarea", { id: noteId, rows: "1", maxlength: String(limit), input: () => { count(); change("note", note.value); }, blur: () => keep.now() });
    const hidden = presenting && given.audience === "internal";
    note.value = hidden ? "" : given.note || "";
    note.disabled = hidden;
    const counter = h("span", { class: "rdn-count" });
    const count = () => write(counter, `${note.value.length.toLocaleString("en")} of ${limit.toLocaleString("en")}`);
    count();
    const by = h("input", { id: whoId, list: listId, maxlength: "120", autocomplete: "off", input: () => change("by", by.value), blur: () => keep.now() });
    by.value = given.by || "";
    const inside = h("input", { type: "checkbox", id: name("inside"), change: () => change("audience", inside.checked ? "internal" : "client", true) });
    inside.checked = given.audience === "internal";
    swap(how,
      h("div", { class: "rdn-rungs", role: "radiogroup", "aria-label": "How it is known" }, h("span", { class: "rdn-label" }, "How it is known"),
        RUNGS.map(([id, text]) => h("button", { type: "button", role: "radio", "data-rung": id, click: () => { change("rung", id, true); drawMark(); } }, text))),
      h("div", { class: "rdn-field" }, h("label", { for: whoId }, "Who says so"), by, h("datalist", { id: listId }, (model.get("people") || []).map((one) => h("option", { value: one })))),
      h("div", { class: "rdn-field rdn-note" }, h("label", { for: noteId }, hidden ? "Note (hidden while presenting)" : "Note"), note, counter),
      presenting ? null : h("label", { class: "rdn-tick", for: inside.id }, inside, "internal"));
    drawMark();
  };
  const closeExtra = () => { swap(extra); extra.dataset.kind = ""; extra.dataset.asked = ""; };
  const openExtra = (kind) => {
    if (extra.dataset.kind === kind && extra.dataset.asked === "true") return closeExtra();
    extra.dataset.kind = kind;
    extra.dataset.asked = document.activeElement && root.contains(document.activeElement) ? "true" : "";
    if (kind === "views") return drawViews();
    const id = name("reason"), box = h("input", { id, maxlength: "2000", value: current().reason || "" });
    const set = () => (kind === "na" ? save({ not_applicable: true, reason: box.value, by: known().by || null }) : change("reason", box.value, true));
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") set(); });
    swap(extra, h("label", { for: id }, kind === "na" ? "Not applicable, because" : "A decision, because"), box, h("button", { type: "button", click: set }, "Set"));
    if (extra.dataset.asked) box.focus();
    return undefined;
  };
  const drawViews = () => {
    const options = question().answers || [];
    const views = (current().views || []).length ? current().views : [{ by: "", answer: current().answer || "" }, { by: "", answer: "" }];
    const rows = h("div", {});
    const add = (view) => rows.append(h("div", { class: "rdn-view" },
      h("input", { "aria-label": "Person", placeholder: "Person", maxlength: "120", value: view.by || "" }),
      h("select", { "aria-label": "What this person says" }, h("option", { value: "" }, "says …"), options.map((one) => h("option", { value: one.id, selected: one.id === view.answer }, one.text)))));
    views.forEach(add);
    const set = () => {
      const held = [...rows.children].map((row) => ({ by: row.children[0].value.trim(), answer: row.children[1].value })).filter((view) => view.by && view.answer);
      if (held.length < 2) return write(advice, "Name at least two people, and what each says.");
      write(advice, "");
      const { answer, not_applicable, ...rest } = known();
      return save({ ...rest, views: held });
    };
    const advice = h("span", { class: "rdn-advice", role: "alert" });
    swap(extra, h("p", {}, "Everybody's answer is kept, and the numbers span all of them."), rows,
      h("div", { class: "rdn-row" }, h("button", { type: "button", click: () => add({}) }, "One more person"), h("button", { type: "button", class: "rdn-main", click: set }, "Keep all"), advice));
  };
  const drawPlan = () => {
    const plan = model.get("plan") || {};
    write(clock, plan.words || "");
    write(place, plan.place || "");
    clock.dataset.stale = String(Boolean(plan.stale));
    const groups = (plan.dimensions || []).map((one) => h("optgroup", { label: `${one.title} (${one.answered} of ${one.asked})` },
      one.practices.map((p) => h("option", { value: p.id }, `${p.done ? "✓ " : ""}${p.title}`))));
    swap(jump, h("option", { value: "" }, "Jump to …"), groups);
    jump.value = "";
  };
  const drawConflict = () => {
    const found = model.get("conflict") || {};
    quarrel.hidden = !found.address;
    if (!found.address) return swap(quarrel);
    return swap(quarrel, h("p", {}, found.text), (found.versions || []).map((one, number) => h("button", { type: "button", click: () => send({ do: "settle", address: found.address, version: number }) }, one)));
  };
  const keys = { n: next, s: skip, b: back, u: undo, x: na, d: disagree, w: whyButton };
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName);
    if (event.key === "Escape" && typing) { event.target.blur(); heading.focus({ preventScroll: true }); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const nodes = [...answers.children], at = nodes.indexOf(document.activeElement);
    if (at >= 0 && ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"].includes(event.key)) {
      nodes[(at + (["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : nodes.length - 1)) % nodes.length].focus();
    } else if (/^[1-9]$/.test(event.key) && nodes[Number(event.key) - 1]) nodes[Number(event.key) - 1].click();
    else if (event.key === "/" || event.key === "j") jump.focus();
    else if (keys[event.key] && !keys[event.key].hidden) keys[event.key].click();
    else return;
    event.preventDefault();
  });
  const unfollow = follow(model, {
    question: drawQuestion, current: () => { if (!root.contains(document.activeElement) || !/^(input|textarea)$/i.test(document.activeElement.tagName)) { draft = {}; drawHow(); } drawCurrent(); },
    plan: drawPlan, conflict: drawConflict, "people mode": drawHow,
  });
  drawQuestion(); drawPlan(); drawConflict();
  return () => { unfollow(); stop(); };
}
export default { render };
