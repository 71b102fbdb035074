// What Mermaid itself makes of diagrams: a list of them in JSON on each line of the input, and on the
// output a line with the list of what was understood, or of the errors.

import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

// Mermaid asks for a document once it is loaded: what it sanitizes by does nothing without one.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ maxEdges: 100_000, maxTextSize: 10_000_000 });

/** A text as a browser shows it: Mermaid holds entities in a form of its own until it draws. */
function shown(text) {
  const html = text.replaceAll("ﬂ°°", "&#").replaceAll("ﬂ°", "&").replaceAll("¶ß", ";");
  const element = window.document.createElement("div");
  element.innerHTML = html.replace(/<br\s*\/?>/g, "\n");
  if (element.childElementCount) throw new Error(`markup in a text: ${html}`);
  return element.textContent;
}

async function understood(text) {
  try {
    const { diagramType } = await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    if (diagramType.startsWith("flowchart")) return flowchart(db);
    return {
      type: diagramType,
      actors: [...db.getActors().values()].map(({ description }) => shown(description)),
      created: [...db.getCreatedActors().keys()],
      destroyed: [...db.getDestroyedActors().keys()],
      messages: db.getMessages().map(({ type, from, to, message }) => ({
        type: db.LINETYPE ? (kinds(db)[type] ?? type) : type,
        from: from ?? null,
        to: to ?? null,
        text: typeof message === "string" ? shown(message) : "",
      })),
    };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

/** The boxes, arrows and frames of a flowchart. */
function flowchart(db) {
  return {
    type: "flowchart",
    direction: db.getDirection(),
    boxes: [...db.getVertices().values()].map(({ id, text, type, classes }) => ({
      id,
      text: shown(text ?? id),
      shape: type ?? "none",
      style: classes.join(" "),
    })),
    arrows: db.getEdges().map(({ start, end, text, stroke }) => ({
      from: start,
      to: end,
      text: shown(text ?? ""),
      stroke,
    })),
    frames: db.getSubGraphs().map(({ id, title, nodes, classes }) => ({
      id,
      title: shown(title),
      inside: nodes,
      style: classes.join(" "),
    })),
  };
}

let names;
function kinds(db) {
  names ??= Object.fromEntries(Object.entries(db.LINETYPE).map(([name, type]) => [type, name]));
  return names;
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const text of JSON.parse(line)) answers.push(await understood(text));
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
