// How it is checked: the scenarios to tick, what a machine found, what was asked for in the round before.
const SIGNS = { passed: "✓", failed: "!", not_checked: "–" };
let scenarios = [];
let asked = [];
let ticked = new Set(kept.read("ticks").filter(Number.isInteger));

const tell = () => {
  const done = scenarios.filter((_, place) => ticked.has(place)).length;
  list.textContent = scenarios.length ? `Check ${done}/${scenarios.length}` : "Check";
  if (!accept) return;
  const address = webAddress(facts.accept);
  if (done) address.searchParams.set("ticked", [...ticked].filter((place) => place < scenarios.length).join(","));
  accept.href = address.href;
};

const tickOf = (scenario, place) => {
  const line = element("li");
  const label = element("label", { class: "tick" });
  const box = element("input", { type: "checkbox" });
  const words = element("span");
  box.checked = ticked.has(place);
  box.addEventListener("change", () => {
    if (box.checked) ticked.add(place);
    else ticked.delete(place);
    kept.write("ticks", [...ticked]);
    tell();
  });
  words.append(element("strong", {}, scenario.name));
  for (const step of scenario.steps) words.append(element("span", { class: "steps" }, step));
  label.append(box, words);
  line.append(label);
  return line;
};

const foundOf = (check) => {
  const line = element("li", { class: `found found--${check.outcome}` });
  line.append(element("b", { "aria-hidden": "true" }, SIGNS[check.outcome] || "–"), element("span", {}, check.words));
  return line;
};

const askedOf = (pin, place) => {
  const line = element("li", { class: "pin" });
  const words = element("span");
  words.append(element("strong", {}, pin.note || "(no words)"));
  words.append(element("span", { class: "steps" }, `${pin.text ? `“${pin.text}” ` : ""}on ${pin.page || "/"}`));
  const where = element("span", { class: "steps" });
  if (pin.page === here() && !find(pin)) where.textContent = "What you pointed at is no longer on this page.";
  words.append(where);
  line.append(element("span", { class: "number number--asked", "aria-hidden": "true" }, String(place + 1)), words);
  return line;
};

const fill = () => {
  panel.replaceChildren(element("h2", {}, "How you’ll check it"));
  const section = (words, made, ordered) => {
    if (!made.length) return;
    if (words) panel.append(element("h3", {}, words));
    const lines = element(ordered ? "ol" : "ul");
    lines.append(...made);
    panel.append(lines);
  };
  if (!scenarios.length) panel.append(element("p", {}, "Nothing was written down to check."));
  section("", scenarios.map(tickOf));
  section("You asked, the last time", asked.map(askedOf), true);
  section("Looked at by a machine", found.map(foundOf));
  panel.append(element("p", { class: "live" }, "Nothing here touches the live site."));
};

let found = [];
const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
const many = (value, most) => (Array.isArray(value) ? value.slice(0, most) : []);
const take = (told) => {
  scenarios = many(told.scenarios, 100).map((each) => ({ name: text(each.name, 300), steps: many(each.steps, 60).map((step) => text(step, 500)) }));
  found = many(told.checks, 20).map((each) => ({ outcome: text(each.outcome, 20), words: text(each.words, 300) }));
  asked = many(told.asked, MOST_PINS).map(pinOf);
  for (const [one, may] of [[accept, told.mayJudge], [change, told.mayJudge], [ask, told.mayAsk]]) if (one && !may) one.remove();
  list.hidden = false;
  tell();
  fill();
  place();
};

fetch("/.greenroom/review.json", { headers: { Accept: "application/json" }, credentials: "same-origin" })
  .then((answer) => (answer.ok ? answer.json() : null))
  .then((told) => { if (told) take(told); })
  .catch(() => {}); // without it the bar still leads to the main site
