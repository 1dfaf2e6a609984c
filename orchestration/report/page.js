(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
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
  const preferred = () =>
    known(new URLSearchParams(location.search).get("lang")) ??
    known(remembered.get()) ??
    known(navigator.language.slice(0, 2)) ??
    "en";

  function show(language) {
    document.documentElement.lang = tags[language];
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    const font = getComputedStyle(document.body).fontFamily;
    for (const [name, byLanguage] of Object.entries(figures)) {
      const { data, layout } = byLanguage[language];
      layout.font.family = font;
      Plotly.react(`figure-${name}`, data, layout, { displayModeBar: false, responsive: true });
    }
  }

  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      remembered.set(button.dataset.language);
      show(button.dataset.language);
    });
  }
  show(preferred());
})();
