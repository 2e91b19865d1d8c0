// The language process where there is no snapshot of it.

import { serve } from "./serve.js";

serve();
