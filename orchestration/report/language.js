// The language of the reader: the one asked for, the one remembered, or the browser's own.
const Language = (() => {
  const tags = { en: "en", zh: "zh-CN" };
  const known = (language) => (language in tags ? language : null);
  const remembered = {
    get() {
      try { return localStorage.getItem("regulars.language"); } catch { return null; }
    },
    set(language) {
      try { localStorage.setItem("regulars.language", language); } catch { /* private window */ }
    },
  };
  const listeners = [];
  let current =
    known(new URLSearchParams(location.search).get("lang")) ??
    known(remembered.get()) ??
    known(navigator.language.slice(0, 2)) ??
    "en";

  function show() {
    document.documentElement.lang = tags[current];
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === current));
    }
    // Another page of the report opens in the same language.
    for (const link of document.querySelectorAll("a[data-page]")) {
      const [, file, place] = /^([^?#]*)[^#]*(#.*)?$/.exec(link.getAttribute("href"));
      link.setAttribute("href", `${file}?lang=${current}${place ?? ""}`);
    }
    listeners.forEach((listener) => listener(current));
  }

  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      current = button.dataset.language;
      remembered.set(current);
      show();
    });
  }
  show();

  return {
    get current() { return current; },
    /** Calls back after every change. */
    listen(listener) { listeners.push(listener); },
    /** A text as the reader reads it: a string as it is, of `{en, zh}` the one. */
    pick: (text) => (text && typeof text === "object" ? text[current] : text),
  };
})();
