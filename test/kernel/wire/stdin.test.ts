// `prompt()` in a cell, answered by a client over the stdin channel.

import { describe, expect, test } from "vitest";
import { resultText, streamText, useKernel } from "../../support/kernel.js";

const kernel = useKernel();

describe("prompt", () => {
  test("asks the client that runs the cell and returns what was typed", async () => {
    const asked: unknown[] = [];
    const execution = await kernel.client.execute(
      "const name = prompt('Name? '); const key = prompt.password('Key? '); [name, key]",
      {
        onInput: (prompt, password) => {
          asked.push([prompt, password]);
          return password ? "secret" : "한글 😀";
        },
      },
    );
    expect(asked).toEqual([
      ["Name? ", false],
      ["Key? ", true],
    ]);
    expect(resultText(execution)).toBe("[ '한글 😀', 'secret' ]");
  });

  test("is synchronous, and what was printed before is shown before the question", async () => {
    const order: string[] = [];
    await kernel.client.execute(
      "console.log('before');\nfor (const i of [1, 2]) console.log(i, prompt(`${i}`));",
      {
        onOutput: (output) => order.push(output.output_type === "stream" ? output.text : ""),
        onInput: async (prompt) => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          order.push(`asked ${prompt}`);
          return "x";
        },
      },
    );
    expect(order).toEqual(["before\n", "asked 1", "1 x\n", "asked 2", "2 x\n"]);
  });

  test("takes the default for an empty answer", async () => {
    const answer = async (typed: string) => {
      let asked = "";
      const execution = await kernel.client.execute("prompt('Size', '3')", {
        onInput: (prompt) => {
          asked = prompt;
          return typed;
        },
      });
      return [asked, resultText(execution)];
    };
    expect(await answer("")).toEqual(["Size [3] ", "'3'"]);
    expect(await answer("4")).toEqual(["Size [3] ", "'4'"]);
  });

  test("has a type in cells", async () => {
    const { error } = await kernel.client.execute("const n: number = prompt.password('x')");
    expect(error?.evalue).toMatch(/'string' is not assignable to type 'number'/);
  });

  test.each(["prompt('?')", "prompt.password('?')"])(
    "fails at once where no one can be asked: %s",
    async (code) => {
      const { error } = await kernel.client.execute(code);
      expect(error?.ename).toBe("StdinNotImplementedError");
      expect(error?.evalue).toMatch(/allow_stdin is false/);
    },
  );

  test("ends the cell when it is interrupted, and a late answer is not the next question's", async () => {
    let asked!: () => void;
    const question = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answerLate!: (text: string) => void;
    const late = new Promise<string>((resolve) => {
      answerLate = resolve;
    });
    const waiting = kernel.client.execute("prompt('for ever')", {
      onInput: () => {
        asked();
        return late;
      },
    });
    await question;
    await kernel.client.interrupt();
    expect((await waiting).error?.ename).toBe("Interrupted");
    const next = await kernel.client.execute("prompt('next')", {
      onInput: () => {
        answerLate("late");
        return new Promise((resolve) => setTimeout(resolve, 200, "own"));
      },
    });
    expect(resultText(next)).toBe("'own'");
  });

  test("can be declared again by a cell", async () => {
    expect(await kernel.evaluate("const prompt = (n: number) => 2 * n; prompt(2)")).toBe("4");
  });

  test("keeps the other channels alive while it waits", async () => {
    const { content } = await new Promise<Awaited<ReturnType<typeof kernel.client.request>>>((resolve) => {
      void kernel.client.execute("globalThis.prompt('?')", {
        onInput: async () => {
          resolve(await kernel.client.request("control", "kernel_info_request", {}));
          return "";
        },
      });
    });
    expect(content.status).toBe("ok");
    expect(streamText(await kernel.client.execute("console.log('done')"))).toBe("done\n");
  });
});

describe("confirm and alert", () => {
  const answered = (code: string, typed: string) => kernel.client.execute(code, { onInput: () => typed });

  test("ask for yes or no", async () => {
    for (const [typed, meant] of Object.entries({
      y: true,
      " Yes ": true,
      n: false,
      "": false,
      yesterday: false,
    })) {
      expect(resultText(await answered("confirm('Delete?')", typed))).toBe(String(meant));
    }
    const { error } = await kernel.client.execute("confirm('Delete?')");
    expect(error).toMatchObject({
      ename: "StdinNotImplementedError",
      evalue: expect.stringMatching(/^confirm: no one can be asked/) as string,
    });
  });

  test("show a text and wait, or print it where no one can be asked", async () => {
    const asked: string[] = [];
    const onInput = (prompt: string) => {
      asked.push(prompt);
      return "";
    };
    expect((await kernel.client.execute("alert('Done')", { onInput })).outputs).toEqual([]);
    expect(asked).toEqual(["Done [Enter] "]);
    expect(await kernel.printed("alert('Done')")).toBe("Done\n");
  });
});

describe("a readline interface on process.stdin", () => {
  const ask = async (code: string) => {
    const asked: string[] = [];
    const execution = await kernel.client.execute(code, {
      onInput: (prompt) => {
        asked.push(prompt);
        return `answer ${asked.length}`;
      },
    });
    return { asked, printed: streamText(execution), error: execution.error };
  };

  test.each([
    [
      "node:readline/promises",
      "const a = await rl.question('one? '); const b = await rl.question('two? ', {}); rl.close(); console.log(a, b);",
    ],
    [
      "readline",
      "await new Promise<void>((done) => rl.question('one? ', (a) => rl.question('two? ', {}, (b) => { rl.close(); console.log(a, b); done(); })));",
    ],
    [
      "node:readline",
      "const question = promisify(rl.question).bind(rl) as any; console.log(await question('one? '), await question('two? ')); rl.close();",
    ],
    [
      "node:readline",
      "const lines: string[] = []; rl.setPrompt('one? '); const two = new Promise<void>((done) => rl.on('line', (line) => { if (lines.push(line) === 2) done(); else { rl.setPrompt('two? '); rl.prompt(); } })); rl.prompt(); await two; rl.close(); console.log(...lines);",
    ],
  ])("asks the user, by %s: %s", async (module, code) => {
    const start = `import { createInterface } from "${module}"; import { promisify } from "node:util";
      { const rl = createInterface({ input: process.stdin, output: process.stdout });`;
    expect(await ask(`${start} ${code} }`)).toEqual({
      asked: ["one? ", "two? "],
      printed: "answer 1 answer 2\n",
      error: undefined,
    });
  });

  test("fails where no one can be asked, and leaves other interfaces alone", async () => {
    const { error } = await kernel.client.execute(
      `import * as promises from "node:readline/promises"; import { Readable } from "node:stream";
       await promises.createInterface({ input: process.stdin }).question("?")`,
    );
    expect(error?.ename).toBe("StdinNotImplementedError");
    expect(
      await kernel.evaluate(
        'await promises.createInterface({ input: Readable.from(["line\\n"]) }).question("?")',
      ),
    ).toBe("'line'");
  });
});
