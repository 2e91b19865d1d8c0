// JupyterLab compiles a validator of each extension's settings before it draws anything. Nothing needs to be
// validated where the user has changed nothing, and that is nearly all.

import { DefaultSchemaValidator, SettingRegistry as JupyterLabs } from "@jupyterlab/settingregistry";
import { defaultSettings } from "./default_settings.js";

class Validator {
  #compiling;

  validateData(plugin, populate = true) {
    if (plugin.raw.trim() !== "{}") {
      this.#compiling ??= new DefaultSchemaValidator();
      return this.#compiling.validateData(plugin, populate);
    }
    if (populate) plugin.data = { composite: defaultSettings(plugin.schema), user: {} };
    return null;
  }
}

export class SettingRegistry extends JupyterLabs {
  constructor(options) {
    super({ ...options, validator: new Validator() });
  }
}
