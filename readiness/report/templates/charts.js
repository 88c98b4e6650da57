"use strict";
// Puts an interactive chart over each still one; if anything fails, the still chart stays.
(function () {
  var figures = JSON.parse(document.getElementById("figures").textContent);
  if (typeof Plotly === "undefined") { return; }
  var options = { responsive: true, displaylogo: false, showSendToCloud: false, showEditInChartStudio: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "sendDataToCloud", "editInChartStudio"] };
  Object.keys(figures).forEach(function (id) {
    var box = document.getElementById(id);
    var live = box.querySelector(".live");
    box.classList.add("drawn");
    Plotly.newPlot(live, figures[id].data, figures[id].layout, options).catch(function () { box.classList.remove("drawn"); });
  });
})();
