// The real series of notebook 08: monthly CO₂ at Mauna Loa.

import { readData } from "./data.js";

/** One monthly mean. */
export interface Co2Month {
  year: number;
  /** 1 … 12 */
  month: number;
  /** CO₂ in the air, parts per million */
  ppm: number;
}

/**
 * The monthly means from May 1964, after the last gap, to April 2020. Scripps CO₂ Program, CC BY 4.0; see
 * `notebooks/workbook/data/README.md`.
 */
export function monthlyCo2(): Co2Month[] {
  const [, ...lines] = readData("co2_mauna_loa.csv").trim().split(/\r?\n/);
  const months = lines.map((line) => {
    const [date, ppm] = line.split(",");
    const [year, month] = date.split("-").map(Number);
    return { year, month, ppm: Number(ppm) };
  });
  const index = ({ year, month }: Co2Month) => 12 * year + month;
  const lastGap = months.findLastIndex((at, k) => k > 0 && index(at) !== index(months[k - 1]) + 1);
  return months.slice(Math.max(lastGap, 0));
}
