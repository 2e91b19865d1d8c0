// The contrast of colours as the Web Content Accessibility Guidelines define it, computed in a page.

/** What they ask of text. */
export const LEGIBLE = 4.5;

/** Declares, for a script in a page, `rgb`, `luminance`, `contrast` (from 1 to 21) and `behind`. */
export const CONTRAST = `
  const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = [...color].map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one.slice(0, 3)), luminance(other.slice(0, 3))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (node) => {
    const color = rgb(getComputedStyle(node).backgroundColor);
    return color[3] < 0.5 ? behind(node.parentElement) : color;
  };`;
