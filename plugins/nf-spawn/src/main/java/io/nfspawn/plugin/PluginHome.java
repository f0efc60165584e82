package io.nfspawn.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory the plugin was loaded from: docs/architecture.md, "Where the programs lie".
 *
 * @param path the real directory; Nextflow loads plugins through a link in the launch directory
 * @param version the plugin's
 */
record PluginHome(Path path, String version) {
  private static volatile @Nullable PluginHome present;

  /** Set when Nextflow loads the plugin. */
  static void load(Path pluginPath, String version) {
    try {
      present = new PluginHome(pluginPath.toRealPath(), version);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the plugin's own directory " + pluginPath, e);
    }
  }

  static PluginHome present() {
    PluginHome home = present;
    if (home == null) {
      throw new IllegalStateException("the plugin nf-spawn was not loaded by Nextflow");
    }
    return home;
  }

  Path toolsLib() {
    return path.resolve("tools").resolve("lib");
  }

  Path bin() {
    return path.resolve("bin");
  }
}
