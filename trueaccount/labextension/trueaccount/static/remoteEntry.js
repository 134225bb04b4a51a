// What JupyterLab and Notebook 7 load: hands them the plugin in extension.js. There is no build step.
(() => {
  const here = document.currentScript.src;
  let shared; // Jupyter's own modules, by name and version

  async function load(name) {
    const [version] = Object.values(shared[name]);
    return (await version.get())();
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.trueaccount = {
    init: async (scope) => {
      shared = scope;
    },
    get: async () => {
      const { plugin } = await import(new URL("./extension.js", here));
      const [notebook, services] = await Promise.all(
        ["notebook", "services"].map((name) => load(`@jupyterlab/${name}`)),
      );
      const made = plugin({ notebook, services });
      return () => ({ __esModule: true, default: made });
    },
  };
})();
