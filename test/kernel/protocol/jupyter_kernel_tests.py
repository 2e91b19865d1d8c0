"""jupyter_kernel_test's suite with samples for this kernel; the kernelspec is found through JUPYTER_PATH."""

import unittest

import jupyter_kernel_test


class UnrolledKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "unrolled"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Number.isI", "matches": {"isInteger"}},
        {"text": "[1].flatM", "matches": {"flatMap"}},
    ]
    complete_code_samples = ["1 + 1", "function f(x: number) { return x }", "await Promise.resolve(1)", ""]
    incomplete_code_samples = ["for (const i of [1]) {", "f(1,", "const text = `open"]
    invalid_code_samples = ["const = 3", "let 1a = 2", "}"]
    code_page_something = "import { page } from 'unrolled/display'; page('long text')"
    code_generate_error = "throw new RangeError('boom')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((x) => 2 * x)", "result": "[ 2, 4 ]"},
        {"code": "'Jupyter'.length", "result": "7"},
        {
            "code": "({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'point',"
            " description: 'one point', data: { values: [{ x: 1 }] }, encoding: { x: { field: 'x' } } })",
            "mime": "application/vnd.vegalite.v5+json",
        },
    ]
    code_display_data = [
        {"code": "import { html } from 'unrolled/display'; html('<b>bold</b>')", "mime": "text/html"},
        {"code": "import { latex } from 'unrolled/display'; latex('$x$')", "mime": "text/latex"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ?*7"
    code_inspect_sample = "parseInt"
    code_clear_output = "import { clearOutput } from 'unrolled/display'; console.log(1); clearOutput()"


if __name__ == "__main__":
    unittest.main()
