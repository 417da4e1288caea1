const EVENING = 18;
const LONG_COURSE = 6;

/** What a course of so many evenings costs, in euros. */
export function priceOf(evenings) {
  const paid = evenings >= LONG_COURSE ? evenings - 1 : evenings;
  return Math.max(0, paid) * EVENING;
}
