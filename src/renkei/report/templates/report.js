(() => {
  "use strict";
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const options = {
    mode: "vega-lite",
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
    tooltip: { theme: "custom" },
  };
  for (const [id, spec] of Object.entries(figures)) {
    const place = document.getElementById(`figure-${id}`);
    window.vegaEmbed(place, spec, options).catch((error) => {
      place.textContent = `This figure could not be drawn: ${error.message}`;
    });
  }
})();
