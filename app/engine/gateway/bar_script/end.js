document.documentElement.append(host); // beside the body, where a page that redraws its body leaves it alone
if (change && pins.length) startPicking(); // they were begun on another page of this preview
