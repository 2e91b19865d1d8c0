// The notebooks' files, by number; verdicts link to them.

export const notebookFiles: Readonly<Record<string, string>> = {
  "00": "00_start_here.ipynb",
  "01": "01_rnn.ipynb",
  "02": "02_vanishing_gradients.ipynb",
  "03": "03_exploding_gradients.ipynb",
  "04": "04_lstm_gates.ipynb",
  "05": "05_lstm_forward.ipynb",
  "06": "06_lstm_backward.ipynb",
  "07": "07_update_and_train.ipynb",
  "08": "08_lstm_from_scratch.ipynb",
  "09": "09_derivatives.ipynb",
};
