// Runs before the first paint: the chosen theme, and the sign that JavaScript is here.
(function (root) {
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("formation-kafka:v1:theme");
    if (theme === '"dark"' || theme === '"light"') root.dataset.theme = JSON.parse(theme);
  } catch { /* storage blocked: the system's theme stands */ }
})(document.documentElement);
