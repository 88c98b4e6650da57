// What every form is drawn with. Text becomes text nodes and nothing else: no string is ever read as markup.
const h = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
};
const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const swap = (node, ...children) => node.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
const link = (address, text) => /^https?:\/\//i.test(address)
  ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text) : h("span", {}, text);
let names = 0;
const name = (word) => `rdn-${word}-${(names += 1)}-${Math.random().toString(36).slice(2, 7)}`;
const setUp = (root, kind) => {
  root.classList.add("rdn", `rdn-${kind}`);
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // else a key pressed here would cut a notebook cell
  root.setAttribute("data-jp-suppress-context-menu", "true");
};

// Sends what somebody did, and says so until the answer is there: saved, or not saved, or no answer at all.
const PATIENCE = 10000;
const talk = (model, line) => {
  const prefix = Math.random().toString(36).slice(2, 9);
  let count = 0, waiting = null, timer = 0, last = null;
  const words = h("span", {}), hint = h("span", { class: "rdn-hint" });
  const again = h("button", { type: "button", class: "rdn-small", hidden: true, click: () => last && send(last) }, "Try again");
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  line.append(words, again, hint);
  const show = (state, text, more = "") => {
    line.dataset.state = state;
    line.classList.toggle("rdn-silent", !text && !more);
    write(words, text);
    write(hint, more);
    again.hidden = !(state === "not saved" && last);
  };
  const unanswered = () => {
    waiting = null;
    show("not saved", "NOT SAVED: the kernel does not answer", "Everything said to be saved before is safe. Reload the page; if it stays so, restart the kernel and Run All.");
  };
  const settle = () => {
    const status = model.get("status") || {};
    if (waiting && status.serial !== waiting) return;
    if (waiting) { waiting = null; clearTimeout(timer); }
    if (status.state !== "not saved") last = null;
    show(status.state || "ready", status.text || "", status.hint || "");
  };
  const send = (message) => {
    count += 1;
    const serial = `${prefix}.${count}`;
    if (message.saves !== false) {
      waiting = serial;
      last = message;
      show("saving", "Saving …");
      clearTimeout(timer);
      timer = setTimeout(unanswered, PATIENCE);
    }
    try { model.send({ ...message, serial }); } catch (problem) { clearTimeout(timer); unanswered(); }
  };
  model.on("change:status", settle);
  settle();
  return { send, stop: () => { clearTimeout(timer); model.off("change:status", settle); } };
};
const follow = (model, handlers) => {
  const bound = Object.entries(handlers).flatMap(([keys, handler]) => keys.split(" ").map((key) => [`change:${key}`, handler]));
  for (const [event, handler] of bound) model.on(event, handler);
  return () => { for (const [event, handler] of bound) model.off(event, handler); };
};
const later = (milliseconds, work) => {
  let timer = 0;
  const run = () => { clearTimeout(timer); timer = setTimeout(work, milliseconds); };
  run.now = () => { if (timer) { clearTimeout(timer); timer = 0; work(); } };
  return run;
};
