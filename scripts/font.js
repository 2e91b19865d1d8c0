// Builds the fonts in kernel/assets: `npm run font`. Charts are drawn to PNG with these alone, so that they
// look the same on every machine, and Korean titles and the lecture's symbols are never empty boxes. The
// sources are fetched into a temporary directory because they are large (98 MB) and needed only when the set
// of characters changes.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const sources = ["pretendard@1.3.9", "dejavu-fonts-ttf@2.37.3", "subset-font@2.9.0", "opentype.js@2.0.0"];
const assets = fileURLToPath(new URL("../kernel/assets/", import.meta.url));

const range = (from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");

// The 2350 syllables of KS X 1001 are rows B0–C8 of EUC-KR: all that ordinary Korean text uses.
const eucKr = new TextDecoder("euc-kr");
const syllables = Array.from({ length: 0xc8 - 0xb0 + 1 }, (_, row) =>
  Array.from({ length: 94 }, (_, cell) => eucKr.decode(Uint8Array.of(0xb0 + row, 0xa1 + cell))).join(""),
).join("");
const jamo = range(0x3131, 0x3163) + "ㆍ";
const koreanPunctuation = "、。·‥「」『』《》〈〉【】〔〕～※";

const latin = range(0x20, 0x7e) + range(0xa0, 0xff) + "ŵŷẑŶ\u0302\u0303\u0304\u0307";
const punctuation = "‐‑‒–—―‘’‚“”„†‡•…‰′″‹›⁄€™";
const greek = range(0x391, 0x3a1) + range(0x3a3, 0x3a9) + range(0x3b1, 0x3c9) + "ϑϕϵ";
const scripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴴᴸᵀᵂ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ";
const arrows = "←↑→↓↔↕⇐⇒⇔↦";
const operators = "−±×÷·⋅∙∗∘√∞∝∂∇∆∑∏∫∈∉∋∀∃∅≈≃≅≠≡≤≥≪≫∼∥‖∣⊙⊗⊕⊖⊤⊥⊂⊆∩∪∧∨¬⌈⌉⌊⌋⟨⟩⋮⋯≔≜ℓℝℕℤ½";
const shapes = "■□▲△▶▷▼▽◀◁◆◇○●★☆✓✗①②③④⑤⑥⑦⑧⑨" + "─│┌┐└┘├┤┬┴┼━█";
const symbols = latin + punctuation + greek + scripts + arrows + operators + shapes;

// Kerning and accents only. Inter's contextual alternates, which Pretendard inherits, would turn "->" into an
// arrow.
const keepFeatures = ["kern", "mark", "mkmk", "ccmp"];

function tables(font) {
  return Array.from({ length: font.readUInt16BE(4) }, (_, i) => {
    const entry = 12 + 16 * i;
    const tag = font.toString("latin1", entry, entry + 4);
    return { tag, entry, offset: font.readUInt32BE(entry + 8), length: font.readUInt32BE(entry + 12) };
  });
}

function checksum(bytes) {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let sum = 0;
  for (let i = 0; i < padded.length; i += 4) sum = (sum + padded.readUInt32BE(i)) >>> 0;
  return sum;
}

// "Pretendard" is a name reserved by its licence, so a subset must carry another one. A name of the same
// length can be written over it in place, in the name table (UTF-16) and in CFF (ASCII); the checksums
// follow.
function rename(font, from, to) {
  if (from.length !== to.length) throw new Error(`rename: "${to}" must be as long as "${from}"`);
  const utf16 = (text) => Buffer.from(text, "utf16le").swap16();
  for (const encode of [utf16, Buffer.from]) {
    for (let at; (at = font.indexOf(encode(from))) >= 0;) encode(to).copy(font, at);
  }
  const head = tables(font).find(({ tag }) => tag === "head").offset;
  font.writeUInt32BE(0, head + 8);
  for (const { entry, offset, length } of tables(font)) {
    font.writeUInt32BE(checksum(font.subarray(offset, offset + length)), entry + 4);
  }
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, head + 8);
  return font;
}

const temporary = mkdtempSync(join(tmpdir(), "unrolled-font-"));
try {
  execFileSync("npm", ["install", "--no-save", "--prefix", temporary, ...sources], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const require = createRequire(join(temporary, "package.json"));
  const subset = require("subset-font");
  const { parse } = require("opentype.js");
  const source = (path) => join(temporary, "node_modules", path);

  // Advance widths in 1/1000 em, so that Vega can lay text out without a font engine. Hangul syllables are
  // all equal.
  const advances = {};
  const measure = (weight, font) => {
    const { buffer, byteOffset, length } = font;
    const parsed = parse(buffer.slice(byteOffset, byteOffset + length));
    advances[weight] ??= {};
    for (const character of symbols + koreanPunctuation + "가ㄱ") {
      const glyph = parsed.charToGlyph(character);
      if (glyph.index === 0) continue;
      advances[weight][character] ??= Math.round((1000 * glyph.advanceWidth) / parsed.unitsPerEm);
    }
    return new Set(Object.keys(parsed.tables.cmap.glyphIndexMap).map((code) => String.fromCodePoint(code)));
  };

  const styles = [
    { weight: "regular", text: "Pretendard-Regular.otf", fallback: "DejaVuSans.ttf" },
    { weight: "bold", text: "Pretendard-SemiBold.otf", fallback: "DejaVuSans-Bold.ttf" },
  ];
  for (const { weight, text, fallback } of styles) {
    const wanted = symbols + koreanPunctuation + jamo + syllables;
    const hangul = rename(
      await subset(readFileSync(source(`pretendard/dist/public/static/${text}`)), wanted, {
        targetFormat: "sfnt",
        preserveNameIds: [16, 17],
        keepFeatures,
        noHinting: true,
      }),
      "Pretendard",
      "UnrolledKR",
    );
    const covered = measure(weight, hangul);
    const missing = [...wanted].filter((character) => !covered.has(character)).join("");
    const rest = await subset(readFileSync(source(`dejavu-fonts-ttf/ttf/${fallback}`)), missing, {
      targetFormat: "sfnt",
      keepFeatures,
      noHinting: true,
    });
    const coveredByRest = measure(weight, rest);
    const nowhere = [...missing].filter((character) => !coveredByRest.has(character));
    if (nowhere.length > 0) throw new Error(`${weight}: no font has ${nowhere.join(" ")}`);
    console.log(`${weight}: ${hangul.length} + ${rest.length} bytes`);
    writeFileSync(join(assets, `hangul-${weight}.otf`), hangul);
    writeFileSync(join(assets, `symbols-${weight}.ttf`), rest);
  }
  writeFileSync(join(assets, "advances.json"), JSON.stringify(advances) + "\n");
  copyFileSync(source("pretendard/dist/LICENSE.txt"), join(assets, "hangul-LICENSE.txt"));
  copyFileSync(source("dejavu-fonts-ttf/LICENSE"), join(assets, "symbols-LICENSE.txt"));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
