const about = JSON.parse(document.getElementById("about").textContent);
const number = (text) => { const plain = text.replace(/[\s,']/g, ""); return plain === "" ? null : Number(plain); };
document.getElementById("save").addEventListener("click", () => {
  const answers = {};
  let wrong = null;
  for (const box of document.querySelectorAll("[data-address]")) {
    const advice = document.getElementById(`wrong-${box.dataset.place}`);
    const value = box.dataset.kind === "text" ? (box.value.trim() || null) : number(box.value);
    const bad = typeof value === "number" && !Number.isFinite(value);
    if (advice && (bad || box.dataset.part !== "low")) advice.textContent = bad ? "This is not a number; write it like 12,500.5" : "";
    if (bad) { wrong = wrong || box; continue; }
    if (value === null) continue;
    if (box.dataset.part) (answers[box.dataset.address] = answers[box.dataset.address] || {})[box.dataset.part] = value;
    else answers[box.dataset.address] = value;
  }
  if (wrong) { wrong.focus(); return; }
  const content = JSON.stringify({ format: about.format, client: about.client, who: document.getElementById("who").value.trim(), answers }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `prework-${about.client}.json`;
  link.click();
  document.getElementById("said").textContent = `Saved as ${link.download}. Please send that file back.`;
});
