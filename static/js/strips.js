// Tabs and columns that are wider than the screen: the current one is in the middle of it.
const show = (within) => {
  for (const current of within.querySelectorAll(":is(.tabs, .board-picker) > [aria-current]")) {
    const strip = current.parentElement;
    const before = current.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += before - (strip.clientWidth - current.offsetWidth) / 2;
  }
};

show(document);
document.addEventListener("htmx:load", (event) => show(event.target));
