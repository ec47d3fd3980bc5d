// Behaviour of the shared map. All words come as text, never as markup.
"use strict";

function lutuNode(parent, tag, words, className) {
  const node = document.createElement(tag);
  if (words !== undefined) node.textContent = words;
  if (className) node.className = className;
  parent.appendChild(node);
  return node;
}

// A fill with slanted lines, for what is forbidden: the meaning must not hang on colour alone.
function lutuHatched(colour, ink) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = ink;
  pen.lineWidth = 1.2;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift - 2, 10);
    pen.lineTo(shift + 10, -2);
    pen.stroke();
  }
  return tile;
}

function lutuStyler(layer) {
  const pen = document.createElement("canvas").getContext("2d");
  const fills = layer.classes.map(entry =>
    entry.hatch ? pen.createPattern(lutuHatched(entry.colour, entry.hatch), "repeat") : entry.colour);
  return feature => ({
    color: layer.outline, weight: layer.weight, opacity: 1,
    fillColor: fills[feature.properties.c], fillOpacity: layer.opacity,
  });
}

function lutuTip(layer) {
  return shape => {
    const said = shape.feature.properties;
    const tip = document.createElement("div");
    lutuNode(tip, "b", said.t);
    if (layer.column >= 0 && said.v[layer.column])
      lutuNode(tip, "div", layer.columns[layer.column] + " " + said.v[layer.column]);
    return tip;
  };
}

function lutuCard(layer) {
  return shape => {
    const said = shape.feature.properties;
    const card = document.createElement("div");
    card.className = "lutu-card";
    lutuNode(card, "b", said.t);
    const table = lutuNode(card, "table");
    layer.columns.forEach((title, place) => {
      if (!said.v[place]) return;
      const row = lutuNode(table, "tr");
      lutuNode(row, "td", title);
      lutuNode(row, "td", said.v[place]);
    });
    return card;
  };
}

function lutuPanel(map, position, fill, className) {
  const control = L.control({position: position});
  control.onAdd = () => {
    const panel = document.createElement("div");
    panel.className = "lutu-panel " + className;
    fill(panel);
    L.DomEvent.disableClickPropagation(panel);
    L.DomEvent.disableScrollPropagation(panel);
    return panel;
  };
  control.addTo(map);
}

function lutuDress(map, said, shapes) {
  document.documentElement.lang = said.language;
  lutuPanel(map, "topleft", panel => {
    lutuNode(panel, "h1", said.title);
    said.lines.forEach(line => lutuNode(panel, "p", line));
  }, "lutu-title");
  L.control.zoom({zoomInTitle: said.zoomIn, zoomOutTitle: said.zoomOut}).addTo(map);
  L.control.scale({imperial: false}).addTo(map);
  lutuPanel(map, "bottomright", panel => {
    said.layers.forEach(layer => {
      const section = lutuNode(panel, "section");
      lutuNode(section, "h2", layer.title);
      layer.legend.forEach(entry => {
        const row = lutuNode(section, "div", undefined, "row");
        const swatch = lutuNode(row, "i");
        swatch.style.background = entry.hatch
          ? "url(" + lutuHatched(entry.colour, entry.hatch).toDataURL() + ")" : entry.colour;
        lutuNode(row, "span", entry.label);
        lutuNode(row, "span", entry.features);
      });
    });
    if (said.remarks.length) {
      const more = lutuNode(panel, "details");
      lutuNode(more, "summary", said.remarksTitle);
      const list = lutuNode(more, "ul");
      said.remarks.forEach(remark => lutuNode(list, "li", remark));
    }
  }, "lutu-legend");
  map.attributionControl.setPrefix("Leaflet");
  map.attributionControl.addAttribution(said.notice);
  const switches = L.control.layers(null, null, {collapsed: false}).addTo(map);
  shapes.forEach((shape, place) => {
    shape.addData(lutuShapes[place]);
    const name = document.createElement("span");
    name.textContent = said.layers[place].title;
    switches.addOverlay(shape, name.innerHTML);
    shape.bindTooltip(lutuTip(said.layers[place]), {sticky: true});
    shape.bindPopup(lutuCard(said.layers[place]), {maxWidth: 360});
  });
  // A layer that is switched on again comes to lie on top; put the order right.
  map.on("overlayadd", () => shapes.forEach(shape => map.hasLayer(shape) && shape.bringToFront()));
}
