// Numbers as the reader writes them, by the forms of Python: "," ",.0f" ".1%" "+.1f"; also
// "compact", and options of Intl.NumberFormat.
const Numbers = (() => {
  const FORM = /^(\+)?(,)?(?:\.(\d+))?([f%])?$/;
  const writers = new Map();

  function options(form) {
    if (typeof form === "object") return form;
    if (form === "compact") return { notation: "compact", maximumFractionDigits: 1 };
    const [, sign, grouped, decimals, kind] = FORM.exec(form);
    return {
      style: kind === "%" ? "percent" : "decimal",
      signDisplay: sign ? "always" : "auto",
      useGrouping: Boolean(grouped),
      ...(decimals === undefined
        ? { maximumFractionDigits: 3 }
        : { minimumFractionDigits: Number(decimals), maximumFractionDigits: Number(decimals) }),
    };
  }

  function writer(form) {
    const key = JSON.stringify([document.documentElement.lang, form]);
    if (!writers.has(key)) {
      writers.set(key, new Intl.NumberFormat(document.documentElement.lang, options(form)));
    }
    return writers.get(key);
  }

  return {
    write(value, form = ",") {
      if (value === null || value === undefined || Number.isNaN(value)) return "–";
      // Below a million all digits fit beside a bar.
      const whole = form === "compact" && Math.abs(value) < 1e6;
      return writer(whole ? ",.0f" : form).format(value);
    },
  };
})();
