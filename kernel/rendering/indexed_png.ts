// Writes an image of few colours as a PNG with a palette: a chart takes a third of what it takes in full
// colour, and notebooks keep every chart inside the .ipynb. Written here because Node's zlib does the work
// and the PNG packages that write palettes are ES modules, which cannot be loaded synchronously at the first
// chart without a warning. Source: Portable Network Graphics specification, third edition, 5 (chunks) and
// 11.2 (IHDR, PLTE, IDAT, IEND).

import { crc32, deflateSync } from "node:zlib";

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const PALETTE_COLOURS = 256;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function squaredDistance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

/**
 * The 256 most frequent colours, and for every colour the index of the nearest of them. A chart has few
 * colours besides the blends along its edges, so that usually nothing is lost, or the rarest blends shift by
 * a shade.
 */
function quantize(counts: Map<number, number>): { palette: number[]; indexOf: Map<number, number> } {
  const colours = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const palette = colours.slice(0, PALETTE_COLOURS);
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  for (const colour of colours.slice(PALETTE_COLOURS)) {
    let nearest = 0;
    for (let index = 1; index < palette.length; index++) {
      if (squaredDistance(palette[index], colour) < squaredDistance(palette[nearest], colour))
        nearest = index;
    }
    indexOf.set(colour, nearest);
  }
  return { palette, indexOf };
}

/**
 * The image as runs of one colour (0xRRGGBB), since most of a chart is background and looking up runs is
 * quick.
 */
function colourRuns(rgba: Uint8Array): { colours: number[]; lengths: number[] } {
  const colours: number[] = [];
  const lengths: number[] = [];
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = (rgba[at] << 16) | (rgba[at + 1] << 8) | rgba[at + 2];
    if (colour === colours[colours.length - 1]) {
      lengths[lengths.length - 1]++;
    } else {
      colours.push(colour);
      lengths.push(1);
    }
  }
  return { colours, lengths };
}

/** @param rgba opaque pixels, row by row, 4 bytes each: `width · height · 4` bytes */
export function indexedPng(rgba: Uint8Array, width: number, height: number): Buffer {
  const { colours, lengths } = colourRuns(rgba);
  const counts = new Map<number, number>();
  colours.forEach((colour, run) => counts.set(colour, (counts.get(colour) ?? 0) + lengths[run]));
  const { palette, indexOf } = quantize(counts);

  const indices = Buffer.alloc(width * height);
  let filled = 0;
  colours.forEach((colour, run) => {
    indices.fill(indexOf.get(colour) ?? 0, filled, filled + lengths[run]);
    filled += lengths[run];
  });

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits a pixel, colour type 3: palette

  // Each row starts with a filter byte; 0, no filter, is best for palettes.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) indices.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);

  return Buffer.concat([
    PNG_SIGNATURE,
    chunk("IHDR", header),
    chunk(
      "PLTE",
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
