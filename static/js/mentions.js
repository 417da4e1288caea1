// Whom an @ may mean: while somebody types a name behind it, a list below the text offers who is called so.
// A text says where to ask: data-mentions="/…/people". Written in full, the name works without any of this.
import { headers } from "./requests.js";

const TYPED = /(?:^|[\s([{“"'])@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40})?$/u;
const LIST = "mentions-found";

let asked = 0;

const field = (target) => (target.matches?.("textarea[data-mentions]") ? target : null);
const list = () => document.getElementById(LIST);
const options = () => [...(list()?.querySelectorAll("[role=option]") ?? [])];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

/** The letters behind the @ that is being typed; undefined where none is. */
function letters(text) {
  const found = TYPED.exec(text.value.slice(0, text.selectionStart));
  return found ? found[1] ?? "" : undefined;
}

function close() {
  asked += 1; // an answer that is still on its way is not shown
  list()?.remove();
  for (const text of document.querySelectorAll(`[aria-controls="${LIST}"]`)) {
    text.removeAttribute("aria-controls");
    text.removeAttribute("aria-activedescendant");
  }
}

function choose(text, option) {
  chosen()?.setAttribute("aria-selected", "false");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", option.id);
}

async function offer(text) {
  const wanted = letters(text);
  if (wanted === undefined) { close(); return; }
  const mine = ++asked;
  const answer = await fetch(`${text.dataset.mentions}?q=${encodeURIComponent(wanted)}`, { headers: headers() }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const html = await answer.text();
  if (mine !== asked) return;
  close();
  const box = document.createElement("div");
  box.id = LIST;
  box.className = "mentions";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "@");
  box.innerHTML = html;
  const [first] = box.querySelectorAll("[role=option]");
  if (!first) return;
  text.after(box);
  text.setAttribute("aria-controls", LIST);
  text.setAttribute("aria-autocomplete", "list");
  choose(text, first);
}

function insert(text, option) {
  const end = text.selectionStart;
  const start = end - (letters(text) ?? "").length - 1;
  text.setRangeText(`${option.dataset.insert} `, start, end, "end");
  close();
  text.focus();
}

document.addEventListener("input", (event) => { if (field(event.target)) offer(event.target); });

document.addEventListener("keydown", (event) => {
  const text = field(event.target);
  if (!text || !list()) return;
  const all = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(text, all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  else if (event.key === "Enter" || event.key === "Tab") insert(text, chosen());
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(`#${LIST} [role=option]`);
  if (!option) { close(); return; }
  event.preventDefault(); // the text keeps the caret
  insert(list().previousElementSibling, option);
});
