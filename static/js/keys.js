// One-letter keys. A page marks what they reach: data-key-item (rows and cards), data-key-open (the link in one),
// data-key="c" (a button, link or menu; inside the selected item first).
import { open } from "./dialog.js";

const items = () => [...document.querySelectorAll("[data-key-item]")].filter((item) => item.offsetParent !== null);
const selected = () => document.querySelector("[data-selected]");

function select(step) {
  const all = items();
  if (!all.length) return;
  const here = all.indexOf(selected());
  const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  selected()?.removeAttribute("data-selected");
  next.dataset.selected = "";
  next.querySelector("[data-key-open]")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const within = selected()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const seen = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((one) => one.offsetParent !== null);
  // a field on the page itself comes before a link of the shell
  const target = within ?? seen.find((one) => one.matches("input, textarea")) ?? seen.find((one) => one.closest("main")) ?? seen[0];
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  else {
    target.scrollIntoView({ block: "nearest" });
    target.click();
  }
  return true;
}

let first = "";

document.addEventListener("keydown", (event) => {
  const palette = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k";
  if (palette && (open("palette") || press("/"))) { event.preventDefault(); return; }
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], .cm-editor, dialog[open]")) return;

  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const pair = first ? `${first} ${key}` : "";
  first = "";
  if (pair && press(pair)) { event.preventDefault(); return; }

  let done = true;
  if (key === "j") select(1);
  else if (key === "k") select(-1);
  else if (key === "?") open("keys-help");
  else if (key === "g") { first = "g"; setTimeout(() => { first = ""; }, 1200); }
  else if (key === "Enter" && event.target === document.body) { const link = selected()?.querySelector("[data-key-open]"); if (link) link.click(); else done = false; }
  else if (key.length === 1) done = press(key);
  else done = false;
  if (done) event.preventDefault();
});
