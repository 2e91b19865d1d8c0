// TypeScript as tslab brings it, and tslab's converter itself.
import { createRequire } from "node:module";
import type * as TslabConverter from "tslab/dist/converter.js";

const require = createRequire(import.meta.url);
const requireFromTslab = createRequire(require.resolve("tslab/dist/converter.js"));

export const ts = requireFromTslab("@tslab/typescript-for-tslab") as typeof import("typescript");

// TypeScript's exports are read-only; tslab is given a copy of them in which functions can be replaced.
export const tsOfTslab: { -readonly [K in keyof typeof ts]: (typeof ts)[K] } = { ...ts };
requireFromTslab.cache[requireFromTslab.resolve("@tslab/typescript-for-tslab")]!.exports = tsOfTslab;

export const tslab = require("tslab/dist/converter.js") as typeof TslabConverter;
export const tslabInspect = require("tslab/dist/inspect.js") as { printQuickInfo(info: object): string };

export type Converter = TslabConverter.Converter;
export type ConvertResult = TslabConverter.ConvertResult;
