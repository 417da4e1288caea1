import { priceOf } from "./price.js";

const buttons = document.querySelectorAll("[data-show]");
const courses = document.querySelectorAll("[data-kind]");
const shown = document.querySelector("#shown");

function show(kind) {
  let count = 0;
  for (const course of courses) {
    course.hidden = kind !== "all" && course.dataset.kind !== kind;
    count += course.hidden ? 0 : 1;
  }
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.show === kind));
  }
  shown.textContent = count === 1 ? "One course" : `${count} courses`;
}

for (const button of buttons) {
  button.addEventListener("click", () => show(button.dataset.show));
}
show("all");

const evenings = document.querySelector("#evenings");
const total = document.querySelector("#total");

evenings.addEventListener("input", () => {
  total.textContent = `€ ${priceOf(evenings.valueAsNumber || 0)}`;
});
document.querySelector("#sum").addEventListener("submit", (event) => event.preventDefault());
