// The landscape of a diary page: drawn on a plain canvas, turned with the mouse, a finger or the arrow keys. Needs no network.
"use strict";

function viewOf(turn, tilt, zoom, width, height) {
  // From the box (x, y within 0.5 of the middle, z from 0 to 1) to the canvas: x and y in pixels, and how near the eye.
  const c = Math.cos(turn), s = Math.sin(turn), up = Math.sin(tilt), flat = Math.cos(tilt);
  const scale = zoom * Math.min(0.66 * width, 0.72 * height);
  return function (x, y, z) {
    const across = c * x - s * y, away = s * x + c * y, tall = (z - 0.4) * 0.6;
    return [width / 2 + scale * across, height * 0.52 - scale * (away * up + tall * flat), -away * flat + tall * up];
  };
}

function facesOf(scene, project) {
  // Each cell with four known corners: its corners on the canvas, its height, and how near it is; farthest first.
  const faces = [], rows = scene.heights.length, columns = scene.heights[0].length;
  const x = (i) => (i / (columns - 1) - 0.5) * scene.sides[0], y = (j) => (j / (rows - 1) - 0.5) * scene.sides[1];
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const heights = corners.map(([p, q]) => scene.heights[q][p]);
      if (heights.some((height) => height === null)) continue;
      const points = corners.map(([p, q], k) => project(x(p), y(q), heights[k]));
      const slope = heights[0] + heights[3] - heights[1] - heights[2];
      const near = points.reduce((sum, point) => sum + point[2], 0) / 4;
      faces.push({points, near, height: heights.reduce((sum, h) => sum + h, 0) / 4, light: slope * columns * 0.12});
    }
  }
  return faces.sort((one, other) => one.near - other.near);
}

function shaded(colour, light) {
  const factor = Math.max(0.72, Math.min(1.18, 0.98 + light));
  return "rgb(" + colour.map((part) => Math.min(255, Math.round(part * factor))).join(",") + ")";
}

function draw(context, width, height, scene, state) {
  const project = viewOf(state.turn, state.tilt, state.zoom, width, height);
  context.clearRect(0, 0, width, height);
  context.lineJoin = "round";
  for (const face of facesOf(scene, project)) {
    const index = Math.max(0, Math.min(scene.palette.length - 1, Math.round(face.height * (scene.palette.length - 1))));
    context.fillStyle = context.strokeStyle = shaded(scene.palette[index], face.light);
    context.lineWidth = 0.7;
    context.beginPath();
    face.points.forEach((point, k) => (k ? context.lineTo(point[0], point[1]) : context.moveTo(point[0], point[1])));
    context.closePath();
    context.fill();
    context.stroke();
  }
  scene.paths.forEach((path) => drawPath(context, project, path, state.frame));
}

function drawPath(context, project, path, frame) {
  const way = path.points.slice(0, frame + 1).filter((point) => point[2] !== null).map((point) => project(...point));
  for (const [colour, wide] of [["#0b0c0f", 4], [path.colour, 2.2]]) {
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.beginPath();
    way.forEach((point, k) => (k ? context.lineTo(point[0], point[1]) : context.moveTo(point[0], point[1])));
    context.stroke();
  }
  if (!way.length) return;
  const [x, y] = way[way.length - 1];
  context.fillStyle = path.colour;
  context.strokeStyle = "#0b0c0f";
  context.lineWidth = 1.4;
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function begin(canvas, slider, words, scene) {
  const state = {turn: scene.turn, tilt: 0.62, zoom: 1, frame: scene.steps.length - 1};
  const context = canvas.getContext("2d");
  let held = null, asked = false;
  function show() {
    asked = false;
    const ratio = window.devicePixelRatio || 1, box = canvas.getBoundingClientRect();
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, box.width, box.height, scene, state);
    words.textContent = "step " + scene.steps[state.frame].toLocaleString("en");
  }
  function ask() {
    if (!asked) window.requestAnimationFrame(show);
    asked = true;
  }
  function turn(across, upwards) {
    state.turn += across;
    state.tilt = Math.max(0.05, Math.min(1.5, state.tilt + upwards));
    ask();
  }
  canvas.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    turn((event.clientX - held[0]) * 0.008, (event.clientY - held[1]) * 0.006);
    held = [event.clientX, event.clientY];
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    state.zoom = Math.max(0.4, Math.min(4, state.zoom * Math.exp(-event.deltaY * 0.001)));
    ask();
  }, {passive: false});
  canvas.addEventListener("keydown", (event) => {
    const ways = {ArrowLeft: [-0.08, 0], ArrowRight: [0.08, 0], ArrowUp: [0, 0.06], ArrowDown: [0, -0.06]};
    if (!ways[event.key]) return;
    event.preventDefault();
    turn(...ways[event.key]);
  });
  slider.max = state.frame;
  slider.value = state.frame;
  slider.addEventListener("input", () => {
    state.frame = Number(slider.value);
    ask();
  });
  window.addEventListener("resize", ask);
  ask();
}

if (typeof document !== "undefined") {
  const scene = JSON.parse(document.getElementById("scene").textContent);
  begin(document.getElementById("landscape"), document.getElementById("time"), document.getElementById("step"), scene);
}
