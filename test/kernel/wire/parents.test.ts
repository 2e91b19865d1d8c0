import { expect, test } from "vitest";
import type { Parent } from "../../../kernel/wire/parents.js";
import { Parents } from "../../../kernel/wire/parents.js";

const parent = (id: number, silent = false) =>
  ({ header: { msg_id: `request ${id}` }, silent }) as unknown as Parent;
const found = (parents: Parents, id: number) => parents.get(id)?.header.msg_id;

test("late output of a cell of long ago appears under the last cell that shows something", () => {
  const parents = new Parents();
  expect(parents.get(1)).toBeUndefined();
  for (let id = 1; id <= 1500; id++) parents.addCell(id, parent(id));
  parents.addCell(1501, parent(1501, true));
  parents.addHandler(1502, parent(1502));
  expect(found(parents, 1)).toBe("request 1500");
  expect(found(parents, 1000)).toBe("request 1000");
  expect(found(parents, 1501)).toBe("request 1501");
  expect(found(parents, 1502)).toBe("request 1502");
});

test("a cell keeps its late output, however often handlers are called in the meantime", () => {
  const parents = new Parents();
  parents.addCell(1, parent(1));
  parents.addCell(2, parent(2));
  for (let id = 3; id <= 1500; id++) parents.addHandler(id, parent(id));
  expect(found(parents, 1)).toBe("request 1");
});
