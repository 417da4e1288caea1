// Pointing at what should change: pins with a note each. What is sent is text for a person to read, and nothing that acts.
const pinOf = (told) => {
  const pin = told && typeof told === "object" ? told : {};
  const word = (name, most) => (typeof pin[name] === "string" ? pin[name].slice(0, most) : "");
  return {
    page: word("page", LONGEST_PAGE), selector: word("selector", LONGEST_SELECTOR), text: word("text", LONGEST_TEXT), note: word("note", LONGEST_NOTE),
    x: Number.isFinite(pin.x) ? Math.round(pin.x) : 0, y: Number.isFinite(pin.y) ? Math.round(pin.y) : 0,
  };
};
let pins = kept.read("pins").slice(0, MOST_PINS).map(pinOf);
const keepPins = () => { kept.write("pins", pins); offer(); place(); };

const step = (node) => {
  const name = node.localName;
  const same = node.parentElement ? [...node.parentElement.children].filter((other) => other.localName === name) : [];
  return same.length > 1 ? `${name}:nth-of-type(${same.indexOf(node) + 1})` : name;
};
const selectorOf = (node) => {
  const steps = [];
  for (let each = node; each && each.nodeType === Node.ELEMENT_NODE; each = each.parentElement) {
    if (each.id && document.querySelectorAll(`#${CSS.escape(each.id)}`).length === 1) {
      steps.unshift(`#${CSS.escape(each.id)}`);
      break;
    }
    steps.unshift(step(each));
    if (each === document.body) break;
  }
  while (steps.length > 1 && steps.join(" > ").length > LONGEST_SELECTOR) steps.shift();
  return steps.join(" > ").slice(0, LONGEST_SELECTOR);
};
const textOf = (node) => {
  const words = node.innerText || node.getAttribute("alt") || node.getAttribute("aria-label") || node.getAttribute("value") || "";
  return words.replace(/\s+/g, " ").trim().slice(0, LONGEST_TEXT);
};
const find = (pin) => {
  try {
    return pin.selector ? document.querySelector(pin.selector) : null;
  } catch {
    return null;
  }
};

// The marks follow what they stand at.
const put = (mark, box, side) => {
  mark.style.transform = `translate(${Math.min(Math.max(side - 8, 0), innerWidth - 26)}px, ${Math.max(box.top - 8, 0)}px)`;
  mark.hidden = box.bottom < 0 || box.top > innerHeight || (box.width === 0 && box.height === 0);
};
const place = () => {
  const standing = [...pins.map((pin, number) => [pin, number, "number"]), ...asked.map((pin, number) => [pin, number, "number number--asked"])];
  const made = [];
  for (const [pin, number, kind] of standing) {
    const node = pin.page === here() ? find(pin) : null;
    if (!node) continue;
    const mark = element("span", { class: kind, title: pin.note }, String(number + 1));
    const box = node.getBoundingClientRect();
    put(mark, box, asked.includes(pin) ? box.right - 10 : box.left);
    made.push(mark);
  }
  marks.replaceChildren(...made, target);
};
let isPlacing = false;
const placeSoon = () => {
  if (isPlacing) return;
  isPlacing = true;
  requestAnimationFrame(() => { isPlacing = false; if (pins.length || asked.length) place(); });
};
for (const moment of ["scroll", "resize", "load"]) window.addEventListener(moment, placeSoon, { capture: true, passive: true });

const target = element("div", { class: "target", "aria-hidden": "true" });
const hint = element("span", { class: "hint", role: "status" }, "Click what should change.");
const send = button("Whole page", "send main");
const cancel = button("Cancel", "cancel");
const note = element("form", { class: "note", "aria-label": "What should be different here" });
for (const one of [target, note, hint, send, cancel]) one.hidden = true;
bar.append(hint, send, cancel);
shadow.insertBefore(note, bar);

let picking = false;
const offer = () => {
  send.textContent = pins.length ? `Go on with ${pins.length}` : "Whole page";
  hint.textContent = pins.length >= MOST_PINS ? "That is as many as go at once." : pins.length ? "Click the next thing, or go on." : "Click what should change.";
};

const under = (event) => {
  const node = event.composedPath().find((one) => one instanceof Element);
  return node && node !== host ? node : null;
};
const point = (event) => {
  const node = note.hidden ? under(event) : null;
  target.hidden = !node;
  if (!node) return;
  const box = node.getBoundingClientRect();
  Object.assign(target.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
};
const swallow = (event) => {
  if (!under(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
};
const pick = (event) => {
  const node = under(event);
  if (!node) return;
  swallow(event);
  if (pins.length >= MOST_PINS || !note.hidden) return;
  const box = node.getBoundingClientRect();
  askForNote(pinOf({ page: here(), selector: selectorOf(node), text: textOf(node), x: box.left + scrollX, y: box.top + scrollY }));
};
const key = (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!note.hidden) { closeNote(); return; }
  stopPicking();
};
const LISTENERS = [["mousemove", point], ["mousedown", swallow], ["mouseup", swallow], ["pointerdown", swallow], ["pointerup", swallow], ["click", pick], ["keydown", key]];

function askForNote(pin) {
  const words = element("textarea", { maxlength: String(LONGEST_NOTE), "aria-label": "What should be different here?", placeholder: "What should be different here?" });
  const row = element("div", { class: "row" });
  const add = element("button", { type: "submit", class: "main" }, "Pin it");
  const leave = button("Leave it", "leave");
  leave.addEventListener("click", closeNote);
  row.append(add, leave);
  note.replaceChildren(element("strong", {}, `${pins.length + 1}. ${pin.text ? `“${pin.text.slice(0, 80)}”` : "This part"}`), words, row);
  note.onsubmit = (event) => {
    event.preventDefault();
    pins = [...pins, { ...pin, note: words.value.trim().slice(0, LONGEST_NOTE) }];
    closeNote();
    keepPins();
  };
  note.hidden = false;
  words.focus();
}
function closeNote() {
  note.hidden = true;
  note.replaceChildren();
  send.focus();
}
function startPicking() {
  picking = true;
  openPanel(false);
  offer();
  for (const one of resting) one.hidden = true;
  for (const one of [hint, send, cancel]) one.hidden = false;
  for (const [name, act] of LISTENERS) window.addEventListener(name, act, true);
  send.focus();
}
function stopPicking() {
  if (!picking) return;
  picking = false;
  target.hidden = note.hidden = true;
  for (const one of [hint, send, cancel]) one.hidden = true;
  for (const one of resting) one.hidden = one === list && !scenarios.length && !asked.length && !found.length;
  for (const [name, act] of LISTENERS) window.removeEventListener(name, act, true);
  change.focus();
}
if (change) {
  change.addEventListener("click", startPicking);
  cancel.addEventListener("click", () => { pins = []; keepPins(); stopPicking(); });
  send.addEventListener("click", () => {
    const address = webAddress(facts.change);
    if (pins.length) address.hash = `pins=${encodeURIComponent(JSON.stringify(pins))}`; // a fragment reaches no server and no log
    else address.searchParams.set("page", here());
    pins = [];
    keepPins();
    stopPicking();
    open(address);
  });
}
