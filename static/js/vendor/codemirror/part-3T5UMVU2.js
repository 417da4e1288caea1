import{a,b,c,d}from"./part-Q2SRPBQA.js";import"./part-M4NE2BEN.js";import"./part-X4K2Q2JQ.js";export{d as css,b as cssCompletionSource,c as cssLanguage,a as defineCSSCompletionSource};
