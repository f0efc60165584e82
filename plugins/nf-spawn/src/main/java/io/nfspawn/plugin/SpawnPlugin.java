package io.nfspawn.plugin;

import nextflow.plugin.BasePlugin;
import org.pf4j.PluginWrapper;

/** What Nextflow loads; the extensions are listed in {@code META-INF/extensions.idx}. */
public final class SpawnPlugin extends BasePlugin {

  public SpawnPlugin(PluginWrapper wrapper) {
    super(wrapper);
    PluginHome.load(wrapper.getPluginPath(), wrapper.getDescriptor().getVersion());
  }
}
