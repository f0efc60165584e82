package io.nfspawn.vcfmerge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Maven leaves the version in every jar. */
final class VersionFromJar implements IVersionProvider {
  private static final String FILE = "/META-INF/maven/io.nfspawn/vcf-merge/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = VersionFromJar.class.getResourceAsStream(FILE)) {
      if (in != null) {
        properties.load(in);
      }
    }
    return new String[] {"vcf-merge " + properties.getProperty("version", "(not packaged)")};
  }
}
