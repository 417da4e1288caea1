// The review bar on a preview. It has no authority: it reads this page's elements and opens pages of the main site.
(() => {
  "use strict";
  const facts = document.currentScript ? document.currentScript.dataset : {};
  const NAME = "greenroom-bar";
  const LONGEST_SELECTOR = 300;
  const LONGEST_TEXT = 200;

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

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    .bar, .tab {
      --ground: #ffffff; --ink: #1d1d1f; --soft: #5c5c63; --line: #d8d8d2; --accent: #1f6f54; --on-accent: #ffffff;
      font: 500 14px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      color: var(--ink); background: var(--ground); border: 1px solid var(--line);
      box-shadow: 0 4px 20px rgb(0 0 0 / .18); position: fixed; z-index: 2147483647; bottom: 12px;
    }
    @media (prefers-color-scheme: dark) {
      .bar, .tab { --ground: #1f1f22; --ink: #ececee; --soft: #a5a5ad; --line: #3a3a40; --accent: #6fcfab; --on-accent: #10201a; }
    }
    .bar { left: 12px; right: 12px; margin: 0 auto; width: fit-content; max-width: calc(100vw - 24px);
      display: flex; align-items: center; gap: 6px; padding: 6px 6px 6px 14px; border-radius: 12px; }
    [hidden] { display: none !important; }
    a, button { font: inherit; color: var(--ink); background: none; border: 1px solid transparent; border-radius: 8px;
      min-height: 36px; padding: 7px 12px; text-decoration: none; cursor: pointer; white-space: nowrap;
      display: inline-flex; align-items: center; }
    a:hover, button:hover { border-color: var(--line); }
    a.accept { background: var(--accent); color: var(--on-accent); }
    a.accept:hover { border-color: var(--accent); filter: brightness(1.08); }
    .title { display: block; overflow: hidden; text-overflow: ellipsis; max-width: 26ch; min-width: 0; color: var(--soft);
      margin-right: 4px; padding-left: 0; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .tab { right: 12px; border-radius: 999px; }
    .fold { padding: 7px 10px; color: var(--soft); }
    .hint { color: var(--soft); padding: 0 6px; }
    .mark { position: fixed; z-index: 2147483646; pointer-events: none; border: 2px solid #1f6f54; border-radius: 4px;
      background: rgb(31 111 84 / .15); }
    @media (max-width: 560px) { .title { display: none; } .hint { font-size: 13px; } .bar { padding-left: 6px; gap: 2px; } a, button { padding: 7px 9px; } }
    @media print { .bar, .tab, .mark { display: none; } }
  `;

  const element = (name, attributes = {}, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };

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

  const host = element(NAME);
  const shadow = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet(); // a sheet of this kind needs nothing from the page's style policy
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const bar = element("section", { class: "bar", "aria-label": "Greenroom review", role: "region" });
  const tab = element("button", { class: "tab", type: "button", "aria-expanded": "false", "aria-label": "Show the review bar" }, "Review");
  const mark = element("div", { class: "mark", "aria-hidden": "true" });
  const hint = element("span", { class: "hint", role: "status" }, "Click what should change.");
  const title = facts.request
    ? link(facts.request, facts.title || "This request", "title")
    : element("span", { class: "title" }, facts.title || "Preview");
  const accept = link(facts.accept, "Accept", "accept");
  const change = webAddress(facts.change) ? element("button", { type: "button", class: "change", "aria-pressed": "false" }, "Change this") : null;
  const ask = link(facts.ask, "Ask", "ask");
  const cancel = element("button", { type: "button", class: "cancel" }, "Cancel");
  const fold = element("button", { type: "button", class: "fold", "aria-expanded": "true", "aria-label": "Hide the review bar", title: "Hide" }, "–");
  tab.hidden = true;
  mark.hidden = true;
  hint.hidden = true;
  cancel.hidden = true;
  if (title && facts.title) title.setAttribute("title", facts.title);
  bar.append(...[title, hint, accept, change, ask, cancel, fold].filter(Boolean));
  shadow.append(bar, tab, mark);

  const show = (open) => {
    bar.hidden = !open;
    tab.hidden = open;
    (open ? fold : tab).focus();
  };
  fold.addEventListener("click", () => { stopPicking(); show(false); });
  tab.addEventListener("click", () => show(true));

  // Pointing at an element: what is sent is text for a person to read, never something that acts.
  let picking = false;

  const step = (node) => {
    const name = node.localName;
    const same = node.parentElement ? [...node.parentElement.children].filter((other) => other.localName === name) : [];
    return same.length > 1 ? `${name}:nth-of-type(${same.indexOf(node) + 1})` : name;
  };
  const selectorOf = (node) => {
    const steps = [];
    for (let here = node; here && here.nodeType === Node.ELEMENT_NODE; here = here.parentElement) {
      if (here.id && document.querySelectorAll(`#${CSS.escape(here.id)}`).length === 1) {
        steps.unshift(`#${CSS.escape(here.id)}`);
        break;
      }
      steps.unshift(step(here));
      if (here === document.body) break;
    }
    while (steps.length > 1 && steps.join(" > ").length > LONGEST_SELECTOR) steps.shift();
    return steps.join(" > ").slice(0, LONGEST_SELECTOR);
  };
  const textOf = (node) => {
    const words = node.innerText || node.getAttribute("alt") || node.getAttribute("aria-label") || node.getAttribute("value") || "";
    return words.replace(/\s+/g, " ").trim().slice(0, LONGEST_TEXT);
  };
  const under = (event) => {
    const node = event.composedPath().find((one) => one instanceof Element);
    return node && node !== host ? node : null;
  };

  const point = (event) => {
    const node = under(event);
    mark.hidden = !node;
    if (!node) return;
    const box = node.getBoundingClientRect();
    mark.style.left = `${box.left}px`;
    mark.style.top = `${box.top}px`;
    mark.style.width = `${box.width}px`;
    mark.style.height = `${box.height}px`;
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
    stopPicking();
    const address = webAddress(facts.change);
    address.searchParams.set("page", (location.pathname + location.search).slice(0, LONGEST_TEXT));
    address.searchParams.set("selector", selectorOf(node));
    address.searchParams.set("text", textOf(node));
    element("a", { href: address.href, target: goal, rel: "noopener" }).click();
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    stopPicking();
    change.focus();
  };
  const LISTENERS = [["mousemove", point], ["mousedown", swallow], ["mouseup", swallow], ["pointerdown", swallow], ["pointerup", swallow], ["click", pick], ["keydown", key]];

  function showSteps(on) {
    for (const one of [hint, cancel]) one.hidden = !on;
    for (const one of [title, accept, ask, fold]) if (one) one.hidden = on;
  }
  function startPicking() {
    picking = true;
    change.setAttribute("aria-pressed", "true");
    change.textContent = "Whole page";
    showSteps(true);
    for (const [name, act] of LISTENERS) window.addEventListener(name, act, true);
  }
  function stopPicking() {
    if (!picking) return;
    picking = false;
    change.setAttribute("aria-pressed", "false");
    change.textContent = "Change this";
    mark.hidden = true;
    showSteps(false);
    for (const [name, act] of LISTENERS) window.removeEventListener(name, act, true);
  }
  if (change) {
    cancel.addEventListener("click", () => { stopPicking(); change.focus(); });
    change.addEventListener("click", () => {
      if (!picking) { startPicking(); return; }
      stopPicking(); // pressed again: the change is about the page as a whole
      const address = webAddress(facts.change);
      address.searchParams.set("page", (location.pathname + location.search).slice(0, LONGEST_TEXT));
      element("a", { href: address.href, target: goal, rel: "noopener" }).click();
    });
  }

  document.documentElement.append(host); // beside the body, where a page that redraws its body leaves it alone
})();
