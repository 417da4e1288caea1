// The pins that came from a preview, in the address after the #: read as text, shown to be changed, sent with the form.
const list = document.querySelector("#pins");
const template = document.querySelector("#pin-template");
const WORDS = ["page", "selector", "text"];
const LONGEST = 300;

const read = () => {
  if (!location.hash.startsWith("#pins=")) return [];
  try {
    const told = JSON.parse(decodeURIComponent(location.hash.slice(6)));
    return Array.isArray(told) ? told.filter((pin) => pin && typeof pin === "object").slice(0, Number(list.dataset.most)) : [];
  } catch {
    return [];
  }
};
const word = (value, most = LONGEST) => (typeof value === "string" ? value.slice(0, most) : "");

const tidy = () => {
  const pins = [...list.children];
  list.hidden = !pins.length;
  pins.forEach((pin, place) => { pin.querySelector("[data-pin-number]").textContent = place + 1; });
  const feedback = document.querySelector("[name=feedback]");
  if (feedback) feedback.required = !pins.length;
};

const add = (told) => {
  const pin = template.content.cloneNode(true);
  const kept = Object.fromEntries(WORDS.map((name) => [name, word(told[name])]));
  pin.querySelector("[name=pin]").value = JSON.stringify({ ...kept, x: Number(told.x) || 0, y: Number(told.y) || 0 });
  pin.querySelector("[name=note]").value = word(told.note, 1000);
  pin.querySelector("[data-pin-text]").textContent = kept.text;
  pin.querySelector("[data-pin-text]").hidden = !kept.text;
  pin.querySelector("[data-pin-page]").textContent = kept.page;
  list.append(pin);
};

if (list) {
  for (const pin of read()) add(pin);
  if (location.hash.startsWith("#pins=")) history.replaceState(null, "", location.pathname + location.search);
  list.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-pin-drop]");
    if (!drop) return;
    drop.closest("li").remove();
    tidy();
  });
  tidy();
}
