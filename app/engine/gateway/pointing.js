// Pointing at what should change. It has no authority: what is collected goes to the main site as text.
(() => {
  "use strict";
  const facts = document.currentScript ? document.currentScript.dataset : {};
  const NAME = "greenroom-pointing";
  const KEPT = "greenroom-pointing";
  const MOST = 30;
  const LONGEST = 2000;
  if (window.top !== window.self || document.querySelector(NAME)) return;

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .bar, .panel {
      --ground: #ffffff; --ink: #1d1d1f; --soft: #55555c; --line: #8a8a86; --accent: #1f6f54; --on-accent: #ffffff;
      font: 500 15px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink);
      background: var(--ground); border: 1px solid var(--line); border-radius: 12px;
      box-shadow: 0 4px 24px rgb(0 0 0 / .25); position: fixed; z-index: 2147483647;
    }
    @media (prefers-color-scheme: dark) {
      .bar, .panel { --ground: #1f1f22; --ink: #ececee; --soft: #b0b0b8; --line: #6a6a72; --accent: #6fcfab; --on-accent: #10201a; }
    }
    .bar { bottom: 12px; left: 12px; right: 12px; margin: 0 auto; width: fit-content; max-width: calc(100vw - 24px);
      display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 6px 6px 6px 14px; }
    .hint { flex: 1 1 12em; color: var(--soft); max-width: 34em; }
    .panel { width: min(24rem, calc(100vw - 24px)); max-height: calc(100vh - 24px); overflow: auto; padding: 14px; }
    .panel h2 { font: inherit; font-weight: 700; margin: 0 0 10px; }
    label { display: block; margin: 0 0 10px; }
    label span { display: block; margin-bottom: 3px; color: var(--soft); font-size: 13px; }
    input, textarea { font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 8px;
      width: 100%; padding: 7px 9px; }
    textarea { resize: vertical; min-height: 4.4em; }
    input[type=color] { height: 40px; padding: 3px; }
    .colours { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
    .row { display: flex; flex-wrap: wrap; gap: 6px; }
    button { font: inherit; color: var(--ink); background: none; border: 1px solid var(--line); border-radius: 8px; min-height: 38px;
      padding: 7px 12px; cursor: pointer; }
    button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
    button[disabled] { opacity: .5; cursor: default; }
    ol { margin: 0 0 12px; padding-left: 1.4em; }
    li { margin-bottom: 8px; overflow-wrap: anywhere; }
    del { color: var(--soft); } ins { text-decoration: none; font-weight: 700; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .mark { position: fixed; z-index: 2147483646; pointer-events: none; border: 2px solid #1f6f54; border-radius: 4px;
      background: rgb(31 111 84 / .15); }
    @media (max-width: 560px) { .panel { left: 12px !important; top: 12px !important; } }
    @media print { .bar, .panel, .mark { display: none; } }
  `;

  const element = (name, attributes = {}, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  };
  const press = (text, act, kind = "") => {
    const made = element("button", { type: "button", class: kind }, text);
    made.addEventListener("click", act);
    return made;
  };

  const host = element(NAME);
  const shadow = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet(); // a sheet of this kind needs nothing from the page's style policy
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  // --- what was collected ----------------------------------------------------------------------------------

  const here = () => location.pathname + location.search;
  const undo = new Map(); // how to take back what the page shows for an edit
  let edits = [];
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
    if (kept.goal === facts.goal && Array.isArray(kept.edits)) edits = kept.edits.slice(0, MOST);
  } catch {
    // nothing was kept, or the page keeps nothing
  }
  const keep = () => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ goal: facts.goal, edits }));
    } catch {
      // then it lasts as long as this page
    }
    count.textContent = edits.length === 1 ? "1 change" : `${edits.length} changes`;
    count.hidden = done.disabled = edits.length === 0;
  };

  // --- reading the page ------------------------------------------------------------------------------------

  const TAME = /^[a-zA-Z][\w-]{0,40}$/;
  const step = (node) => {
    const name = node.localName;
    const classes = [...node.classList].filter((one) => TAME.test(one)).slice(0, 3).map((one) => `.${one}`).join("");
    const same = node.parentElement ? [...node.parentElement.children].filter((other) => other.localName === name) : [];
    return name + classes + (same.length > 1 ? `:nth-of-type(${same.indexOf(node) + 1})` : "");
  };
  const selectorOf = (node) => {
    const steps = [];
    for (let at = node; at && at.nodeType === Node.ELEMENT_NODE; at = at.parentElement) {
      if (at.id && TAME.test(at.id) && document.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) {
        steps.unshift(`#${CSS.escape(at.id)}`);
        break;
      }
      steps.unshift(step(at));
      if (at === document.body) break;
    }
    while (steps.length > 1 && steps.join(" > ").length > 1000) steps.shift();
    return steps.join(" > ").slice(0, 1000);
  };
  const textsOf = (node) => [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const textAt = (node, event) => {
    const texts = textsOf(node);
    if (texts.length < 2 || !event || !event.clientX) return texts[0];
    const caret = document.caretPositionFromPoint
      ? document.caretPositionFromPoint(event.clientX, event.clientY)?.offsetNode
      : document.caretRangeFromPoint?.(event.clientX, event.clientY)?.startContainer;
    return texts.includes(caret) ? caret : texts[0];
  };
  const isVisible = (node) => node.getClientRects().length > 0;
  const canChange = (node) => textsOf(node).length > 0 || node.localName === "img" || node.matches("a[href]");
  const candidates = () => [...document.body.querySelectorAll("*")].filter((node) => node !== host && canChange(node) && isVisible(node));
  const background = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour && !/^(transparent|rgba\(.*, 0\))$/.test(colour)) return [at, colour];
    }
    return null;
  };
  const asHex = (colour) => {
    const parts = colour.match(/[\d.]+/g) || [];
    return `#${parts.slice(0, 3).map((part) => Math.round(Number(part)).toString(16).padStart(2, "0")).join("")}`;
  };
  const folded = (text) => text.replace(/\s+/g, " ").trim();

  /** What can be changed about an element: what it is now, and how the page shows something else meanwhile. */
  const changesOf = (node, event) => {
    const found = [];
    const text = textAt(node, event);
    if (text) {
      const was = text.data;
      const [before, after] = [was.match(/^\s*/)[0], was.match(/\s*$/)[0]];
      found.push({ kind: "text", label: "Text", node, was: folded(was), show: (to) => { text.data = to === folded(was) ? was : before + to + after; } });
    }
    const attribute = (target, name, kind, label) => {
      const was = target.getAttribute(name);
      if (was) found.push({ kind, label, node: target, was, show: (to) => target.setAttribute(name, to) });
    };
    if (node.localName === "img") {
      attribute(node, "src", "src", "Picture (its address)");
      attribute(node, "alt", "text", "What the picture shows, in words");
    }
    if (node.matches("input, textarea")) attribute(node, "placeholder", "text", "Words in the empty field");
    const link = node.closest("a[href]");
    if (link) attribute(link, "href", "href", "Where the link leads");
    const colour = (target, was, property, label) => {
      const before = target.style.getPropertyValue(property);
      found.push({
        kind: "color", label, node: target, was, property,
        show: (to) => (to === was ? target.style.setProperty(property, before) : target.style.setProperty(property, to, "important")),
      });
    };
    if (text) colour(node, getComputedStyle(node).color, "color", "Colour of the text");
    const ground = background(node);
    if (ground) colour(...ground, "background-color", "Colour behind it");
    return found;
  };

  // --- what is seen ----------------------------------------------------------------------------------------

  const bar = element("section", { class: "bar", "aria-label": "Point at what should change", role: "region" });
  const panel = element("section", { class: "panel", role: "dialog", "aria-label": "What should stand there" });
  const mark = element("div", { class: "mark", "aria-hidden": "true" });
  const hint = element("span", { class: "hint", role: "status" });
  const count = press("", () => showList());
  const pause = press("Use the page", () => (isPointing ? stop() : start()));
  const leave = press("Stop", () => {
    edits = [];
    keep();
    location.assign(`/.greenroom/pointing/end?next=${encodeURIComponent(here())}`);
  });
  const done = press("Done", () => finish(), "main");
  panel.hidden = mark.hidden = true;
  bar.append(hint, count, pause, leave, done);
  shadow.append(mark, bar, panel);

  const frame = (node) => {
    mark.hidden = !node;
    if (!node) return;
    const box = node.getBoundingClientRect();
    for (const [name, value] of Object.entries({ left: box.left, top: box.top, width: box.width, height: box.height })) mark.style[name] = `${value}px`;
  };
  const place = (node) => {
    const box = node.getBoundingClientRect();
    const size = panel.getBoundingClientRect();
    const below = box.bottom + 8 + size.height < innerHeight - 12;
    const top = below ? box.bottom + 8 : Math.max(12, Math.min(box.top - size.height - 8, innerHeight - size.height - 80));
    panel.style.left = `${Math.max(12, Math.min(box.left, innerWidth - size.width - 12))}px`;
    panel.style.top = `${Math.max(12, top)}px`;
  };

  let shown = null; // the element that the panel is about
  let revert = () => {};
  const close = () => {
    revert();
    revert = () => {};
    panel.hidden = true;
    panel.replaceChildren();
    shown = null;
    frame(null);
  };

  const open = (node, event) => {
    close();
    const changes = changesOf(node, event);
    if (!changes.length) return;
    shown = node;
    frame(node);
    const fields = changes.map((change) => {
      const label = element("label");
      const isColour = change.kind === "color";
      const field = change.kind === "text" ? element("textarea", { maxlength: LONGEST, rows: 2 }) : element("input", { type: isColour ? "color" : "text", maxlength: LONGEST });
      const first = isColour ? asHex(change.was) : change.was;
      field.value = first;
      field.addEventListener("input", () => { change.show(field.value === first ? change.was : field.value); frame(node); });
      label.append(element("span", {}, change.label), field);
      return { change, field, first, label };
    });
    const form = element("form");
    const colours = element("div", { class: "colours" });
    colours.append(...fields.filter(({ change }) => change.kind === "color").map(({ label }) => label));
    const buttons = element("div", { class: "row" });
    buttons.append(element("button", { type: "submit", class: "main" }, "Keep"), press("Cancel", () => { close(); pause.focus(); }));
    form.append(...fields.filter(({ change }) => change.kind !== "color").map(({ label }) => label), colours, buttons);
    revert = () => { for (const { change } of fields) change.show(change.was); };
    form.addEventListener("submit", (sent) => {
      sent.preventDefault();
      revert = () => {};
      for (const { change, field, first } of fields) {
        if (field.value !== first && field.value.trim()) collect(change, change.kind === "text" ? folded(field.value) : field.value.trim());
        else change.show(change.was);
      }
      close();
      tell();
      done.focus();
    });
    panel.append(element("h2", {}, "What should stand there?"), form);
    panel.hidden = false;
    place(node);
    fields[0].field.focus();
    fields[0].field.select?.();
  };

  const collect = (change, to) => {
    change.show(to);
    const edit = { kind: change.kind, from: change.was, to, selector: selectorOf(change.node), page: here(), property: change.property };
    const before = edits.find((one) => one.kind === edit.kind && one.selector === edit.selector && one.page === edit.page && one.property === edit.property && one.to === edit.from);
    if (before) {
      before.to = to;
      if (before.to === before.from) edits = edits.filter((one) => one !== before);
    } else if (edits.length < MOST) {
      edits.push(edit);
      undo.set(edit, () => change.show(change.was));
    }
    keep();
  };

  const showList = () => {
    close();
    const list = element("ol");
    for (const edit of edits) {
      const item = element("li");
      const away = press("Remove", () => {
        undo.get(edit)?.();
        edits = edits.filter((one) => one !== edit);
        keep();
        if (edits.length) showList();
        else { close(); tell(); pause.focus(); }
      });
      away.setAttribute("aria-label", `Remove: ${edit.to}`);
      item.append(element("del", {}, edit.from), " → ", element("ins", {}, edit.to), " ", away);
      list.append(item);
    }
    panel.append(element("h2", {}, "What you changed"), list, press("Close", () => { close(); count.focus(); }));
    panel.hidden = false;
    panel.style.left = "12px";
    panel.style.top = "12px";
    panel.querySelector("button").focus();
  };

  const finish = () => {
    const said = JSON.stringify(edits.map(({ kind, from, to, selector, page }) => ({ kind, from, to, selector, page })));
    const bytes = new TextEncoder().encode(said);
    const written = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_");
    const goal = new URL(facts.goal);
    if (goal.protocol !== "http:" && goal.protocol !== "https:") return;
    edits = [];
    keep();
    goal.hash = `edits=${written}`; // a fragment has room, and no server on the way reads it
    location.assign(goal.href);
  };

  // --- pointing --------------------------------------------------------------------------------------------

  const under = (event) => {
    const node = event.composedPath().find((one) => one instanceof Element);
    return node && node !== host && node !== document.documentElement ? node : null;
  };
  const isOurs = (event) => event.composedPath().includes(host);
  const hover = (event) => { if (!shown && !isOurs(event)) frame(under(event)); };
  const swallow = (event) => {
    if (isOurs(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const pick = (event) => {
    if (isOurs(event)) return;
    swallow(event);
    let node = under(event);
    while (node && node !== document.body && !changesOf(node).length) node = node.parentElement;
    if (node) open(node, event);
  };

  let chosen = null; // by the keyboard
  const walk = (by) => {
    const all = candidates();
    if (!all.length) return;
    const at = all.indexOf(chosen);
    chosen = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
    chosen.scrollIntoView({ block: "center" });
    shadow.activeElement?.blur();
    frame(chosen);
    hint.textContent = `${chosen.localName === "img" ? "Picture" : "Text"}: ${folded(chosen.innerText || chosen.getAttribute("alt") || "").slice(0, 60)}. Enter changes it.`;
  };
  const WALK = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const key = (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      event.stopImmediatePropagation();
      close();
      pause.focus();
      return;
    }
    if (!panel.hidden) return;
    if (WALK[event.key]) {
      swallowKey(event);
      walk(WALK[event.key]);
    } else if (event.key === "Enter" && chosen && !isOurs(event)) {
      swallowKey(event);
      open(chosen);
    }
  };
  const swallowKey = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const follow = () => frame(shown || (mark.hidden ? null : chosen));

  const LISTENERS = [["mousemove", hover], ["mousedown", swallow], ["mouseup", swallow], ["pointerdown", swallow], ["pointerup", swallow], ["submit", swallow], ["click", pick], ["keydown", key], ["scroll", follow]];
  let isPointing = false;
  const tell = () => {
    hint.textContent = isPointing
      ? edits.length ? "Point at the next thing, or press Done." : "Click what should change, or use the arrow keys and Enter."
      : "You use the page. Point again when you are where it should change.";
    pause.textContent = isPointing ? "Use the page" : "Point again";
  };
  function start() {
    isPointing = true;
    for (const [name, act] of LISTENERS) window.addEventListener(name, act, true);
    tell();
  }
  function stop() {
    isPointing = false;
    close();
    for (const [name, act] of LISTENERS) window.removeEventListener(name, act, true);
    tell();
  }

  /** Show once more what was changed on this page before another one was looked at. */
  const showAgain = () => {
    for (const edit of edits.filter((one) => one.page === here())) {
      let node = null;
      try {
        node = document.querySelector(edit.selector);
      } catch {
        // the page is another one now
      }
      const change = node && changesOf(node).find((one) => one.kind === edit.kind && one.was === edit.from);
      if (!change) continue;
      change.show(edit.to);
      undo.set(edit, () => change.show(change.was));
    }
  };

  document.documentElement.append(host); // beside the body, where a page that redraws its body leaves it alone
  keep();
  showAgain();
  start();
})();
