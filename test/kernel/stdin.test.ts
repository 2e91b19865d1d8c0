// `prompt()` in a cell, answered by a client over the stdin channel.
import { describe, expect, it } from "vitest";
import { resultText, streamText, useKernel } from "../support/kernel.js";

const kernel = useKernel();

describe("prompt", () => {
  it("asks the client that runs the cell and returns what was typed", async () => {
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

  it("is synchronous, and what was printed before is shown before the question", async () => {
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

  it("takes the default for an empty answer", async () => {
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

  it("has types", async () => {
    const { error } = await kernel.client.execute("const n: number = prompt.password('x')");
    expect(error?.evalue).toMatch(/'string' is not assignable to type 'number'/);
  });

  it.each(["prompt('?')", "prompt.password('?')"])(
    "fails at once where nobody can be asked: %s",
    async (code) => {
      const { error } = await kernel.client.execute(code);
      expect(error?.ename).toBe("StdinNotImplementedError");
      expect(error?.evalue).toMatch(/allow_stdin is false/);
    },
  );

  it("that is interrupted ends the cell, and its late answer is not the next question's", async () => {
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

  it("can be named again by a cell", async () => {
    expect(await kernel.evaluate("const prompt = (n: number) => 2 * n; prompt(2)")).toBe("4");
  });

  it("keeps the other channels alive while it waits", async () => {
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
