import { describe, expect, it } from "vitest";
import { StreamBuffer, type StreamText } from "../../kernel/wire/stream_buffer.js";

describe("StreamBuffer", () => {
  const print = (...texts: string[]) => {
    const published: StreamText[] = [];
    const buffer = new StreamBuffer((text) => published.push(text));
    for (const text of texts) buffer.add({ cell: 1, name: "stdout", text });
    buffer.flush();
    return published.map(({ text }) => text);
  };

  it("joins what is printed at once", () => {
    expect(print("a\n", "b\n")).toEqual(["a\nb\n"]);
  });

  it("cuts what is longer than a message can be, and loses nothing", () => {
    const text = Array.from({ length: 5_000_000 }, (_, i) => `${i % 1000} `).join("");
    const pieces = print("first ", text, "last");
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(17 * 2 ** 20);
    expect(pieces.join("") === `first ${text}last`).toBe(true);
  });
});
