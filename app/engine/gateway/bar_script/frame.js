// The review bar on a preview. It has no authority: it reads this page's elements and opens pages of the main site.
const facts = document.currentScript ? document.currentScript.dataset : {};
const NAME = "greenroom-bar";

const framed = window.top !== window.self;
if (framed) {
  try {
    // A frame of the page's own: the bar stands once, in the outer page.
    if (window.parent.location.origin === window.location.origin) return;
  } catch {
    // Framed by the main site: its window cannot be read, which is as it should be.
  }
}
if (document.querySelector(NAME)) return;

const element = (name, attributes = {}, text = "") => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};
const button = (text, kind, attributes = {}) => element("button", { type: "button", class: kind, ...attributes }, text);

const webAddress = (value) => {
  try {
    const address = new URL(value);
    return address.protocol === "http:" || address.protocol === "https:" ? address : null;
  } catch {
    return null;
  }
};

const goal = framed ? "_top" : "_blank";
const link = (value, text, kind) => {
  const address = webAddress(value);
  if (!address) return null;
  return element("a", { href: address.href, target: goal, rel: "noopener", class: kind }, text);
};
const open = (address) => element("a", { href: address.href, target: goal, rel: "noopener" }).click();
const here = () => (location.pathname + location.search).slice(0, LONGEST_PAGE);

// What is kept for this window and this version: ticks and pins. Any script of the page may have written it.
const kept = {
  name: (what) => `greenroom:${what}:${facts.commit || ""}`,
  read(what) {
    try {
      const found = JSON.parse(sessionStorage.getItem(this.name(what)));
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  },
  write(what, value) {
    try {
      sessionStorage.setItem(this.name(what), JSON.stringify(value));
    } catch {
      // This page keeps nothing: it lasts as long as the page is open.
    }
  },
};

const host = element(NAME);
const shadow = host.attachShadow({ mode: "closed" });
const sheet = new CSSStyleSheet(); // a sheet of this kind needs nothing from the page's style policy
sheet.replaceSync(STYLE);
shadow.adoptedStyleSheets = [sheet];

const bar = element("section", { class: "bar", "aria-label": "Greenroom review", role: "region" });
const tab = button("Review", "tab", { "aria-expanded": "false", "aria-label": "Show the review bar" });
const marks = element("div", { class: "marks" });
const title = facts.request
  ? link(facts.request, facts.title || "This request", "title")
  : element("span", { class: "title" }, facts.title || "Preview");
const list = button("Check", "list", { "aria-expanded": "false", "aria-controls": "panel" });
const accept = link(facts.accept, "Accept", "accept");
const change = webAddress(facts.change) ? button("Change this", "change") : null;
const ask = link(facts.ask, "Ask", "ask");
const fold = button("–", "fold", { "aria-expanded": "true", "aria-label": "Hide the review bar", title: "Hide" });
const panel = element("section", { class: "panel", id: "panel", role: "region", "aria-label": "How you’ll check it", tabindex: "-1" });
if (title && facts.title) title.setAttribute("title", facts.title);
for (const one of [tab, list, panel]) one.hidden = true;

const resting = [title, list, accept, change, ask, fold].filter(Boolean);
bar.append(...resting);
shadow.append(marks, panel, bar, tab);

const show = (visible) => {
  bar.hidden = !visible;
  tab.hidden = visible;
  if (!visible) openPanel(false);
  (visible ? fold : tab).focus();
};
const openPanel = (visible) => {
  panel.hidden = !visible;
  list.setAttribute("aria-expanded", String(visible));
  if (visible) panel.focus();
};
fold.addEventListener("click", () => show(false));
tab.addEventListener("click", () => show(true));
list.addEventListener("click", () => openPanel(panel.hidden));
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openPanel(false);
  list.focus();
});
if (ask) {
  const followed = webAddress(facts.ask);
  const name = () => { followed.searchParams.set("page", here()); ask.href = followed.href; };
  for (const moment of ["pointerdown", "focus"]) ask.addEventListener(moment, name);
}
