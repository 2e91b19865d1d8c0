// JupyterLab shows a drawing as a picture, in which nobody hears what the drawing says of itself.

/** The description of a drawing in SVG, or else its title. */
export function describeSvg(source) {
  const { documentElement: svg } = new DOMParser().parseFromString(source, "image/svg+xml");
  const own = (name) => [...svg.children].find(({ localName }) => localName === name)?.textContent;
  return svg.getAttribute("aria-label") || own("desc") || own("title") || "";
}
