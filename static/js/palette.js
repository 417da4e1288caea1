// The palette: go to any request, project or person, and do what is open on this page. Ctrl or Cmd with K opens it.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("[data-palette-input]");
const list = dialog?.querySelector("[role=listbox]");
const here = dialog?.querySelector("[data-palette-here]");
const MOST = 6;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");
const wordsOf = (element) => (element.getAttribute("aria-label") || element.textContent).trim().replace(/\s+/g, " ");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

// What can be done or opened from this page: its own buttons first, then the navigation.
function reachable() {
  const found = [];
  const known = new Set();
  for (const element of document.querySelectorAll("main .button, .pagebar .button, .sidebar .navlink, .sidebar__foot a")) {
    const words = wordsOf(element);
    const hidden = element.closest("dialog, .menu__panel, .confirm__panel, .log") || element.disabled;
    if (!words || hidden || known.has(words) || (element.offsetParent === null && element.closest("main"))) continue;
    known.add(words);
    found.push({ element, words });
  }
  return found;
}

function offerWhatIsHere() {
  const wanted = input.value.trim().toLowerCase();
  const fitting = reachable().filter(({ words }) => words.toLowerCase().includes(wanted)).slice(0, MOST);
  here.hidden = fitting.length === 0;
  here.replaceChildren(...fitting.map(({ element, words }, index) => {
    const option = document.createElement("div");
    option.className = "palette__option";
    option.id = `palette-here-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const icon = element.querySelector(".icon:not(.button__spinner)");
    if (icon) option.append(icon.cloneNode(true));
    option.append(words);
    option.addEventListener("click", () => { dialog.close(); element.focus(); element.click(); });
    return option;
  }));
}

function move(step) {
  const all = options().filter((option) => option.offsetParent !== null);
  const at = all.indexOf(chosen());
  if (all.length) choose(all[(at + step + all.length) % all.length]);
}

if (dialog) {
  dialog.addEventListener("opened", () => {
    input.value = "";
    offerWhatIsHere();
    choose(options()[0]);
    input.dispatchEvent(new Event("palette-opened"));
  });
  input.addEventListener("input", () => {
    offerWhatIsHere();
    choose(options()[0]);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && chosen()) chosen().click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "palette-found" || event.detail.elt?.id === "palette-found") choose(chosen() ?? options()[0]);
  });
}
