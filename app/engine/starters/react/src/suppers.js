// What each supper takes for one guest.
export const suppers = [
  {
    name: "Lentil soup",
    minutes: 35,
    needs: [
      { what: "Red lentils", each: 80, unit: "g" },
      { what: "Carrots", each: 0.75, unit: "" },
      { what: "Vegetable stock", each: 350, unit: "ml" },
    ],
  },
  {
    name: "Potatoes from the oven",
    minutes: 55,
    needs: [
      { what: "Potatoes", each: 300, unit: "g" },
      { what: "Rosemary", each: 0.5, unit: "sprigs" },
      { what: "Sour cream", each: 60, unit: "g" },
    ],
  },
  {
    name: "Flat bread with greens",
    minutes: 40,
    needs: [
      { what: "Flour", each: 125, unit: "g" },
      { what: "Spinach", each: 100, unit: "g" },
      { what: "Feta", each: 50, unit: "g" },
    ],
  },
];
