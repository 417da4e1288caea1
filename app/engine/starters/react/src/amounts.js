const LARGER = { g: "kg", ml: "l" };

/** What so many guests need of something, in words: 80 g for each of 15 is "1.2 kg". */
export function amountFor(guests, each, unit) {
  const amount = guests * each;
  if (LARGER[unit] && amount >= 1000) {
    return `${Math.round(amount / 100) / 10} ${LARGER[unit]}`;
  }
  return `${Math.ceil(amount)} ${unit}`.trim();
}
