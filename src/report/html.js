"use strict";
(function () {
  var root = document.documentElement;
  var field = document.getElementById("find");
  var shown = document.getElementById("shown");
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr.r"));
  root.classList.add("has-script");
  function count() {
    var visible = rows.filter(function (row) { return getComputedStyle(row).display !== "none"; }).length;
    shown.textContent = visible + " / " + rows.length;
  }
  function filter() {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase();
      row.classList.toggle("hidden", !words.every(function (word) { return text.indexOf(word) !== -1; }));
    });
    count();
  }
  if (!field) return;
  field.addEventListener("input", filter);
  document.querySelectorAll(".filters input").forEach(function (input) { input.addEventListener("change", count); });
  count();
}());
