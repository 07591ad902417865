// Development only: the server says when a new build is in place.
new EventSource("/_reload").addEventListener("reload", () => location.reload());
